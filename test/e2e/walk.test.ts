import { join } from 'node:path';
import type { Browser, Page, Response } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeSynthetic } from '../../bench/synthetic.ts';
import { noBrowser, openBrowser, openPage } from '../helpers/browser.ts';
import { type FileServer, startFileServer } from '../helpers/file-server.ts';
import { type RunningProgram, runOvn, startOvn } from '../helpers/program.ts';
import { exportTo, openSite, SITE_NOW } from '../helpers/site.ts';
import { sharedFolder } from './support.ts';

const CORRECTED = '2026/10/21/corrected';
/** Of a paper of a few years; what a page weighs must not depend on it. */
const ARTICLES = 300;
const KB = 1000;

/** What is weighed: in bytes, all that a browser fetched to show a page for the first time. */
const WEIGHTS = [
  { page: '', bytes: 50 * KB, requests: 4 },
  { page: `articles/${CORRECTED}.html`, bytes: 25 * KB, requests: 2 },
  { page: 'articles/2025/12/12/library-boat.html', bytes: 25 * KB, requests: 2 },
  { page: 'articles/2026/03/05/water-sharing-agreement.html', bytes: 25 * KB, requests: 2 },
  { page: 'articles/2026/04/16/night-train-returns/', bytes: 25 * KB, requests: 2 },
];

/** Where a reader may have come by the paper. */
const WAYS = ['ovn serve', 'below /ipfs/<cid>/', 'a subdomain', 'plain hosting'] as const;
type Way = (typeof WAYS)[number];

describe.skipIf(noBrowser !== undefined)('a reader', () => {
  const folder = sharedFolder();
  const STATIC = join(folder, 'site');
  let publication: string;
  let browser: Browser;
  let program: RunningProgram;
  let plain: FileServer;
  let starts: Record<Way, string>;

  beforeAll(async () => {
    const newsroom = await openSite(join(folder, 'paper'));
    // Small enough to be written out file by file.
    await exportTo(STATIC, (await newsroom.publish({ now: SITE_NOW })).edition, newsroom);
    plain = await startFileServer(STATIC);
    await writeSynthetic(newsroom.path('articles/synthetic'), ARTICLES);
    const published = await newsroom.publish({ now: SITE_NOW });
    publication = published.publication;
    program = startOvn(['serve', '--http', '127.0.0.1:0', '--json'], { cwd: newsroom.dir });
    const { http } = JSON.parse(await program.readLine());
    const { port } = new URL(http);
    starts = {
      'ovn serve': `${http}/`,
      'below /ipfs/<cid>/': `${http}/ipfs/${published.edition}/`,
      'a subdomain': `http://${published.edition}.ipfs.localhost:${port}/`,
      'plain hosting': `${plain.url}/`,
    };
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await program?.[Symbol.asyncDispose]();
    await plain?.[Symbol.asyncDispose]();
  });

  it.each(WAYS)('reads, finds a correction, takes an article along and checks it: %s', async (way) => {
    const start = starts[way];
    await using watched = await openPage(browser);
    const { page, complaints } = watched;
    await page.goto(start);
    await readAndComeBack(page, start);
    // Words of three scripts are searched for on the same four ways in test/e2e/search.test.ts.
    await findCorrection(page, start);
    const what = way === 'plain hosting' ? join(STATIC, 'articles', CORRECTED) : await download(page, folder);
    const verified = await runOvn(['verify', what, '--publication', publication, '--json'], { cwd: folder });
    expect(JSON.parse(verified.stdout)).toMatchObject({ ok: true, verdict: 'genuine' });
    await checkInBrowser(page, publication);
    expect(complaints).toEqual([]);
  });

  it('waits for little', async () => {
    for (const { page: path, bytes, requests } of WEIGHTS) {
      await using watched = await openPage(browser);
      const answers: Response[] = [];
      watched.page.on('response', (response) => answers.push(response));
      await watched.page.goto(starts['ovn serve'] + path);
      const sizes = await Promise.all(answers.map(async (answer) => (await answer.body()).length));
      const total = sizes.reduce((sum, size) => sum + size, 0);
      const light = total > 1000 && total <= bytes && answers.length <= requests;
      expect({ path, total, light, complaints: watched.complaints }).toEqual({
        path,
        total,
        light: true,
        complaints: [],
      });
    }
  });
});

/** To an article in two clicks, and back in one. */
async function readAndComeBack(page: Page, start: string): Promise<void> {
  await page.locator('.by-category').getByRole('link', { name: 'World', exact: true }).click();
  await page.waitForURL(`${start}categories/world.html`);
  await page.getByRole('link', { name: 'Ferry runs again, and later' }).click();
  await page.waitForURL(`${start}articles/${CORRECTED}.html`);
  expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Ferry runs again, and later');
  await page.getByRole('link', { name: 'Front page' }).click();
  await page.waitForURL(start);
}

/** By the list of corrections: the notice, and what was there before. */
async function findCorrection(page: Page, start: string): Promise<void> {
  await page.getByRole('navigation').getByRole('link', { name: 'Corrections' }).click();
  await page.waitForURL(`${start}corrections/`);
  await page.getByRole('link', { name: 'Ferry runs again, and later' }).first().click();
  await page.waitForURL(`${start}articles/${CORRECTED}.html`);
  expect(await page.locator('.notice').textContent()).toContain('It crossed at ten, with 21 passengers.');
  await page.getByRole('link', { name: 'What changed' }).click();
  await page.waitForURL(`${start}articles/${CORRECTED}/changes.html`);
  expect((await page.locator('del').allTextContents()).join()).toContain('nine');
  await page.goBack();
  await page.waitForURL(`${start}articles/${CORRECTED}.html`);
}

async function download(page: Page, folder: string): Promise<string> {
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Download IPFS' }).click(),
  ]);
  expect(file.suggestedFilename()).toBe('corrected.car');
  const path = join(folder, 'downloaded.car');
  await file.saveAs(path);
  return path;
}

/** From the article to verify.html, with the id that the reader knows. */
async function checkInBrowser(page: Page, publication: string): Promise<void> {
  await page.getByRole('link', { name: 'Check this article' }).click();
  await page.getByLabel('Id of the publication').fill(publication);
  await page.getByRole('button', { name: 'Check' }).click();
  await page.locator('#verdict.green, #verdict.red').waitFor();
  expect(await page.locator('#verdict').textContent()).toContain('Genuine');
}
