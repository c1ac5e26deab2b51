import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { temporaryFolder } from '../helpers/folder.ts';
import { noKubo, startKubo } from '../helpers/kubo.ts';
import { makeRepository, type RunningProgram, runOvn, startOvn } from '../helpers/program.ts';

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

it.skipIf(noKubo)(
  'a fresh Kubo reads a paper by its name when only a mirror is left',
  async () => {
    await using paper = await makeRepository({
      articles: { 'a.md': '---\ntitle: A\ndate: 2025-07-07\ncategories: [News]\n---\nText.\n' },
    });
    expect(await paper.run(['publish'])).toMatchObject({ code: 0 });
    await using publisher = await serveIn(paper.dir);
    const { ipns: name, edition, http } = publisher.report;
    await vi.waitFor(
      async () => expect((await fetch(`${http}/ipns/${name}/feed.json`)).status).toBe(200),
      10_000,
    );
    const dir = join(temporaryFolder(), 'mirror');
    expect(await runOvn(['init', dir, '--mirror'])).toMatchObject({ code: 0 });
    expect(await runOvn(['follow', http], { cwd: dir })).toMatchObject({ code: 0 });
    publisher.process.kill('SIGKILL');
    await publisher.ended;
    rmSync(paper.dir, { recursive: true });

    await using mirror = await serveIn(dir);
    await using kubo = await startKubo({ routing: 'dht' });
    await kubo.ipfs('swarm', 'connect', mirror.report.multiaddrs[0] ?? '');
    const resolve = () => kubo.ipfs('name', 'resolve', '--nocache', name);
    await vi.waitFor(async () => expect(await resolve()).toBe(`/ipfs/${edition}`), 20_000);
    const feed = await (await fetch(`${mirror.report.http}/feed.json`)).text();
    expect(await kubo.ipfs('cat', `/ipns/${name}/feed.json`)).toBe(feed.trimEnd());
    expect(await kubo.ipfs('pin', 'add', '--progress=false', edition)).toContain('pinned');
  },
  90_000,
);
