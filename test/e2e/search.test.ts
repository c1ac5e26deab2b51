import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { writeFolder } from '../../src/workflows/write-folder.ts';
import {
  clearPage,
  findBarriers,
  noBrowser,
  openBrowser,
  openPage,
  scrollsSideways,
  showAs,
  type WatchedPage,
} from '../helpers/browser.ts';
import { type FileServer, startFileServer } from '../helpers/file-server.ts';
import { temporaryFolder } from '../helpers/folder.ts';
import { Newsroom } from '../helpers/newsroom.ts';
import { type RunningProgram, startOvn } from '../helpers/program.ts';
import { sharedFolder } from './support.ts';

/** Articles without which everything would be in one wave: they are in shards, in the wave before and in the newest. */
const FILLERS = 520;

/** Day, headline and body of articles that are looked for. The first is in a shard, the last ones in the newest wave. */
const STORIES = {
  meteor23: ['2023-02-01', 'Meteor over the harbour', 'Seen by many.', 'en'],
  meteor24: [
    '2024-12-30',
    'Night in the hills',
    'A meteor, and another meteor. The meteor was bright.',
    'en',
  ],
  meteor25: ['2025-12-30', 'Glaciers <b>retreat</b>', 'Meteor dust, says Vandermeer.', 'en'],
  arabic: ['2023-03-03', 'المدينة القديمة تفتح أبوابها', 'نص.', 'ar'],
  chinese: ['2025-12-31', '全球气候变化报告', '正文。', 'zh'],
  russian: ['2024-06-06', 'Москва открывает новую станцию', 'Текст.', 'ru'],
} as const;

const folder = sharedFolder();
let room: Newsroom;
let edition: string;
let program: RunningProgram;
let browser: Browser;
let watched: WatchedPage;
let http: string;

function write(name: string, [date, title, body, language]: readonly [string, string, string, string]): void {
  const head = [`title: ${JSON.stringify(title)}`, `date: ${date}`, `slug: ${name}`, `lang: ${language}`];
  room.write(`articles/${name}.md`, `---\n${[...head, 'categories: [World]'].join('\n')}\n---\n${body}\n`);
}

beforeAll(async () => {
  if (noBrowser !== undefined) return;
  room = await Newsroom.in(folder);
  for (let at = 0; at < FILLERS; at++) {
    const date = new Date(Date.UTC(2023, 0, 1) + at * 2 * 86_400_000).toISOString().slice(0, 10);
    write(`filler-${at}`, [date, `Report ${at}`, `Word${at} of the filler.`, 'en']);
  }
  for (const [name, story] of Object.entries(STORIES)) write(name, story);
  edition = (await room.publish()).edition;
  program = startOvn(['serve', '--any', '--json', '--http', '127.0.0.1:0'], { cwd: room.dir });
  http = JSON.parse(await program.readLine()).http;
  browser = await openBrowser();
  watched = await openPage(browser);
}, 60_000);
afterAll(async () => {
  await browser?.close();
  await program?.[Symbol.asyncDispose]();
});
beforeEach(async ({ skip }) => {
  skip(noBrowser !== undefined, noBrowser);
  await clearPage(watched);
});

/** What the page says once it has an answer, and the headlines that it lists. */
async function answer(page: Page): Promise<{ says: string; found: string[] }> {
  await page.locator('#status:not(:empty):not(:has-text("Searching"))').waitFor();
  const found = await page.locator('#results h2').allTextContents();
  return { says: (await page.locator('#status').textContent()) ?? '', found };
}

/** Opens the page with a question in its address. */
async function ask(base: string, question: string, { page } = watched) {
  await clearPage(watched);
  await page.goto(`${base}/search.html#${new URLSearchParams({ q: question })}`);
  return answer(page);
}

describe('search.html of ovn serve', () => {
  it('finds words in every script, from all segments in one ranking, and leads to the article', async () => {
    const { page, complaints } = watched;
    expect(await ask(http, 'meteor')).toEqual({
      says: 'Articles found: 3',
      found: [STORIES.meteor23[1], STORIES.meteor24[1], STORIES.meteor25[1]],
    });
    for (const [question, story] of [
      ['مدينة', STORIES.arabic],
      ['气候', STORIES.chinese],
      ['МОСКВА', STORIES.russian],
      ['glac', STORIES.meteor25],
      ['vandermeer', STORIES.meteor25],
      ['word7 filler', ['', 'Report 7']],
    ] as const)
      expect(await ask(http, question), question).toMatchObject({
        found: expect.arrayContaining([story[1]]),
      });
    expect(await page.locator('#results mark').allTextContents()).toEqual([]);
    await ask(http, 'harbour meteor');
    expect(await page.locator('#results mark').allTextContents()).toEqual(['Meteor', 'harbour']);
    await page.getByRole('link', { name: STORIES.meteor23[1] }).click();
    await page.waitForURL(`${http}/articles/2023/02/01/meteor23.html`);
    expect(complaints).toEqual([]);
  });

  it('answers while it is written, ten at a time, and says where there is nothing', async () => {
    const { page, complaints } = watched;
    await page.goto(http);
    await page.getByRole('link', { name: 'Search', exact: true }).click();
    await page.waitForURL(`${http}/search.html`);
    const field = page.getByRole('searchbox');
    expect(await page.evaluate('document.activeElement.id')).toBe('q');
    await field.pressSequentially('report');
    expect(await answer(page)).toMatchObject({ says: `Articles found: ${FILLERS}` });
    expect(page.url()).toBe(`${http}/search.html#q=report`);
    expect(await page.locator('#results > li').count()).toBe(10);
    await page.getByRole('button', { name: 'Show more' }).press('Enter');
    await page.locator('#results > li').nth(19).waitFor();
    expect(await page.evaluate('document.activeElement.textContent')).toBe(
      await page.locator('#results h2').nth(10).textContent(),
    );
    await field.fill('zyzzyva');
    await field.press('Enter');
    await page.getByText('No article was found').waitFor();
    expect(await page.locator('#results > li').count()).toBe(0);
    expect(await page.getByRole('button', { name: 'Show more' }).isVisible()).toBe(false);
    await field.fill('');
    await page.locator('#status:empty').waitFor({ state: 'attached' });
    expect(complaints).toEqual([]);
  });

  it('works below /ipfs/<cid>/, on a host of its own, and on plain hosting', async () => {
    expect(await ask(`${http}/ipfs/${edition}`, 'meteor')).toMatchObject({ says: 'Articles found: 3' });
    const { port } = new URL(http);
    expect(await ask(`http://${edition}.ipfs.localhost:${port}`, 'meteor')).toMatchObject({
      says: 'Articles found: 3',
    });
    const site = join(temporaryFolder(), 'site');
    const { signal } = new AbortController();
    mkdirSync(join(site, 'paper'), { recursive: true });
    for (const name of ['search.html', 'search.js', 'search.css', 'style.css'])
      writeFileSync(join(site, 'paper', name), await room.read(edition, name));
    const { cid } = await room.link(edition, 'search');
    await room.use(({ node }) => writeFolder(cid, join(site, 'paper', 'search'), node.read, signal));
    await using plain: FileServer = await startFileServer(site);
    await clearPage(watched);
    await watched.page.goto(`${plain.url}/paper/search.html?q=%E6%B0%94%E5%80%99`);
    expect(await answer(watched.page)).toMatchObject({ found: [STORIES.chinese[1]] });
    expect(plain.asked.filter((path) => !/^\/(?:paper\/|favicon)/.test(path))).toEqual([]);
  });

  it.each([
    ['is not there', { status: 404 }, 'This copy of the paper does not have the search index'],
    ['is broken', { status: 200, body: Buffer.from([1, 5, 99, 3]) }, 'The search index cannot be read'],
    ['does not come', undefined, 'The search index could not be fetched'],
  ])('says so where a segment %s, and searches again when asked', async (_, given, said) => {
    await using other = await openPage(browser);
    const { page } = other;
    const shards = '**/words/*.bin';
    await page.route(shards, (route) => (given === undefined ? route.abort() : route.fulfill(given)));
    await page.goto(`${http}/search.html#q=meteor`);
    await page.getByText(said).waitFor();
    await page.unroute(shards);
    await page.getByRole('button', { name: 'Search' }).click();
    await page.getByText('Articles found: 3').waitFor();
  });

  it('says what to do without scripts, and runs no other script than its own', async () => {
    await using quiet = await openPage(browser, { javaScriptEnabled: false });
    await quiet.page.goto(`${http}/search.html`);
    expect(await quiet.page.locator('form').isVisible()).toBe(false);
    await quiet.page.locator('#status').getByRole('link', { name: 'Archive' }).click();
    await quiet.page.waitForURL(`${http}/articles/`);
    const { headers } = await fetch(`${http}/search.html`);
    expect(headers.get('content-security-policy')).toMatch(/script-src 'sha256-[\w+/=]+';/);
  });

  it('keeps nobody out, in light and dark, on a desk and in a hand', async () => {
    const { page, complaints } = watched;
    for (const [colour, width] of [
      ['light', 320],
      ['dark', 1280],
    ] as const) {
      await showAs(page, colour, { width, height: 700 });
      await ask(http, 'report');
      expect(await findBarriers(page)).toEqual([]);
      expect(await scrollsSideways(page)).toBe(false);
    }
    expect(complaints).toEqual([]);
  });
});
