import type { CID } from 'multiformats/cid';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GatewayServer, listen } from '../../src/node/gateway/server.ts';
import { noBrowser, openBrowser, openPage, showsImages } from '../helpers/browser.ts';
import { Site } from '../node/gateway/site.ts';

const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

/** What another publisher might put on a page: his style and picture, and what he may not have. */
const FOREIGN = {
  'index.html': `<!DOCTYPE html><title>Foreign</title><link rel="stylesheet" href="style.css"><h1>Foreign</h1>
<img src="pixel.png" alt=""><a href="next/">on</a><script>document.title = 'ran'</script>
<form action="/"><button>send</button></form>`,
  'style.css': 'h1 { color: rgb(1, 2, 3) }',
  'pixel.png': PIXEL,
  next: { 'index.html': '<!DOCTYPE html><title>Next</title><p>next' },
};

describe.skipIf(noBrowser !== undefined)('publications in a browser', () => {
  let browser: Browser;
  let server: GatewayServer;
  let foreign: CID;
  beforeAll(async () => {
    const site = new Site();
    await site.publish({ 'index.html': '<!DOCTYPE html><title>Own</title>' });
    foreign = (await site.add(FOREIGN)).cid;
    const head = () => site.head?.toString();
    server = await listen({ host: '127.0.0.1', port: 0 }, { read: site.blocks.read, head });
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await server?.[Symbol.asyncDispose]();
  });

  /** Whether it looks as its publisher meant it, and does nothing else. */
  async function isShown(page: Page): Promise<void> {
    expect(await page.title()).toBe('Foreign');
    expect(await showsImages(page)).toBe(true);
    const colour = 'getComputedStyle(document.querySelector("h1")).color';
    expect(await page.evaluate(colour)).toBe('rgb(1, 2, 3)');
  }

  it('share no origin even below /ipfs, and are shown and read on all the same', async () => {
    await using watched = await openPage(browser);
    const { page } = watched;
    await page.goto(`${server.url}/ipfs/${foreign}/`);
    await isShown(page);
    expect(await page.evaluate('window.origin')).toBe('null');
    expect(
      await page.evaluate(
        '(() => { try { localStorage.length; return "reads" } catch { return "refused" } })()',
      ),
    ).toBe('refused');
    await page.getByRole('button').click();
    await page.getByRole('link', { name: 'on' }).click();
    await page.waitForURL(`${server.url}/ipfs/${foreign}/next/`);
    expect(await page.title()).toBe('Next');
  });

  it('have origins of their own below localhost', async () => {
    await using watched = await openPage(browser);
    const { page } = watched;
    const { port } = new URL(server.url);
    await page.goto(`http://localhost:${port}/ipfs/${foreign}`);
    expect(page.url()).toBe(`http://${foreign}.ipfs.localhost:${port}/`);
    await isShown(page);
    expect(await page.evaluate('window.origin')).toBe(`http://${foreign}.ipfs.localhost:${port}`);
  });

  it('are the paper itself at /', async () => {
    await using watched = await openPage(browser);
    const { page, complaints } = watched;
    await page.goto(`${server.url}/`);
    expect(await page.evaluate('window.origin')).toBe(server.url);
    expect(complaints).toEqual([]);
  });
});
