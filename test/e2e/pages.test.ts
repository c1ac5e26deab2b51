import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { elements } from '../article/support.ts';
import {
  clearPage,
  findBarriers,
  noBrowser,
  openBrowser,
  openPage,
  scrollsSideways,
  showAs,
} from '../helpers/browser.ts';
import { findWeaknesses } from '../helpers/content-policy.ts';
import { startFileServer } from '../helpers/file-server.ts';
import { invalid } from '../helpers/html-validity.ts';
import { jsonFeedObjections } from '../helpers/json-feed-schema.ts';
import { brokenIn, follow } from '../helpers/links.ts';
import { Newsroom, source } from '../helpers/newsroom.ts';
import { checkBySchema, checkFiles, noJava } from '../helpers/nu-html-checker.ts';
import { kindOf, PAGE_KINDS, SHOWN } from '../helpers/page-kinds.ts';
import { PROJECT, type RunningProgram, startOvn } from '../helpers/program.ts';
import { exportTo, openSite, SITE_NOW } from '../helpers/site.ts';
import { sharedFolder } from './support.ts';

const folder = sharedFolder();
/** The edition in English and the same paper's in Arabic, a category and bundles alone; each a folder, as plain hosting has it. */
const SITE = join(folder, 'site');
const ARABIC = join(folder, 'arabic');
const ALONE = {
  'a category': join(folder, 'world'),
  'a bundle': join(folder, 'long-words'),
  'a corrected bundle': join(folder, 'corrected'),
};

/** What pages say in the language of the outlet: those that are not in the language of their article. */
const IN_ITS_LANGUAGE = SHOWN.filter((path) => !/^(?:revisions|articles\/(?:\d+\/){3}(?!index))/.test(path));

let newsroom: Newsroom;
let edition: string;

beforeAll(async () => {
  newsroom = await openSite(join(folder, 'paper'));
  const published = await newsroom.publish({ now: SITE_NOW });
  edition = published.edition;
  await exportTo(SITE, edition, newsroom);
  const cidOf = (slug: string) => published.articles.find(({ id }) => id?.endsWith(`/${slug}`))?.cid ?? '';
  await exportTo(ALONE['a category'], published.categories['world']?.cid ?? '', newsroom);
  await exportTo(ALONE['a bundle'], cidOf('long-words'), newsroom);
  await exportTo(ALONE['a corrected bundle'], cidOf('corrected'), newsroom);
  const settings = readFileSync(newsroom.path('ovn.json'));
  const named = { name: 'صحيفة الميناء', tagline: 'أخبار الساحل', url: 'https://harbour.example/' };
  newsroom.configure({ language: 'ar', ...named });
  const arabic = await newsroom.publish({ now: new Date(SITE_NOW.getTime() + 60_000) });
  await exportTo(ARABIC, arabic.edition, newsroom);
  newsroom.write('ovn.json', settings);
});

/** The text of every file of a folder by its path. */
function textsOf(root: string): Map<string, string> {
  const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = files.map(({ parentPath, name }) => join(parentPath, name).slice(root.length + 1));
  return new Map(paths.map((path) => [path, readFileSync(join(root, path), 'utf8')]));
}

const isPage = (path: string): boolean => path.endsWith('.html');
const readPage = (path: string, root = SITE): string => readFileSync(join(root, path), 'utf8');

describe('the pages of an edition', () => {
  it('are each of a kind that is looked at here, and every kind is there', () => {
    const pages = readdirSync(SITE, { recursive: true, encoding: 'utf8' }).filter(isPage);
    expect(pages.filter((path) => kindOf(path) === undefined)).toEqual([]);
    expect(PAGE_KINDS.filter(({ path }) => !pages.some((page) => path.test(page)))).toEqual([]);
    for (const { path, shown } of PAGE_KINDS)
      for (const page of shown)
        expect([page, path.test(page), pages.includes(page)]).toEqual([page, true, true]);
  });

  it('hold against the Nu Html Checker, with their style and drawings', ({ skip }) => {
    skip(noJava !== undefined, noJava);
    const paths = [
      ...SHOWN.map((path) => `site/${path}`),
      ...IN_ITS_LANGUAGE.map((path) => `arabic/${path}`),
      ...['style.css', 'verify.css', 'id.svg'].map((path) => `site/${path}`),
    ];
    const said = checkFiles(folder, paths).map(({ path, text }) => `${path}: ${text}`);
    expect(said.filter((each) => !EXPLAINED.some(({ remark }) => remark.test(each)))).toEqual([]);
    expect(EXPLAINED.filter(({ remark }) => !said.some((each) => remark.test(each)))).toEqual([]);
  });

  it('hold against html-validate', () => {
    const found = (root: string) => (path: string) =>
      invalid(readPage(path, root)).map((said) => `${path}:${said}`);
    expect([...SHOWN.flatMap(found(SITE)), ...IN_ITS_LANGUAGE.flatMap(found(ARABIC))]).toEqual([]);
  });

  it('lead nowhere that is not there: in an edition, in a category and in bundles alone', () => {
    const site = textsOf(SITE);
    expect(brokenIn(site)).toEqual([]);
    const { reached } = follow('index.html', site);
    const missed = [...site.keys()].filter((path) => isPage(path) && !reached.has(path));
    // Earlier revisions are found in the log; a category has a whole of its own, to which one link leads.
    expect(missed.filter((path) => !/^404\.html$|^revisions\/|^categories\/[^/]+\/./.test(path))).toEqual([]);
    for (const [what, root] of Object.entries(ALONE)) {
      const files = textsOf(root);
      expect([what, files.has('index.html'), brokenIn(files)]).toEqual([what, true, []]);
    }
  });

  it('allow nothing that a judge of content policies objects to, by themselves and as they are served', async () => {
    await using program = startServing();
    const { http } = JSON.parse(await program.readLine());
    for (const path of [...SHOWN, 'masthead/']) {
      const response = await fetch(`${http}/${path.replace(/index\.html$/, '')}`);
      const sent = response.headers.get('content-security-policy') ?? '';
      // A page cannot say who may frame it, and a browser says so when it tries: the server does.
      expect([path, sent]).toEqual([path, expect.stringContaining("frame-ancestors 'none'")]);
      const own = isPage(path) ? policyOf(await response.text()) : sent;
      const inside = isPage(path) ? own : '';
      expect([path, inside]).toEqual([path, expect.not.stringContaining('frame-ancestors')]);
      for (const policy of [sent, own]) {
        const found = findWeaknesses(policy).filter(
          (each) => kindOf(path)?.withoutScript === undefined || !isMeant(each),
        );
        expect([path, policy, found]).toEqual([path, expect.stringContaining("default-src 'none'"), []]);
      }
    }
  });
});

function startServing(): RunningProgram {
  return startOvn(['serve', '--http', '127.0.0.1:0', '--json'], { cwd: newsroom.dir });
}

/** The policy that a page says of itself. */
function policyOf(html: string): string {
  const [meta] = elements(html).filter(({ attrs }) =>
    attrs.some(({ value }) => value === 'Content-Security-Policy'),
  );
  return meta?.attrs.find(({ name }) => name === 'content')?.value ?? '';
}

/** What the Nu Html Checker warns of, and why it stays. */
const EXPLAINED: { remark: RegExp; why: string }[] = [
  {
    remark:
      /Resource violates Content Security Policy \(meta tag\): .* “[\w./-]+” blocked by “(?:style|img|script)-src” directive/,
    why: 'A file has no origin, so for the checker ’self’ admits nothing. The tests in Chromium below ask a server, and nothing is refused.',
  },
  {
    remark: /Inline script violates Content Security Policy .*<script type="application\/ld\+json">/s,
    why: 'JSON-LD is data: HTML’s "prepare the script element" ends before the policy is asked where the type is not one of a script.',
  },
];

/** What is found in the policies of pages that run a script, and why it stays. */
const MEANT: { weakness: RegExp; why: string }[] = [
  {
    weakness: /^script-src 'self': 'self' can be problematic if you host JSONP/,
    why: '`ovn serve` answers with files by their CIDs alone, and lets such a page run only beside this program’s own script.',
  },
  {
    weakness: /^connect-src http:\/\/(?:127\.0\.0\.1|localhost|\*\.localhost):\*: /,
    why: 'A reader may ask the gateway of their own node, which is on their own machine and has no certificate.',
  },
];

const isMeant = (found: string): boolean => MEANT.some(({ weakness }) => weakness.test(found));

describe('the feeds of an edition', () => {
  const feedsOf = (root: string, form: 'atom' | 'json') =>
    readdirSync(join(folder, root), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith(`.${form}`) && /(?:^|\/)feed(?:-\d\d)?\./.test(path))
      .map((path) => `${root}/${path}`);

  it('hold against the schema of RFC 4287', ({ skip }) => {
    skip(noJava !== undefined, noJava);
    const paths = [...feedsOf('site', 'atom'), ...feedsOf('arabic', 'atom')];
    expect(paths.length).toBeGreaterThan(60);
    expect(checkBySchema(join(PROJECT, 'test/fixtures/atom.rnc'), folder, paths)).toEqual([]);
  });

  it.each([
    ['site', false],
    ['arabic', true],
  ])('hold against the schema of JSON Feed 1.1: %s', (root, hasAddress) => {
    const paths = feedsOf(root, 'json');
    expect(paths.length).toBeGreaterThan(20);
    for (const path of paths) {
      const feed: unknown = JSON.parse(readFileSync(join(folder, path), 'utf8'));
      expect([path, jsonFeedObjections(feed, hasAddress)]).toEqual([path, []]);
    }
  });
});

describe.skipIf(noBrowser !== undefined)('the pages in a browser', () => {
  const DESK = { width: 1280, height: 800 };
  const HAND = { width: 320, height: 640 };
  let browser: Browser;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser?.close());

  it.each([
    ['left to right', SITE, SHOWN],
    ['right to left', ARABIC, IN_ITS_LANGUAGE],
  ])(
    'keep nobody out in light, dark and a hand, and nothing goes wrong in them: %s',
    async (_, root, paths) => {
      await using plain = await startFileServer(root);
      await using watched = await openPage(browser);
      const { page, complaints } = watched;
      for (const path of paths) {
        await clearPage(watched);
        await showAs(page, 'light', HAND);
        await page.goto(`${plain.url}/${path}`);
        const hand = { barriers: await findBarriers(page), scrolls: await scrollsSideways(page) };
        await showAs(page, 'light', DESK);
        const desk = { barriers: await findBarriers(page), scrolls: await scrollsSideways(page) };
        await showAs(page, 'dark', DESK);
        // Nothing but colours is another in the dark: src/article/style.ts, src/edition/verify-css.ts.
        const dark = { barriers: await findBarriers(page, ['color-contrast', 'link-in-text-block']) };
        const fine = { barriers: [], scrolls: false };
        expect({ path, complaints, hand, desk, dark }).toEqual({
          path,
          complaints: [],
          hand: fine,
          desk: fine,
          dark: { barriers: [] },
        });
      }
    },
  );

  it('keep dates whole behind names and headlines that end in Latin letters, from right to left', async () => {
    const paper = await Newsroom.open();
    paper.configure({ language: 'ar' });
    const fields = { categories: '[Tech, "G7+"]', authors: '[مراسلنا, BBC]' };
    for (const [name, date] of [
      ['first', '2026-01-03'],
      ['second', '2026-01-04'],
    ] as const)
      paper.write(`articles/${name}.md`, source({ ...fields, title: `آبل تطلق ${name}`, date }));
    await exportTo(join(folder, 'beirut-site'), (await paper.publish()).edition, paper);
    await using plain = await startFileServer(join(folder, 'beirut-site'));
    await using watched = await openPage(browser);
    await watched.page.goto(`${plain.url}/articles/2026/01/04/second.html`);
    // Where the pieces of a line stand: from right to left they follow each other, and none reaches into another.
    const order = (selectors: string[]): Promise<boolean> =>
      watched.page.evaluate(`${JSON.stringify(selectors)}
        .map((selector) => document.querySelector(selector).getBoundingClientRect())
        .every(({ right }, at, all) => at === 0 || right <= all[at - 1].left)`);
    expect(await order(['.authors', '.byline time'])).toBe(true);
    expect(await order(['.related .headlines a', '.related .headlines time'])).toBe(true);
    const plus = await watched.page.evaluate(`(() => {
      const item = document.querySelectorAll('.sections li')[1];
      const text = document.createTreeWalker(item, NodeFilter.SHOW_TEXT).nextNode();
      const leftOf = (from) => {
        const range = document.createRange();
        range.setStart(text, from);
        range.setEnd(text, from + 1);
        return range.getBoundingClientRect().left;
      };
      return [text.data, leftOf(0) < leftOf(2)];
    })()`);
    expect(plus).toEqual(['G7+', true]);
  });

  it('are complete without scripts', async () => {
    await using plain = await startFileServer(SITE);
    await using watched = await openPage(browser, { javaScriptEnabled: false });
    for (const path of SHOWN) {
      const { withoutScript } = kindOf(path) ?? {};
      const scripts = elements(readPage(path)).filter(({ tagName }) => tagName === 'script');
      const runs = scripts.filter(({ attrs }) => !attrs.some(({ value }) => value === 'application/ld+json'));
      expect([path, runs.length]).toEqual([path, withoutScript === undefined ? 0 : 1]);
      if (withoutScript === undefined) continue;
      await watched.page.goto(`${plain.url}/${path}`);
      expect(await watched.page.locator(withoutScript.at).textContent()).toContain(withoutScript.says);
    }
  });
});
