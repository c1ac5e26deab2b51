import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

const PATH = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

/** Why a test in a browser cannot run here; `undefined` where it can. */
export const noBrowser = existsSync(PATH)
  ? undefined
  : `there is no Chromium at ${PATH}; the variable CHROMIUM names one`;

/** Without these it looks for Google's hosts at every start. */
const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // One process shows all pages, as long as they may share one: starting it takes longer than most of the pages do.
  '--renderer-process-limit=1',
];

export function openBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: PATH, args: QUIET });
}

/** A page on its own, and what went wrong in it: whatever its console says, errors, refused by the page's policy, not found, not on this host. */
export interface WatchedPage extends AsyncDisposable {
  page: Page;
  complaints: string[];
}

export async function openPage(browser: Browser, options: BrowserContextOptions = {}): Promise<WatchedPage> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('request', (request) => {
    if (!/^127\.0\.0\.1$|(?:^|\.)localhost$/.test(new URL(request.url()).hostname))
      complaints.push(`asked for ${request.url()}`);
  });
  page.on('response', (response) => {
    if (response.status() >= 400) complaints.push(`${response.status()} ${response.url()}`);
  });
  return { page, complaints, [Symbol.asyncDispose]: () => context.close() };
}

/** Empties a page that is used again, which is several times as quick as another one, and forgets what went wrong in it. */
export async function clearPage({ page, complaints }: WatchedPage): Promise<void> {
  await page.goto('about:blank');
  complaints.length = 0;
}

/** A scheme of colours, and a window as large as a desk or a hand allows. */
export async function showAs(
  page: Page,
  colorScheme: 'light' | 'dark',
  size: { width: number; height: number },
): Promise<void> {
  await page.emulateMedia({ colorScheme });
  await page.setViewportSize(size);
}

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe-core has against the page as it is shown now, by these rules; by all when absent. */
export async function findBarriers(page: Page, rules?: readonly string[]): Promise<string[]> {
  if (await page.evaluate("typeof axe === 'undefined'")) await page.evaluate(AXE);
  const options = { resultTypes: ['violations'], ...(rules === undefined ? {} : { runOnly: rules }) };
  return page.evaluate(
    `axe.run(${JSON.stringify(options)}).then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html)))`,
  );
}

/** Whether the page is wider than its window, so that it has to be moved to be read. */
export function scrollsSideways(page: Page): Promise<boolean> {
  return page.evaluate('document.documentElement.scrollWidth > document.documentElement.clientWidth');
}

/** Whether every image of the page has come and is one. */
export function showsImages(page: Page): Promise<boolean> {
  return page.evaluate('[...document.images].every((image) => image.complete && image.naturalWidth > 0)');
}
