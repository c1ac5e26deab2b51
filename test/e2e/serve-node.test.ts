import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { multiaddr } from '@multiformats/multiaddr';
import { MemoryBlockstore } from 'blockstore-core/memory';
import { MemoryDatastore } from 'datastore-core/memory';
import { base32 } from 'multiformats/bases/base32';
import { CID } from 'multiformats/cid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseName } from '../../src/node/names/name.ts';
import { readNameRecord } from '../../src/node/names/record.ts';
import { openNetworkNode } from '../../src/node/network/network-node.ts';
import { makeRepository, type RunningProgram, type TestRepository } from '../helpers/program.ts';
import { publishIn, sourceOf } from './support.ts';

interface Listening {
  http: string;
  peerId: string;
  multiaddrs: string[];
  ipns: string;
  edition: string | null;
  metrics: string;
}

async function serveIn(
  repository: TestRepository,
  ...args: string[]
): Promise<{ program: RunningProgram; report: Listening }> {
  const program = repository.start(['serve', '--json', '--http', '127.0.0.1:0', ...args]);
  return { program, report: JSON.parse(await program.readLine()) };
}

async function numberOf(metrics: string, name: string): Promise<number | undefined> {
  const text = await (await fetch(`${metrics}/metrics`)).text();
  const line = text.split('\n').find((each) => each.startsWith(`${name} `));
  return line === undefined ? undefined : Number(line.split(' ')[1]);
}

/** The first answer that is one. */
async function eventually<T>(ask: () => Promise<T | undefined>): Promise<T> {
  for (const until = performance.now() + 10_000; performance.now() < until; await sleep(50)) {
    const answer = await ask();
    if (answer !== undefined) return answer;
  }
  throw new Error('there was no answer');
}

describe('ovn serve', () => {
  let repository: TestRepository;
  beforeAll(async () => {
    repository = await makeRepository({ articles: { 'ferry.md': sourceOf({ title: 'Ferry' }) } });
  });
  afterAll(() => repository[Symbol.asyncDispose]());

  it('says in one line where everything is, and works where nothing is published', async () => {
    const { program, report } = await serveIn(repository);
    await using _program = program;
    expect(Object.keys(report).sort()).toEqual([
      'edition',
      'followed',
      'http',
      'ipns',
      'metrics',
      'multiaddrs',
      'peerId',
    ]);
    expect(report).toMatchObject({ edition: null, ipns: expect.stringMatching(/^k51/) });
    expect(report.multiaddrs.length).toBeGreaterThan(0);
    for (const address of report.multiaddrs) {
      expect(address).toMatch(/^\/ip4\/127\.0\.0\.1\//);
      expect(address.endsWith(`/p2p/${report.peerId}`)).toBe(true);
    }
    expect(await (await fetch(`${report.metrics}/healthz`)).json()).toEqual({ ok: true, reasons: [] });
    expect((await fetch(`${report.metrics}/`)).status).toBe(404);
    expect((await fetch(`${report.metrics}/metrics`, { method: 'POST' })).status).toBe(405);
    expect(await numberOf(report.metrics, 'ovn_edition_sequence')).toBeUndefined();

    await publishIn(repository.dir, { env: {} });
    const published = performance.now();
    while ((await numberOf(report.metrics, 'ovn_name_left_seconds')) === undefined) await sleep(20);
    expect(performance.now() - published).toBeLessThan(5000);
    const page = await fetch(`${report.http}/ipns/${report.ipns}/`, { redirect: 'manual' });
    expect([200, 301]).toContain(page.status);
    const numbers = await (await fetch(`${report.metrics}/metrics`)).text();
    expect(numbers).toMatch(/^ovn_edition_sequence 1$/m);
    expect(numbers).toMatch(/^ovn_http_requests_total\{kind="name",status="\d+"\} 1$/m);
    expect(numbers).toMatch(/^process_resident_memory_bytes \d/m);
  });

  it('lets its name follow what another process publishes', async () => {
    const { program, report } = await serveIn(repository);
    await using _program = program;
    writeFileSync(join(repository.dir, 'articles/ferry.md'), sourceOf({ title: 'Ferry', body: 'Sunk.\n' }));
    const { edition } = await publishIn(repository.dir, { env: {} });
    const begun = performance.now();
    const root = async () =>
      (await fetch(`${report.http}/ipns/${report.ipns}/?format=raw`)).headers.get('x-ipfs-roots');
    while ((await root()) !== edition) {
      expect(performance.now() - begun).toBeLessThan(5000);
      await sleep(20);
    }
    const record = await fetch(`${report.http}/routing/v1/ipns/${report.ipns}`);
    expect(record.status).toBe(200);
    const bytes = await record.bytes();
    const again = await fetch(`${report.http}/routing/v1/ipns/${report.ipns}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/vnd.ipfs.ipns-record' },
      body: bytes,
    });
    expect(again.status).toBe(200);
  });

  it('gives its name to whoever asks over the DHT, and says there what it has', async () => {
    const { program, report } = await serveIn(repository);
    await using _program = program;
    const stores = { blockstore: new MemoryBlockstore(), datastore: new MemoryDatastore() };
    const listen = [multiaddr('/ip4/127.0.0.1/tcp/0')];
    await using peer = await openNetworkNode(stores, {
      listen,
      bootstrap: [],
      public: false,
      quic: false,
      dht: true,
    });
    const signal = AbortSignal.timeout(20_000);
    await peer.dial(multiaddr(report.multiaddrs[0]), { signal });
    const name = parseName(report.ipns);
    if (name === undefined || report.edition === null) throw new Error('it has no name');
    const bytes = await eventually(async () => (await peer.nameRouter?.get(name, { signal })) ?? undefined);
    expect((await readNameRecord(name, bytes)).value).toBe(`/ipfs/${report.edition}`);
    expect(await eventually(() => numberOf(report.metrics, 'ovn_provided_roots'))).toBeGreaterThan(0);
    const edition = CID.parse(report.edition);
    const provider = await eventually(async () => {
      for await (const { id } of peer.helia.routing.findProviders(edition, { signal })) return `${id}`;
      return undefined;
    });
    expect(provider).toBe(`${parseName(report.peerId)?.toString(base32)}`);
  }, 30_000);

  it('is the same peer after a restart', async () => {
    const peers: string[] = [];
    for (let run = 0; run < 2; run++) {
      const { program, report } = await serveIn(repository);
      await using _program = program;
      peers.push(report.peerId);
    }
    expect(peers[0]).toBe(peers[1]);
  });

  it('serves the web site alone with --no-node', async () => {
    const { program, report } = await serveIn(repository, '--no-node');
    await using _program = program;
    expect(report).toMatchObject({ peerId: null, multiaddrs: [] });
    expect((await fetch(report.http)).status).toBe(200);
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('ends on %s with a slow download open', async (signal) => {
    const { program, report } = await serveIn(repository);
    await using _program = program;
    const { port, host } = new URL(report.http);
    const socket = connect(Number(port), '127.0.0.1').on('error', () => undefined);
    socket.write(`GET /?format=car HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
    await once(socket, 'readable');
    const begun = performance.now();
    program.process.kill(signal);
    const { code, stdout } = await program.ended;
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(performance.now() - begun).toBeLessThan(2000);
    socket.destroy();
  });

  it('says which address is taken or wrong', async () => {
    const { program, report } = await serveIn(repository);
    await using _program = program;
    const port = (url: string) => new URL(url).port;
    const node = report.multiaddrs[0]?.replace(/\/p2p\/.*/, '') ?? '';
    const refused = async (...args: string[]) => repository.run(['serve', '--http', '127.0.0.1:0', ...args]);
    const metrics = await refused('--metrics', `127.0.0.1:${port(report.metrics)}`);
    expect(metrics).toMatchObject({ code: 1, stderr: expect.stringContaining('--metrics ADDRESS:PORT') });
    const listen = await refused('--listen', node);
    expect(listen).toMatchObject({ code: 1, stdout: '' });
    expect(listen.stderr).toContain(node);
    expect(listen.stderr).toContain('--listen');
    expect(await refused('--listen', 'nowhere')).toMatchObject({ code: 2 });
    expect(await refused('--metrics', 'nowhere')).toMatchObject({ code: 2 });
  });

  it('names each line of a denylist that it does not understand', async () => {
    const file = join(repository.dir, 'bad.deny');
    writeFileSync(file, '# fine\n/ipfs/nonsense\n\nwhat\n');
    const { code, stderr } = await repository.run(['serve', '--http', '127.0.0.1:0', '--deny', file]);
    expect(code).toBe(1);
    expect(stderr).toContain(`${file}:2: error`);
    expect(stderr).toContain(`${file}:4: error`);
    const missing = await repository.run(['serve', '--http', '127.0.0.1:0', '--deny', `${file}.none`]);
    expect(missing).toMatchObject({ code: 1, stderr: expect.stringContaining('cannot be read') });
  });
});
