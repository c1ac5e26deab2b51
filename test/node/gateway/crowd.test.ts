import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type GatewayServer, listen, SERVER_LIMITS } from '../../../src/node/gateway/server.ts';
import { concat, ovnStream } from '../../helpers/streams.ts';
import { Site } from './site.ts';

const CROWD = fileURLToPath(new URL('../../helpers/crowd.ts', import.meta.url));
const NAME = 'k51qzi5uqu5dixoiwmpg43cabldc32ds4nrsmuwefnm7xb30ga45eu50qxxz0w';
const big = concat(ovnStream(32 * 1024 * 1024));

describe('whoever asks for little is answered', () => {
  let site: Site;
  let server: GatewayServer;
  let crowd: ChildProcess | undefined;
  beforeEach(async () => {
    site = new Site();
    await site.publish({ 'index.html': '<p>front', 'big.bin': big });
  });
  afterEach(async () => {
    crowd?.kill('SIGKILL');
    await server[Symbol.asyncDispose]();
  });

  async function start(limits: Partial<typeof SERVER_LIMITS> = {}): Promise<void> {
    const effects = {
      read: site.blocks.read,
      head: () => site.head?.toString(),
      putNameRecord: async () => ({ status: 200, message: 'taken' }) as const,
    };
    server = await listen({ host: '127.0.0.1', port: 0 }, effects, { ...SERVER_LIMITS, ...limits });
  }

  /** Connections of another process, which this one need not pay for. */
  async function gather(count: number, text = ''): Promise<void> {
    const args = [CROWD, new URL(server.url).port, String(count), text];
    crowd = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    if (crowd.stdout !== null) await once(createInterface(crowd.stdout), 'line');
  }

  /** Milliseconds that each of some answers took, each over a connection of its own. */
  async function ask(times: number): Promise<number[]> {
    const took: number[] = [];
    for (let at = 0; at < times; at++) {
      const begun = performance.now();
      const response = await fetch(server.url, {
        headers: { connection: 'close' },
        signal: AbortSignal.timeout(5000),
      });
      expect(await response.text()).toBe('<p>front');
      took.push(performance.now() - begun);
    }
    return took;
  }

  it('while 10,000 connections do nothing', async () => {
    await start();
    await gather(10_000);
    expect(server.connections()).toBeLessThanOrEqual(SERVER_LIMITS.connections);
    expect(median(await ask(20))).toBeLessThan(1000);
  }, 60_000);

  it('while others never come to the end of their head', async () => {
    await start({ connections: 64 });
    await gather(500, 'GET / HTTP/1.1\\r\\nHost: localhost\\r\\nX-A: ');
    expect(median(await ask(20))).toBeLessThan(1000);
  }, 30_000);

  it('while others ask for much and read nothing', async () => {
    await start({ connections: 128, requests: 8 });
    await gather(100, 'GET /big.bin HTTP/1.1\\r\\nHost: localhost\\r\\n\\r\\n');
    const answered: number[] = [];
    for (let at = 0; at < 40; at++) {
      const response = await fetch(server.url, { signal: AbortSignal.timeout(5000) });
      answered.push(response.status);
      await response.body?.cancel();
      await new Promise((resolve) => setTimeout(resolve, 150));
    }
    // Where eight take all there is, one must have gone for each that came, once it was known to be slow.
    expect(answered.slice(20).filter((status) => status === 200).length).toBeGreaterThanOrEqual(18);
  }, 30_000);

  it('while others never come to the end of what they send', async () => {
    await start({ connections: 128, requests: 8 });
    const head = `PUT /routing/v1/ipns/${NAME} HTTP/1.1\\r\\nHost: localhost\\r\\nContent-Type: application/vnd.ipfs.ipns-record\\r\\nContent-Length: 500\\r\\n\\r\\nx`;
    await gather(8, head);
    const answered: number[] = [];
    for (let at = 0; at < 40; at++) {
      const response = await fetch(server.url, { signal: AbortSignal.timeout(5000) });
      answered.push(response.status);
      await response.body?.cancel();
      await new Promise((resolve) => setTimeout(resolve, 150));
    }
    expect(answered[0]).toBe(503);
    expect(answered.slice(20).filter((status) => status === 200).length).toBeGreaterThanOrEqual(18);
  }, 30_000);
});

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
