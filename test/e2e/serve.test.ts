import { readFile, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { writeCar } from '../../src/node/car.ts';
import { addDirectory } from '../../src/unixfs/directory.ts';
import { addFile } from '../../src/unixfs/file.ts';
import {
  findBarriers,
  noBrowser,
  openBrowser,
  openPage,
  scrollsSideways,
  showAs,
  showsImages,
} from '../helpers/browser.ts';
import { invalid } from '../helpers/html-validity.ts';
import { MemoryBlocks } from '../helpers/memory-blocks.ts';
import { makeRepository, type RunningProgram, runOvn, type TestRepository } from '../helpers/program.ts';

const ARTICLE = `---
title: Ferry runs again
date: 2026-02-03
categories: [Transport]
---

It crossed at nine.
`;

/** Starts `ovn serve` and waits until it listens. */
async function startServing(repository: TestRepository): Promise<{ program: RunningProgram; url: string }> {
  const program = repository.start(['serve', '--json', '--http', '127.0.0.1:0']);
  const { http } = JSON.parse(await program.readLine());
  return { program, url: http };
}

describe('ovn serve', () => {
  it('says that nothing is published, and shows a publish of another process at once', async () => {
    await using repository = await makeRepository({ articles: { 'ferry.md': ARTICLE } });
    const { program, url } = await startServing(repository);
    await using _program = program;
    const before = await fetch(url);
    expect(before.status).toBe(404);
    expect(await before.text()).toContain('Nothing is published here yet');

    const published = await repository.run(['publish', '--json']);
    expect(published.code).toBe(0);
    const { edition, articles } = JSON.parse(published.stdout);
    const front = await fetch(url);
    expect(front.headers.get('x-ipfs-roots')).toBe(edition);
    expect(await front.text()).toContain('Ferry runs again');
    const bundle = await fetch(`${url}/ipfs/${articles[0].cid}/`);
    expect(await bundle.text()).toContain('It crossed at nine.');

    await writeFile(
      join(repository.dir, 'articles', 'ferry.md'),
      ARTICLE.replace('again', 'daily').replace('nine', 'ten'),
    );
    expect((await repository.run(['publish'])).code).toBe(0);
    const revised = await fetch(`${url}/articles/2026/02/03/ferry/`);
    expect(await revised.text()).toContain('It crossed at ten.');
    const again = await fetch(url, { headers: { 'if-none-match': front.headers.get('etag') ?? '' } });
    expect(await again.text()).toContain('Ferry runs daily');
  });

  it.each(['SIGINT', 'SIGTERM'] as const)(
    'ends cleanly within a second of %s, connections open',
    async (signal) => {
      await using repository = await makeRepository();
      const { program, url } = await startServing(repository);
      await using _program = program;
      const open = connect(Number(new URL(url).port), '127.0.0.1').on('error', () => undefined);
      await (await fetch(url)).text();
      const asked = performance.now();
      program.process.kill(signal);
      const { code, stdout, stderr } = await program.ended;
      expect(performance.now() - asked).toBeLessThan(1000);
      expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
      expect(stderr).toBe('Ctrl-C ends it.\n');
      open.destroy();
    },
  );

  it('says where the paper is', async () => {
    await using repository = await makeRepository();
    await using program = repository.start(['serve', '--http', '127.0.0.1:0']);
    expect(await program.readLine()).toMatch(/^The paper is at http:\/\/127\.0\.0\.1:\d+\/$/);
  });

  it('says what is wrong with an address', async () => {
    await using repository = await makeRepository();
    const { program, url } = await startServing(repository);
    await using _program = program;
    const taken = new URL(url).host;
    const second = await repository.run(['serve', '--http', taken]);
    expect(second).toMatchObject({ code: 1, stdout: '' });
    expect(second.stderr).toContain(`${taken} is taken by another program`);
    for (const address of ['8080', 'localhost', '127.0.0.1:99999', '::1:80', '192.0.2.1:0']) {
      expect(await repository.run(['serve', '--http', address]), address).toMatchObject({
        code: 2,
        stdout: '',
      });
    }
  });
});

describe('the paper in a browser', () => {
  let repository: TestRepository;
  let program: RunningProgram;
  let url: string;
  let browser: Browser;

  beforeAll(async () => {
    if (noBrowser !== undefined) return;
    repository = await makeRepository({ articles: 'samples' });
    const { code, stderr } = await repository.run(['publish', '--future']);
    if (code !== 0) throw new Error(stderr);
    ({ program, url } = await startServing(repository));
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await program?.[Symbol.asyncDispose]();
    await repository?.[Symbol.asyncDispose]();
  });
  beforeEach(({ skip }) => skip(noBrowser !== undefined, noBrowser));

  it('leads from the front page to an article, which downloads as a CAR that verifies', async () => {
    await using watched = await openPage(browser);
    const { page, complaints } = watched;
    await page.goto(url);
    await page.locator('.latest').getByRole('link', { name: 'First light' }).click();
    await page.waitForURL(`${url}/articles/2025/07/07/first-light.html`);
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('First light');
    expect(await page.locator('img').count()).toBe(1);
    expect(await showsImages(page)).toBe(true);

    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Download IPFS' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('first-light.car');
    const file = join(repository.dir, 'downloaded.car');
    await download.saveAs(file);
    const verified = await runOvn(['verify', file, '--json'], { cwd: tmpdir() });
    expect(verified.code).toBe(0);
    expect(JSON.parse(verified.stdout)).toMatchObject({ ok: true, verdict: 'genuine' });
    await repository.run(['get', 'first-light', '-o', 'own.car']);
    expect(await readFile(file)).toEqual(await readFile(join(repository.dir, 'own.car')));
    expect(complaints).toEqual([]);
  });

  it('downloads a category, and an article that was reached through it', async () => {
    await using watched = await openPage(browser);
    const { page, complaints } = watched;
    await page.goto(url);
    await page.getByRole('link', { name: 'Defence & Security' }).first().click();
    await page.waitForURL(`${url}/categories/defence-security.html`);
    for (const name of ['defence-security.car', 'radio-mast-exercise.car']) {
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('link', { name: 'Download IPFS' }).click(),
      ]);
      expect(download.suggestedFilename()).toBe(name);
      await download.saveAs(join(repository.dir, name));
      expect((await repository.run(['verify', name])).code, name).toBe(0);
      if (name === 'defence-security.car')
        await page
          .getByRole('link', { name: /radio mast/ })
          .first()
          .click();
    }
    expect(complaints).toEqual([]);
  });

  it('shows a page of its own where nothing lies, at any depth, and leads back', async () => {
    const { edition } = JSON.parse((await repository.run(['publish', '--future', '--json'])).stdout);
    expect((await fetch(`${url}/ipfs/${edition}/no/such/page`)).status).toBe(404);
    await using watched = await openPage(browser);
    const { page, complaints } = watched;
    const response = await page.goto(`${url}/no/such/page`);
    expect(response?.status()).toBe(404);
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Page not found');
    const style = "getComputedStyle(document.querySelector('nav.site ul')).listStyleType";
    expect(await page.evaluate(style)).toBe('none');
    expect(await findBarriers(page)).toEqual([]);
    await page.getByRole('link', { name: 'Front page' }).click();
    await page.waitForURL(`${url}/`);
    expect(complaints.filter((said) => !said.includes('404'))).toEqual([]);
  });

  // The pages of editions: test/e2e/pages.test.ts.
  it('keeps nobody out of a folder without a page, in light and dark, on a desk and in a hand', async () => {
    expect(invalid(await (await fetch(`${url}/masthead/`)).text())).toEqual([]);
    await using watched = await openPage(browser);
    const { page, complaints } = watched;
    await page.goto(`${url}/masthead/`);
    for (const colorScheme of ['light', 'dark'] as const) {
      for (const size of [
        { width: 1280, height: 800 },
        { width: 320, height: 640 },
      ]) {
        await showAs(page, colorScheme, size);
        expect(await scrollsSideways(page)).toBe(false);
        expect(await findBarriers(page)).toEqual([]);
      }
    }
    expect(complaints).toEqual([]);
  });

  it('links only to what is there', async () => {
    const seen = new Set<string>();
    const pending = [`${url}/`];
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      if (seen.has(next)) continue;
      seen.add(next);
      const response = await fetch(next);
      expect(response.status, next).toBe(200);
      expect(response.redirected, next).toBe(false);
      const html = response.headers.get('content-type')?.startsWith('text/html') ? await response.text() : '';
      for (const [, href = ''] of html.matchAll(/ (?:href|src)="([^"]*)"/g)) {
        const link = new URL(href.replaceAll('&amp;', '&'), next);
        link.hash = '';
        if (link.origin === url) pending.push(link.href);
      }
    }
    expect(seen.size).toBeGreaterThan(40);
  });

  it.each(['page.html', 'drawing.svg', 'page.xhtml'])('runs no script in %s of a stranger', async (name) => {
    const script = '<script>document.documentElement.id = "ran";</script>';
    const cid = await importFolder(repository, {
      'page.html': `<!DOCTYPE html><title>x</title><body onload="document.documentElement.id = 'ran'">${script}`,
      'drawing.svg': `<svg xmlns="http://www.w3.org/2000/svg">${script}</svg>`,
      'page.xhtml': `<html xmlns="http://www.w3.org/1999/xhtml"><body>${script}</body></html>`,
    });
    expect((await repository.run(['pin', 'add', cid])).code).toBe(0);
    await using watched = await openPage(browser);
    const { page, complaints } = watched;
    const ended = page.waitForEvent('download').catch(() => undefined);
    await page.goto(`${url}/ipfs/${cid}/${name}`).catch(() => ended);
    expect(await page.evaluate('document.documentElement.id')).toBe('');
    expect(complaints.join()).toMatch(
      name === 'page.xhtml' ? /^$/ : /script.*(Content Security Policy|sandboxed)/i,
    );
  });
});

/** Makes a CAR of files, as a stranger would, and imports it. */
async function importFolder(repository: TestRepository, files: Record<string, string>): Promise<string> {
  const blocks = new MemoryBlocks();
  const entries = [];
  for (const [name, text] of Object.entries(files)) {
    entries.push({ name, ...(await addFile(Buffer.from(text), blocks.sink)) });
  }
  const { cid } = await addDirectory(entries, blocks.sink);
  await writeFile(join(repository.dir, 'stranger.car'), writeCar(cid, blocks.read));
  const { code, stderr } = await repository.run(['import', 'stranger.car']);
  if (code !== 0) throw new Error(stderr);
  return cid.toString();
}
