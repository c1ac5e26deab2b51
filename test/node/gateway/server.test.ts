import { once } from 'node:events';
import { request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { GatewayEffects } from '../../../src/node/gateway/messages.ts';
import { type GatewayServer, listen, SERVER_LIMITS } from '../../../src/node/gateway/server.ts';
import { rawCid } from '../../../src/unixfs/hash.ts';
import { concat, ovnStream } from '../../helpers/streams.ts';
import { Site } from './site.ts';

const LOOPBACK = { host: '127.0.0.1', port: 0 };
const big = concat(ovnStream(32 * 1024 * 1024));

describe('the server', () => {
  let site: Site;
  let server: GatewayServer;
  let sockets: Socket[];
  beforeEach(async () => {
    site = new Site();
    sockets = [];
    await site.publish({
      'index.html': '<p>front',
      'big.bin': big,
      articles: { 'index.html': '<p>all' },
      'last.txt': 'last',
    });
  });
  afterEach(async () => {
    for (const socket of sockets) socket.destroy();
    await server[Symbol.asyncDispose]();
  });

  function effects(): GatewayEffects {
    return {
      read: site.blocks.read,
      head: () => site.head?.toString(),
      onDefect: (error) => site.defects.push(error),
    };
  }

  async function start(limits: Partial<typeof SERVER_LIMITS> = {}): Promise<void> {
    server = await listen(LOOPBACK, effects(), { ...SERVER_LIMITS, ...limits });
  }

  /** Sends bytes and gives the connection back. */
  async function dial(text: string): Promise<Socket> {
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
    sockets.push(socket);
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    socket.write(text);
    return socket;
  }

  it('answers over HTTP', async () => {
    await start();
    const response = await fetch(`${server.url}/articles`);
    expect(response.url).toBe(`${server.url}/articles/`);
    expect(await response.text()).toBe('<p>all');
    const head = await fetch(`${server.url}/big.bin`, { method: 'HEAD' });
    expect(head.headers.get('content-length')).toBe(String(big.length));
    const range = await fetch(`${server.url}/big.bin`, { headers: { range: 'bytes=-4' } });
    expect(range.status).toBe(206);
    expect(await range.bytes()).toEqual(big.slice(-4));
  });

  it('sends large files whole, however slowly they are taken', async () => {
    await start();
    const exchange = request(`${server.url}/big.bin`).end();
    const [response] = await once(exchange, 'response');
    await sleep(200);
    // The kernel's buffers hold some; what they do not hold has not been read.
    expect(site.blocks.reads).toBeLessThan(28);
    expect(Buffer.compare(await buffer(response), big)).toBe(0);
  });

  it('stops reading when the client goes away', async () => {
    await start();
    const socket = await dial('GET /big.bin HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await once(socket, 'data');
    socket.destroy();
    await sleep(200);
    const { reads } = site.blocks;
    await sleep(100);
    expect(site.blocks.reads).toBe(reads);
    expect(reads).toBeLessThan(28);
    expect(site.defects).toEqual([]);
  });

  it.each(['1.0', '1.1'])(
    'breaks the connection off under a CAR that is not whole (HTTP/%s)',
    async (version) => {
      await start();
      site.blocks.delete(rawCid(Buffer.from('last')));
      const socket = await dial(`GET /?format=car HTTP/${version}\r\nHost: localhost\r\n\r\n`);
      const end = new Promise<string>((resolve) => {
        socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? ''));
        socket.on('end', () => resolve('end'));
      });
      socket.resume();
      expect(await end).toBe('ECONNRESET');
      expect(site.defects).toEqual([expect.objectContaining({ code: 'incomplete' })]);
      await expect(fetch(`${server.url}/?format=car`).then((response) => response.bytes())).rejects.toThrow();
    },
  );

  it('refuses other hosts on loopback', async () => {
    await start();
    const [response] = await once(
      request(`${server.url}/`, { headers: { host: 'evil.example' } }).end(),
      'response',
    );
    expect(response.statusCode).toBe(403);
    response.resume();
  });

  it('answers hosts on loopback that lead to a site by DNSLink', async () => {
    const mapped = `/ipfs/${(await site.add('<p>mapped')).cid}`;
    server = await listen(LOOPBACK, {
      ...effects(),
      lookUpSite: async (host) => (host === 'news.example' ? mapped : undefined),
    });
    for (const [host, status] of [
      ['news.example', 200],
      ['evil.example', 403],
      ['news-example.ipns.localhost', 200],
    ] as const) {
      const [response] = await once(request(`${server.url}/`, { headers: { host } }).end(), 'response');
      expect([host, response.statusCode]).toEqual([host, status]);
      response.resume();
    }
  });

  it('takes in a record that is put', async () => {
    const putNameRecord = async (_: string, bytes: Uint8Array) =>
      ({ status: 200, message: Buffer.from(bytes).toString() }) as const;
    server = await listen(LOOPBACK, { ...effects(), putNameRecord });
    const name = 'k51qzi5uqu5dk3v4rmjber23h16xnr23bsggmqqil9z2gduiis5se8dht36dam';
    const headers = { 'content-type': 'application/vnd.ipfs.ipns-record' };
    const put = (body: string) =>
      fetch(`${server.url}/routing/v1/ipns/${name}`, { method: 'PUT', headers, body });
    expect(await (await put('record')).text()).toBe('record\n');
    expect((await put('x'.repeat(10 * 1024 + 1))).status).toBe(413);
  });

  it.each([
    ['GET http://evil.example/ HTTP/1.1\r\nHost: localhost', 400],
    ['GET //evil.example HTTP/1.1\r\nHost: localhost', 400],
    ['GET /../ HTTP/1.1\r\nHost: localhost', 400],
    ['GET / HTTP/1.1', 400],
    ['POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0', 405],
    ['OPTIONS * HTTP/1.1\r\nHost: localhost', 405],
    [`GET /${'a'.repeat(20_000)} HTTP/1.1\r\nHost: localhost`, 431],
    ['nonsense', 400],
  ])('answers "%.40s" with %i', async (head, status) => {
    await start();
    const socket = await dial(`${head}\r\n\r\n`);
    const [answer] = await once(socket, 'data');
    expect(String(answer)).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  });

  it('lets go of clients that stall', async () => {
    await start({ stall: 200 });
    const silent = await dial('');
    const stalled = await dial('GET /big.bin HTTP/1.1\r\nHost: localhost\r\n\r\n');
    stalled.pause();
    await Promise.all([once(silent.resume(), 'close'), until(() => site.blocks.reads > 2)]);
    await sleep(500);
    const { reads } = site.blocks;
    expect((await fetch(`${server.url}/`)).status).toBe(200);
    expect(reads).toBeLessThan(28);
    await once(stalled.resume(), 'close');
    expect(site.blocks.reads).toBeLessThan(28 + 2);
  });

  it('answers so many at a time', async () => {
    await start({ requests: 1 });
    const socket = await dial('GET /big.bin HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await once(socket, 'data');
    socket.pause();
    const refused = await fetch(`${server.url}/`);
    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).toBe('1');
    socket.destroy();
    await until(async () => (await fetch(`${server.url}/`)).status === 200);
  });

  it('ends at once, with connections open and a file under way', async () => {
    await start();
    const idle = await dial('');
    const busy = await dial('GET /big.bin HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await once(busy, 'data');
    busy.pause();
    const before = performance.now();
    await server[Symbol.asyncDispose]();
    expect(performance.now() - before).toBeLessThan(500);
    await Promise.all([once(idle.resume(), 'close'), once(busy.resume(), 'close')]);
    expect(site.defects).toEqual([]);
    await start();
  });

  it('says what is wrong with an address', async () => {
    await start();
    const port = Number(new URL(server.url).port);
    await expect(listen({ host: '127.0.0.1', port }, effects())).rejects.toMatchObject({ code: 'busy' });
    await expect(listen({ host: '192.0.2.1', port: 0 }, effects())).rejects.toMatchObject({ code: 'usage' });
  });
});

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await sleep(10);
}
