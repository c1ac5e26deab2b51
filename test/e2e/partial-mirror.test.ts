import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { FollowReport } from '../../src/workflows/following/follow.ts';
import type { VerifyReport } from '../../src/workflows/verify.ts';
import { type RunningProgram, runOvn, startOvn } from '../helpers/program.ts';
import { CLOCK, makeIn, type Published, publishIn, readJson, sharedFolder, sourceOf } from './support.ts';

const MIRRORS = ['https://full.example', '/dns4/peer.example/tcp/4001'];

describe('a mirror of one category, whose publisher is gone', () => {
  const folder = sharedFolder();
  const mirror = join(folder, 'mirror');
  let published: Published;
  const misspelt: Awaited<ReturnType<typeof runOvn>>[] = [];
  let followed: FollowReport;
  let small: { code: number | string; report: FollowReport };
  let url: string;
  /** What was asked while the publisher was there: an article of another category, and all of the edition. */
  let fetched: { article: string; verified: VerifyReport; code: number | string };

  beforeAll(async () => {
    const dir = await makeIn(folder, {
      'first-light.md': sourceOf({ categories: ['Science'] }),
      'harbour.md': sourceOf({ title: 'Harbour', categories: ['Science', 'World'] }),
      'ferry.md': sourceOf({ title: 'Ferry', categories: ['World'] }),
    });
    const settings = JSON.parse(readFileSync(join(dir, 'ovn.json'), 'utf8')) as object;
    writeFileSync(join(dir, 'ovn.json'), JSON.stringify({ ...settings, mirrors: MIRRORS }));
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
    for (const slugs of [['sceince'], ['science', 'wrold']])
      for (const dry of [[], ['--dry-run']]) {
        const flags = slugs.flatMap((slug) => ['--category', slug]);
        misspelt.push(await ovn('follow', url, ...flags, ...dry));
      }
    const { code, stdout } = await ovn('verify', '--gateway', url, '--json');
    const { stdout: text } = await ovn('get', 'ferry', '--gateway', url);
    fetched = { article: text, verified: JSON.parse(stdout) as VerifyReport, code };
    await serving[Symbol.asyncDispose]();
  });

  it('is told of a category that is misspelt, and keeps what was chosen', async () => {
    expect(misspelt.map(({ code, stderr }) => [code, stderr])).toEqual([
      ...Array(2).fill([
        2,
        expect.stringMatching(/^ovn: the edition has no category sceince\nIt has: .*science/),
      ]),
      ...Array(2).fill([2, expect.stringContaining('the edition has no category wrold')]),
    ]);
    const list = readJson<{ choice: { categories: string[] } }[]>(await ovn('follow', '--json'));
    expect(list.map(({ choice }) => choice.categories)).toEqual([['science']]);
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
    const list = readJson<{ id: string; cid: string; status: string }[]>(await ovn('list', '--json'));
    expect(list.map(({ status }) => status)).toEqual(['published', 'published']);
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

  it('gets the rest of others where it is told whom to ask, and keeps nothing of it', async () => {
    expect(fetched.article).toContain('Text of the article.');
    expect(fetched.code).toBe(0);
    const results = fetched.verified.checks.map(({ name, result }) => `${name} ${result}`);
    for (const name of ['articles', 'categories', 'log-articles', 'whole'])
      expect(results).toContain(`${name} pass`);
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

  it('answers readers of its site who want the rest with its other mirrors', async () => {
    await using serving = startOvn(['serve', '--http', '127.0.0.1:0', '--no-node', '--no-sync', '--json'], {
      cwd: mirror,
      env: CLOCK,
    });
    const { http } = JSON.parse(await serving.readLine()) as { http: string };
    const path = 'articles/2025/07/07/ferry.html';
    const ask = (address: string, accept = 'text/html') =>
      fetch(`${http}/${address}`, { headers: { accept } });
    // The front page links to it.
    expect(await (await ask('')).text()).toContain(`href="${path}"`);
    const page = await ask(path);
    expect(page.status).toBe(404);
    const html = await page.text();
    expect(html).toContain('<h1>Not held here</h1>');
    expect(html).toMatch(
      new RegExp(`<a href="https://full\\.example/ip[fn]s/[a-z0-9]+/${path}" rel="noreferrer">`),
    );
    expect(html).toContain('<li>/dns4/peer.example/tcp/4001</li>');
    // Whoever was asked when it came is nobody's business.
    expect(html).not.toContain(new URL(url).host);
    const block = await ask(`ipfs/${published.edition}/${path}?format=raw`);
    expect(block.status).toBe(404);
    expect(await block.json()).toMatchObject({
      error: 'not-held',
      publication: published.publication,
      path: `/ipfs/${published.edition}/${path}`,
      mirrors: MIRRORS,
    });
    expect((await ask('categories/science/2025/07/07/harbour/')).status).toBe(200);
    // The page of search says by itself that there is no index.
    for (const name of ['search.html', 'search.js', 'search.css']) expect((await ask(name)).status).toBe(200);
    expect((await ask('search/index.bin')).status).toBe(404);
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
