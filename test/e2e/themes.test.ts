import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CID } from 'multiformats/cid';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { STYLE_CSS } from '../../src/article/style.ts';
import { checkTheme } from '../../src/theme/check-theme.ts';
import { GUARD_STYLE } from '../../src/theme/guard-style.ts';
import { samplePages } from '../../src/theme/sample-pages.ts';
import {
  findBarriers,
  noBrowser,
  openBrowser,
  openPage,
  scrollsSideways,
  showAs,
  type WatchedPage,
} from '../helpers/browser.ts';
import { Newsroom, source } from '../helpers/newsroom.ts';
import { makeRepository } from '../helpers/program.ts';
import { filesBelow } from '../helpers/site-files.ts';
import { EXAMPLE, filesOf, CID as THEME } from '../theme/support.ts';

const ORIGIN = 'http://127.0.0.1';

/** What a style may try that is not plain to see in its text: everything here passes the check. */
const HOSTILE = `
@layer first { * { visibility: hidden !important } }
* { visibility: hidden !important; opacity: 0 !important; content-visibility: hidden !important }
body { position: absolute !important; left: 9999px !important; clip-path: inset(50%) !important }
main, article, header, footer, .body { max-height: 0 !important; overflow: hidden !important; contain: strict !important }
h1, .notice, .download { transform: scale(0) !important; filter: opacity(0) !important; text-indent: 9999px !important }
.outlet, .tagline, .corrections { mask: linear-gradient(transparent, transparent) !important; zoom: 0.001 !important }
.body p { -webkit-text-fill-color: rgb(0 0 0 / 0) !important; translate: 9999px !important; animation: gone 1s forwards !important }
@keyframes gone { to { display: none; visibility: hidden } }
@starting-style { h1, .byline { opacity: 0 !important; visibility: hidden !important } }
h1, .byline { transition: all 9999s !important }
pre, .table { opacity: 0 !important; position: absolute !important; clip-path: inset(50%) !important; max-height: 0 !important }
.sections, .notice { offset-path: path("M -9999 -9999 L -9998 -9999") !important; -webkit-mask-box-image: linear-gradient(transparent, transparent) !important }
* { pointer-events: none !important }
`;

const GUARDED = [
  '.outlet',
  '.tagline',
  'h1',
  '.sections',
  '.byline',
  '.body > p',
  '.body pre',
  '.body .table',
  '.notice',
  '.corrections',
  '.download',
];

/** The elements that are not to be seen: without a box, not painted, cut away, out of the page or under something. */
const UNSEEN = `(selectors) => selectors.filter((selector) => {
  const element = document.querySelector(selector);
  element.scrollIntoView();
  const { left, top, width, height } = element.getBoundingClientRect();
  const isPainted = element.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true, contentVisibilityAuto: true });
  const isFilled = getComputedStyle(element).webkitTextFillColor === getComputedStyle(element).color;
  const hit = document.elementFromPoint(left + Math.min(width, innerWidth) / 2, top + Math.min(height, 20) / 2);
  const isHit = hit !== null && (element.contains(hit) || hit.contains(element));
  return !(isPainted && isFilled && isHit && width > 20 && height > 8 && left >= 0 && left + 20 < innerWidth);
})`;

describe.skipIf(noBrowser)('a theme in a browser', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser.close());

  /** A page, and where its files come from. */
  async function openFiles(files: ReadonlyMap<string, string>): Promise<WatchedPage> {
    const watched = await openPage(browser);
    await watched.page.route('**/*', (route) => {
      const path = decodeURI(new URL(route.request().url()).pathname).slice(1);
      const body = files.get(path === '' || path.endsWith('/') ? `${path}index.html` : path);
      if (body === undefined) return route.fulfill({ status: 404 });
      const isStyle = path.endsWith('.css');
      return route.fulfill({ body, contentType: isStyle ? 'text/css' : 'text/html; charset=utf-8' });
    });
    return watched;
  }

  it('cannot hide what every page must show', async () => {
    const theme = checkTheme(THEME, filesOf({ 'style.css': HOSTILE }), 'theme');
    const style = Buffer.from(theme.style).toString('utf8');
    const html = samplePages(theme.look)[1] ?? '';
    const unseen = async (css: string): Promise<string[]> => {
      await using watched = await openFiles(
        new Map([
          ['a.html', html],
          ['style.css', css],
        ]),
      );
      await watched.page.goto(`${ORIGIN}/a.html`);
      return await watched.page.evaluate(`(${UNSEEN})(${JSON.stringify(GUARDED)})`);
    };
    expect(await unseen(style)).toEqual([]);
    expect(await unseen(style.slice(GUARD_STYLE.length))).toEqual(GUARDED);
  });

  it('is read without a barrier: the example, on its front page, an article, and in its bundle', async () => {
    const newsroom = await Newsroom.open();
    cpSync(EXAMPLE, newsroom.path('theme'), { recursive: true });
    newsroom.configure({ theme: 'theme' });
    const dot =
      '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9" width="9" height="9"><path d="M0 0h9v9z"/></svg>';
    newsroom.write('theme/media/dot.svg', dot);
    newsroom.write('theme/style.css', `${STYLE_CSS} .outlet::before { content: url("media/dot.svg") }`);
    const corrections = '[{date: 2026-01-06, text: It was red.}]';
    newsroom.write('articles/a.md', source({ title: 'One', corrections, summary: 'In short.' }));
    const { edition } = await newsroom.publish();
    const files = await newsroom.use(({ node }) => filesBelow(CID.parse(edition), node.read));
    await using watched = await openFiles(files);
    const { page } = watched;
    for (const [scheme, width] of [
      ['light', 1200],
      ['dark', 380],
    ] as const) {
      await showAs(page, scheme, { width, height: 800 });
      for (const path of ['', 'articles/2026/01/05/a.html', 'articles/2026/01/05/a/']) {
        await page.goto(`${ORIGIN}/${path}`);
        expect([path, await findBarriers(page), await scrollsSideways(page)]).toEqual([path, [], false]);
      }
    }
    expect(watched.complaints).toEqual([]);
  });
});

describe('ovn with a theme', () => {
  it('shows it in a preview, publishes by it, and makes anew what was published', async () => {
    await using repository = await makeRepository({ articles: { 'a.md': source({ slug: 'a' }) } });
    const { dir, run } = repository;
    expect((await run(['publish'])).code).toBe(0);
    cpSync(EXAMPLE, join(dir, 'theme'), { recursive: true });
    const settings = join(dir, 'ovn.json');
    writeFileSync(settings, JSON.stringify({ name: 'P', tagline: '', language: 'en', theme: 'theme' }));
    const sheet = join(dir, 'theme/additions.css');
    await using running = repository.start(['preview', '--port', '0', '--json']);
    const { url } = JSON.parse(await running.readLine()) as { url: string };
    const shown = async (path: string): Promise<string> => (await fetch(new URL(path, url))).text();
    expect(await shown('articles/2026/01/05/a.html')).toContain('class="kicker"');
    const ending = new AbortController();
    const { body } = await fetch(new URL('.preview/events', url), { signal: ending.signal });
    const events = body?.getReader();
    await events?.read();
    writeFileSync(sheet, 'p { color: teal }');
    await events?.read();
    expect(await shown('style.css')).toContain('teal');
    writeFileSync(sheet, 'h1 { display: none }');
    await events?.read();
    expect(await shown('')).toContain(
      'theme/additions.css:1: &quot;display&quot; as it is here could hide &lt;h1&gt;',
    );
    expect(await shown('style.css')).toContain('teal');
    ending.abort();
    const refused = await run(['publish']);
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('theme/additions.css:1: ')]);
    writeFileSync(sheet, 'p { color: teal }');
    const anew = await run(['publish', '--rerender', 'a']);
    expect(anew.stdout).toContain('Published edition 2: 1 article made anew, all pages made anew.');
    expect((await run(['publish', '--rerender'])).stdout).toContain('Nothing has changed');
    expect((await run(['history', 'a'])).stdout).toMatch(/ 2 {2}bafy\w+ {2}\S+ {2}rerender {2}edition 2/);
    expect((await run(['verify'])).code).toBe(0);
    expect((await run(['check'])).code).toBe(0);
    expect((await run(['publish', '--rerender', '--watch'])).code).toBe(2);
  });
});
