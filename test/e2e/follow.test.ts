import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seeded } from '../../bench/random.ts';
import { writeSynthetic } from '../../bench/synthetic.ts';
import type { Followed } from '../../src/repo/followed.ts';
import type { SyncReport } from '../../src/workflows/following/sync.ts';
import { SOME_ID } from '../helpers/mirror-server.ts';
import { startRouterServer } from '../helpers/naming.ts';
import { type ProgramResult, type RunningProgram, runOvn, startOvn } from '../helpers/program.ts';
import {
  CLOCK,
  copyTo,
  failuresOf,
  makeIn,
  type Published,
  publishIn,
  readJson,
  removeCopy,
  sharedFolder,
  sourceOf,
  writeSources,
} from './support.ts';

/** Moments at which a mirror is cut off. The bar of issue 6 is 50; that takes two minutes. */
const KILLS = Number(process.env['OVN_TEST_KILLS'] ?? 4);
const ARTICLES = 150;

describe('a mirror of a paper that is served', () => {
  const folder = sharedFolder();
  let paper: string;
  let served: RunningProgram;
  let url: string;
  let first: Published;
  let empty: string;

  beforeAll(async () => {
    paper = await makeIn(folder);
    await writeSynthetic(join(paper, 'articles'), ARTICLES);
    first = await publishIn(paper);
    served = startOvn(['serve', '--http', '127.0.0.1:0', '--json', '--no-node'], { cwd: paper, env: CLOCK });
    url = (JSON.parse(await served.readLine()) as { http: string }).http;
    empty = join(folder, 'empty');
    readJson(await runOvn(['init', '--mirror', empty, '--json']));
  }, 60_000);

  afterAll(() => served[Symbol.asyncDispose]());

  function ovn(dir: string, ...args: string[]): Promise<ProgramResult> {
    return runOvn(args, { cwd: dir, env: CLOCK });
  }

  async function listed(dir: string): Promise<Followed[]> {
    return readJson(await ovn(dir, 'follow', '--json'));
  }

  it('holds nothing or all of an edition, whenever it is cut off, and finishes', {
    timeout: KILLS * 20_000,
  }, async () => {
    const warm = copyTo(folder, empty);
    await ovn(warm, 'follow', url); // the program's compile cache is warm from here on
    const timed = copyTo(folder, empty);
    const started = performance.now();
    await ovn(timed, 'follow', url);
    const duration = performance.now() - started;
    const random = seeded(20260110);
    let killed = 0;
    for (let at = 0; at < KILLS; at++) {
      const dir = copyTo(folder, empty);
      await using program = startOvn(['follow', url], { cwd: dir, env: CLOCK });
      await Promise.race([setTimeout(((at + random()) / KILLS) * 0.9 * duration), program.ended]);
      program.process.kill('SIGKILL');
      if ((await program.ended).code === 'SIGKILL') killed += 1;
      expect(await failuresOf(dir)).toEqual([]);
      const before = await listed(dir);
      for (const { edition, whole } of before) expect([edition, whole]).toEqual([first.edition, true]);
      const target = before.length === 0 ? ['follow', url] : ['sync'];
      expect(await ovn(dir, ...target, '--json')).toMatchObject({ code: 0 });
      expect(await listed(dir)).toMatchObject([{ edition: first.edition, whole: true, problem: null }]);
      expect(await failuresOf(dir)).toEqual([]);
      removeCopy(dir);
    }
    expect(killed).toBeGreaterThan(0);
  });

  it('is followed by its address, kept up to date, listed and let go of', { timeout: 60_000 }, async () => {
    const dir = copyTo(folder, empty);
    await using router = await startRouterServer();
    const said = await ovn(dir, 'follow', url, '--router', router.url);
    expect(said).toMatchObject({ code: 0, stdout: expect.stringContaining('Licence:   none stated') });
    expect(said.stdout).toContain(first.publication);

    writeSources(join(paper, 'articles'), { 'one-more.md': sourceOf({ title: 'One more' }) });
    const second = await publishIn(paper);
    router.asked.length = 0;
    const [foreseen] = readJson<SyncReport[]>(await ovn(dir, 'sync', '--dry-run', '--json'));
    expect(foreseen).toMatchObject({ outcome: 'moved', sequence: 2 });
    const [moved] = readJson<SyncReport[]>(await ovn(dir, 'sync', first.publication, '--json'));
    expect(moved).toMatchObject({ outcome: 'moved', edition: second.edition, problem: null, failures: [] });
    expect(moved?.fetched.blocks).toBeLessThan(60);
    expect(router.asked).toContainEqual(expect.stringMatching(/^GET k51/)); // it was named at the beginning only
    const verified = await ovn(dir, 'verify', second.edition);
    expect(verified).toMatchObject({ code: 0, stdout: expect.stringContaining('current') });

    const unnamed = await ovn(dir, 'follow', '--category', 'science');
    expect(unnamed).toMatchObject({ code: 2, stderr: expect.stringContaining('what is to be followed') });
    const nobody = await ovn(dir, 'sync', '--offline', '--json');
    expect(nobody.code).toBe(3);
    expect((await ovn(dir, 'follow', 'http://127.0.0.1:9/')).code).toBe(3);
    const other = copyTo(folder, empty);
    expect((await ovn(other, 'follow', url, '--publication', SOME_ID)).code).toBe(3);
    expect(await listed(other)).toMatchObject([{ publication: SOME_ID, edition: null }]);
    expect(await ovn(dir, 'publish')).toMatchObject({ code: 2, stderr: expect.stringContaining('mirror') });

    expect(await ovn(dir, 'unfollow', first.publication, '--dry-run')).toMatchObject({ code: 0 });
    expect(await listed(dir)).toMatchObject([{ edition: second.edition }]);
    expect(await ovn(dir, 'unfollow', url)).toMatchObject({ code: 0 });
    expect(await listed(dir)).toEqual([]);
    expect(await ovn(dir, 'gc')).toMatchObject({ code: 0, stdout: expect.stringContaining('0 blocks stay') });
  });
});
