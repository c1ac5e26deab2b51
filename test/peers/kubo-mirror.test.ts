import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { temporaryFolder } from '../helpers/folder.ts';
import { noKubo, startKubo } from '../helpers/kubo.ts';
import { makeRepository, type RunningProgram, runOvn, startOvn } from '../helpers/program.ts';

const RECORD = 'application/vnd.ipfs.ipns-record';

interface Listening {
  http: string;
  multiaddrs: string[];
  ipns: string;
  edition: string;
}

async function serveIn(dir: string): Promise<RunningProgram & { report: Listening }> {
  const program = startOvn(['serve', '--json', '--http', '127.0.0.1:0'], { cwd: dir });
  return { ...program, report: JSON.parse(await program.readLine()) };
}

/** A paper of which only a mirror is left, and the record of its name as the publisher gave it. */
async function leaveMirror() {
  await using paper = await makeRepository({
    articles: { 'a.md': '---\ntitle: A\ndate: 2025-07-07\ncategories: [News]\n---\nText.\n' },
  });
  expect(await paper.run(['publish'])).toMatchObject({ code: 0 });
  await using publisher = await serveIn(paper.dir);
  const { ipns: name, edition, http } = publisher.report;
  const ask = () => fetch(`${http}/routing/v1/ipns/${name}`, { headers: { accept: RECORD } });
  await vi.waitFor(async () => expect((await ask()).status).toBe(200), 10_000);
  const record = Buffer.from(await (await ask()).arrayBuffer());
  const dir = join(temporaryFolder(), 'mirror');
  expect(await runOvn(['init', dir, '--mirror'])).toMatchObject({ code: 0 });
  expect(await runOvn(['follow', http], { cwd: dir })).toMatchObject({ code: 0 });
  publisher.process.kill('SIGKILL');
  await publisher.ended;
  return { mirror: await serveIn(dir), name, edition, record };
}

describe.skipIf(noKubo)('a paper of which only a mirror is left', () => {
  it('is read by its name by a fresh Kubo', async () => {
    const left = await leaveMirror();
    await using mirror = left.mirror;
    const { name, edition } = left;
    await using kubo = await startKubo({ routing: 'dht' });
    await kubo.ipfs('swarm', 'connect', mirror.report.multiaddrs[0] ?? '');
    const resolve = () => kubo.ipfs('name', 'resolve', '--nocache', name);
    await vi.waitFor(async () => expect(await resolve()).toBe(`/ipfs/${edition}`), 20_000);
    const feed = await (await fetch(`${mirror.report.http}/feed.json`)).text();
    expect(await kubo.ipfs('cat', `/ipns/${name}/feed.json`)).toBe(feed.trimEnd());
    expect(await kubo.ipfs('pin', 'add', '--progress=false', edition)).toContain('pinned');
  }, 90_000);

  it('has the record of its name put into the DHT by the mirror, byte for byte: it outlives the mirror too', async () => {
    const left = await leaveMirror();
    await using mirror = left.mirror;
    const { name, edition, record } = left;
    await using kubo = await startKubo({ routing: 'dht' });
    await kubo.ipfs('swarm', 'connect', mirror.report.multiaddrs[0] ?? '');
    // While Kubo looks for it the mirror is halted: it can only find what it was given.
    const find = async () => {
      mirror.process.kill('SIGSTOP');
      try {
        const flags = ['--nocache', '--dht-record-count=1', '--dht-timeout=2s'];
        return (await kubo.run(['name', 'resolve', ...flags, name])).stdout.toString().trim();
      } finally {
        mirror.process.kill('SIGCONT');
      }
    };
    await vi.waitFor(async () => expect(await find()).toBe(`/ipfs/${edition}`), 30_000);
    mirror.process.kill('SIGKILL');
    await mirror.ended;
    const given = await kubo.run(['name', 'get', name]);
    expect(given.stdout.equals(record)).toBe(true);
  }, 90_000);
});
