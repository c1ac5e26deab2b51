import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { FollowReport } from '../../src/workflows/following/follow.ts';
import type { VerifyReport } from '../../src/workflows/verify.ts';
import { type RunningProgram, runOvn, startOvn } from '../helpers/program.ts';
import { CLOCK, makeIn, type Published, publishIn, readJson, sharedFolder, sourceOf } from './support.ts';

describe('a mirror of one category, whose publisher is gone', () => {
  const folder = sharedFolder();
  const mirror = join(folder, 'mirror');
  let published: Published;
  let followed: FollowReport;
  let small: { code: number | string; report: FollowReport };
  let url: string;

  beforeAll(async () => {
    const dir = await makeIn(folder, {
      'first-light.md': sourceOf({ categories: ['Science'] }),
      'harbour.md': sourceOf({ title: 'Harbour', categories: ['Science', 'World'] }),
      'ferry.md': sourceOf({ title: 'Ferry', categories: ['World'] }),
    });
    published = await publishIn(dir);
    const serving: RunningProgram = startOvn(['serve', '--http', '127.0.0.1:0', '--json'], {
      cwd: dir,
      env: CLOCK,
    });
    url = (JSON.parse(await serving.readLine()) as { http: string }).http;
    await runOvn(['init', '--mirror', mirror], { cwd: folder });
    const choice = ['--category', 'science', '--max-bytes', '5MB', '--since', '2025-01-01'];
    followed = readJson(await ovn('follow', url, ...choice, '--json'));
    const { publication } = published;
    const tiny = await ovn('follow', url, '--publication', publication, '--max-bytes', '10kB', '--json');
    small = { code: tiny.code, report: JSON.parse(tiny.stdout) as FollowReport };
    await ovn('follow', url, ...choice);
    await serving[Symbol.asyncDispose]();
  });

  function ovn(...args: string[]): ReturnType<typeof runOvn> {
    return runOvn(args, { cwd: mirror, env: CLOCK });
  }

  function article(name: string): string {
    return published.articles.find(({ id }) => id.endsWith(name))?.cid ?? '';
  }

  it('says what it holds, and what it left out', async () => {
    expect(followed).toMatchObject({ outcome: 'moved', problem: null, held: { whole: false } });
    expect(followed.held.left).toMatchObject({ articles: 1, why: ['category'] });
    expect(followed.held.bytes).toBeLessThan(5_000_000);
    expect((await ovn('follow')).stdout).toContain('left out: 1 article, about');
    const list = readJson<{ id: string; cid: string }[]>(await ovn('list', '--json'));
    expect(list.map(({ id }) => id)).toEqual(['2025/07/07/first-light', '2025/07/07/harbour']);
    expect(readJson(await ovn('categories', '--json'))).toMatchObject({
      science: { count: 2, held: 'whole' },
      world: { count: 2, held: 'none' },
    });
  });

  it('keeps what it has where a size is chosen that is too small for anything', () => {
    expect(small.code).toBe(3);
    expect(small.report).toMatchObject({
      outcome: 'kept',
      problem: { code: 'incomplete' },
      edition: published.edition,
    });
  });

  it('gives and verifies its articles, and its category as complete', async () => {
    expect((await ovn('get', 'first-light')).stdout).toContain('Text of the article.');
    for (const what of ['harbour', 'science', article('harbour')]) {
      const { code, stdout } = await ovn('verify', what, '--json');
      expect([what, code, (JSON.parse(stdout) as VerifyReport).ok]).toEqual([what, 0, true]);
    }
    const { code, stdout } = await ovn('verify', '--json');
    expect(code).toBe(3);
    const { ok, checks } = JSON.parse(stdout) as VerifyReport;
    expect(ok).toBe(true);
    expect(checks.find(({ name }) => name === 'whole')).toMatchObject({ result: 'not-checked' });
  });

  it('says of everything else that it does not hold it, with who may, and exit 3', async () => {
    for (const what of ['ferry', 'world', article('ferry'), `ipfs://${published.edition}/categories/world`]) {
      const { code, stderr } = await ovn(what === 'ferry' ? 'verify' : 'get', what);
      expect([what, code]).toEqual([what, 3]);
      expect(stderr).toContain('is not held');
      expect(stderr).toContain(new URL(url).host);
    }
    expect((await ovn('show', 'ferry')).code).toBe(3);
    expect((await ovn('get', 'nobody-wrote-this')).code).toBe(1);
  });

  it('is found sound by check, and loses nothing by gc', async () => {
    const freed = readJson<{ blocks: number }>(await ovn('gc', '--json'));
    expect(freed.blocks).toBeGreaterThanOrEqual(0);
    const { code, stdout } = await ovn('check');
    expect(stdout).not.toContain('FAIL');
    expect(code).toBe(0);
    expect((await ovn('get', 'harbour', '--format', 'json')).code).toBe(0);
  });
});
