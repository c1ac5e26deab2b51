import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { CID } from 'multiformats/cid';
import type { Browser, Page, Request } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { BlockReader } from '../../src/unixfs/block.ts';
import { writeFolder } from '../../src/workflows/write-folder.ts';
import { type BlockServer, type BlockServerOptions, startBlockServer } from '../helpers/block-server.ts';
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
import { invalid } from '../helpers/html-validity.ts';
import { type RunningProgram, startOvn } from '../helpers/program.ts';
import { ATTACKS, FERRY, LIGHT, type Paper, publishPaper, whatOf } from '../verify-page/attacks.ts';
import { sharedFolder } from './support.ts';

interface Answer {
  colour: string;
  title: string;
  /** Lines of the checks, by what is said of them. */
  fail: string[];
  'not-checked': string[];
  pass: string[];
}

const folder = sharedFolder();
let browser: Browser;
/** The page in which {@link ask} asks; it is empty between two questions. */
let asking: WatchedPage;
let paper: Paper;
/** The paper's own `ovn serve`: the honest origin of the page. */
let program: RunningProgram;
let honest: string;

beforeAll(async () => {
  if (noBrowser !== undefined) return;
  paper = await publishPaper(folder, new Date());
  program = startOvn(['serve', '--any', '--json', '--http', '127.0.0.1:0'], { cwd: paper.newsroom.dir });
  honest = JSON.parse(await program.readLine()).http;
  browser = await openBrowser();
  asking = await openPage(browser);
});
afterAll(async () => {
  await browser?.close();
  await program?.[Symbol.asyncDispose]();
});
beforeEach(({ skip }) => skip(noBrowser !== undefined, noBrowser));

/** Blocks of both papers, and of what was forged out of them. */
const read: BlockReader = async (cid) =>
  (await paper.forger.held.read(cid)) ?? (await paper.other.forger.held.read(cid));

function startGateway(options: Partial<BlockServerOptions> = {}): Promise<BlockServer> {
  return startBlockServer({ read, ...options });
}

async function readAnswer(page: Page): Promise<Answer> {
  await page
    .locator('#facts:not(:empty), #verdict.red, #verdict.amber:not(:has-text("Checking"))')
    .first()
    .waitFor();
  await page.locator('#verdict:not(:has-text("Checking"))').waitFor();
  const linesOf = (name: string) => page.locator(`#checks .${name}`).allTextContents();
  return {
    colour: (await page.locator('#verdict').getAttribute('class')) ?? '',
    title: (await page.locator('#verdict h2').textContent()) ?? '',
    fail: await linesOf('fail'),
    'not-checked': await linesOf('not-checked'),
    pass: await linesOf('pass'),
  };
}

/** Opens the page at an address, waits for its verdict, and says which other hosts than `allowed` were asked. */
async function ask(
  address: string,
  question: Record<string, string>,
  allowed: readonly string[] = [new URL(address).host],
): Promise<Answer & { complaints: string[]; strays: string[] }> {
  const { page, complaints } = asking;
  await clearPage(asking);
  const strays: string[] = [];
  const note = (request: Request) => {
    const { host } = new URL(request.url());
    if (!allowed.some((each) => host === each || host.endsWith(`.${each}`))) strays.push(request.url());
  };
  page.on('request', note);
  try {
    await page.goto(`${address}#${new URLSearchParams(question)}`);
    return { ...(await readAnswer(page)), complaints: [...complaints], strays };
  } finally {
    page.off('request', note);
  }
}

const CLEAN = { complaints: [], strays: [] };

describe('verify.html of ovn serve', () => {
  it.each(['', LIGHT, `articles/${FERRY}/`, 'categories/science', `revisions/${LIGHT}/1`])(
    'is green for the paper with its id: "%s"',
    async (what) => {
      const answer = await ask(`${honest}/verify.html`, { id: paper.publication, what });
      expect(answer).toMatchObject({ colour: 'green', title: 'Genuine', fail: [], ...CLEAN });
      expect(answer.pass.length).toBeGreaterThan(10);
    },
  );

  it('is green below /ipfs/<cid>/, where the address names the root', async () => {
    const address = `${honest}/ipfs/${paper.forger.edition}/verify.html`;
    const answer = await ask(address, {
      id: paper.publication,
      what: `${address.replace('verify.html', '')}articles/${LIGHT}/`,
    });
    expect(answer).toMatchObject({ colour: 'green', fail: [], ...CLEAN });
    expect(answer.pass.join('\n')).toContain(`blocks below ${paper.forger.edition}`);
  });

  it('is amber without an id, and asks to compare', async () => {
    const answer = await ask(`${honest}/verify.html`, { what: '' });
    expect(answer).toMatchObject({
      colour: 'amber',
      title: 'Consistent in itself; compare this id',
      fail: [],
      ...CLEAN,
    });
  });

  it('checks nothing before it is asked, and then what the form says', async () => {
    await using watched = await openPage(browser);
    const { page, complaints } = watched;
    await page.goto(honest);
    await page.getByRole('link', { name: 'Check this paper' }).click();
    await page.waitForURL(`${honest}/verify.html`);
    expect(await page.locator('#verdict').textContent()).toContain('Nothing is checked yet');
    await page.getByLabel('Id of the publication').fill(paper.publication);
    await page.getByLabel('What to check').fill(FERRY);
    await page.getByRole('button', { name: 'Check' }).click();
    expect(await readAnswer(page)).toMatchObject({ colour: 'green', fail: [] });
    expect(page.url()).toBe(`${honest}/verify.html#id=${paper.publication}&what=${FERRY}`);
    await page.getByLabel('Id of the publication').fill(paper.other.publication);
    await page.getByRole('button', { name: 'Check' }).click();
    await page.locator('#verdict.red').waitFor();
    expect(complaints).toEqual([]);
  });

  it('says what to do where it may not run: beside another script, and without scripts', async () => {
    const { forger, newsroom } = paper;
    const root = await forger.forge(async (tree) =>
      tree.set(['verify.js'], await forger.file('document.title = "ran"')),
    );
    await newsroom.use(async ({ node }) => node.put(forger.held.blocks.values()));
    await using watched = await openPage(browser);
    await watched.page.goto(`${honest}/ipfs/${root}/verify.html`);
    expect(await watched.page.title()).toBe('Check this paper');
    expect(await watched.page.locator('#verdict').textContent()).toContain('ovn verify');
    await using quiet = await openPage(browser, { javaScriptEnabled: false });
    await quiet.page.goto(`${honest}/verify.html`);
    expect(await quiet.page.locator('#verdict').textContent()).toContain(
      'the script of this page has not run',
    );
    expect(await quiet.page.locator('form').isVisible()).toBe(false);
  });

  it.each(['subtle', 'Ed25519'])('says so in a sentence where there is no %s', async (what) => {
    await using watched = await openPage(browser);
    const { page, complaints } = watched;
    await page.addInitScript(
      what === 'subtle'
        ? "Object.defineProperty(Crypto.prototype, 'subtle', { get: () => undefined })"
        : "SubtleCrypto.prototype.importKey = () => Promise.reject(new DOMException('', 'NotSupportedError'))",
    );
    await page.goto(`${honest}/verify.html#id=${paper.publication}`);
    await page.getByText('This browser cannot check').waitFor();
    expect(await page.locator('#verdict').textContent()).toContain(
      what === 'subtle' ? 'crypto.subtle' : 'Ed25519',
    );
    expect(await page.locator('#verdict').getAttribute('class')).toBe('amber');
    expect(complaints).toEqual([]);
  });

  it('keeps nobody out, in light and dark, on a desk and in a hand, and is valid HTML', async () => {
    expect(invalid(await (await fetch(`${honest}/verify.html`)).text())).toEqual([]);
    const [desk, hand] = [
      { width: 1280, height: 800 },
      { width: 320, height: 640 },
    ];
    await using watched = await openPage(browser);
    const { page, complaints } = watched;
    for (const [id, colorScheme, size] of [
      [paper.publication, 'light', hand],
      [paper.publication, 'dark', desk],
      ['', 'light', desk],
      ['', 'dark', hand],
      [paper.other.publication, 'light', desk],
      [paper.other.publication, 'dark', hand],
    ] as const) {
      await clearPage(watched);
      await showAs(page, colorScheme, size);
      await page.goto(`${honest}/verify.html#id=${id}&what=${FERRY}`);
      await readAnswer(page);
      expect(await findBarriers(page)).toEqual([]);
      expect(await scrollsSideways(page)).toBe(false);
      expect(complaints).toEqual([]);
    }
  });
});

describe('verify.html of an honest origin, on an evil gateway', () => {
  it('is green where the gateway tells the truth', async () => {
    await using gateway = await startGateway();
    const question = { id: paper.publication, root: `${paper.forger.edition}`, gateway: gateway.url };
    const allowed = [honest, gateway.url].map((url) => new URL(url).host);
    expect(await ask(`${honest}/verify.html`, question, allowed)).toMatchObject({
      colour: 'green',
      fail: [],
      ...CLEAN,
    });
    expect(gateway.asked.every((url) => url.includes('/ipfs/baf') && url.endsWith('?format=raw'))).toBe(true);
  });

  it.each(ATTACKS)('is red, with the right line: $name', async (attack) => {
    const root = await attack.root(paper);
    await using gateway = await startGateway();
    const question = { id: paper.publication, what: whatOf(attack), root, gateway: gateway.url };
    const allowed = [honest, gateway.url].map((url) => new URL(url).host);
    const answer = await ask(`${honest}/verify.html`, question, allowed);
    expect(answer).toMatchObject({ colour: 'red', ...CLEAN });
    expect(answer.fail[0]).toContain(`Does not hold ${attack.check} `);
  });

  it.each([
    ['the article', `articles/${LIGHT}/article.json`, LIGHT, 'article'],
    ['its picture', `articles/${LIGHT}/media`, LIGHT, 'structure'],
    ['its page', `articles/${LIGHT}/index.html`, LIGHT, 'files'],
    ['a masthead', 'masthead/1.json', LIGHT, 'masthead-chain'],
    ['the manifest', 'manifest.json', LIGHT, 'manifest'],
    ['the checkpoint', 'log/checkpoint', LIGHT, 'log-checkpoint'],
    ['the front page', 'index.html', '', 'blocks'],
    ['a feed', 'categories/world/feed.json', '', 'blocks'],
  ])('is red where other bytes come than those of the CID: %s', async (_, path, what, check) => {
    const { cid } = await paper.forger.link(path);
    const tamper = (asked: string, block: Uint8Array) =>
      asked === cid.toString() ? Uint8Array.from(block, (byte, at) => (at === 20 ? byte ^ 1 : byte)) : block;
    await using gateway = await startGateway({ tamper });
    const question = { id: paper.publication, what, root: `${paper.forger.edition}`, gateway: gateway.url };
    const answer = await ask(
      `${honest}/verify.html`,
      question,
      [honest, gateway.url].map((url) => new URL(url).host),
    );
    expect(answer).toMatchObject({ colour: 'red', ...CLEAN });
    expect(answer.fail.join()).toContain(`Does not hold ${check} `);
    expect(answer.fail.join()).toContain('came with other bytes');
  });

  it.each([
    ['the log', 'log/checkpoint'],
    ['a page of the article', `articles/${LIGHT}/index.html`],
    ['the mastheads', 'masthead/1.json'],
  ])('is amber where something is kept back: %s', async (_, path) => {
    const { cid } = await paper.forger.link(path);
    await using gateway = await startGateway({
      tamper: (asked, block) => (asked === cid.toString() ? undefined : block),
    });
    const question = {
      id: paper.publication,
      what: LIGHT,
      root: `${paper.forger.edition}`,
      gateway: gateway.url,
    };
    const answer = await ask(
      `${honest}/verify.html`,
      question,
      [honest, gateway.url].map((url) => new URL(url).host),
    );
    expect(answer).toMatchObject({ colour: 'amber', fail: [], strays: [] });
    expect(answer.title).toContain('something did not come');
  });

  it('breaks off what is larger than any block', async () => {
    const { cid } = await paper.forger.link('manifest.json');
    const huge = new Uint8Array(3 * 1024 * 1024);
    await using gateway = await startGateway({
      tamper: (asked, block) => (asked === cid.toString() ? huge : block),
    });
    const question = { id: paper.publication, root: `${paper.forger.edition}`, gateway: gateway.url };
    const answer = await ask(
      `${honest}/verify.html`,
      question,
      [honest, gateway.url].map((url) => new URL(url).host),
    );
    expect(answer).toMatchObject({ colour: 'red' });
    expect(answer.fail[0]).toContain('longer than 2097152 bytes');
  });

  it('follows no redirect to another host', async () => {
    await using elsewhere = await startFileServer(folder);
    await using gateway = await startGateway({ redirectTo: elsewhere.url });
    const question = { id: paper.publication, root: `${paper.forger.edition}`, gateway: gateway.url };
    const answer = await ask(
      `${honest}/verify.html`,
      question,
      [honest, gateway.url].map((url) => new URL(url).host),
    );
    expect(answer.colour).toBe('amber');
    expect(elsewhere.asked).toEqual([]);
  });
});

describe('verify.html of the gateway itself', () => {
  it.each([
    ['below /ipfs/<cid>/', false],
    ['on a host for every CID', true],
  ])('is green %s', async (_, hasSubdomains) => {
    await using gateway = await startGateway({ hasSubdomains });
    const { edition } = paper.forger;
    const base = hasSubdomains
      ? `http://${edition}.ipfs.localhost:${gateway.port}`
      : `${gateway.url}/ipfs/${edition}`;
    const allowed = [
      hasSubdomains ? `ipfs.localhost:${gateway.port}` : new URL(base).host,
      `localhost:${gateway.port}`,
    ];
    const answer = await ask(`${base}/verify.html`, { id: paper.publication, what: LIGHT }, allowed);
    expect(answer).toMatchObject({ colour: 'green', fail: [], strays: [] });
  });

  it('finds out that a chosen gateway has a host for every CID', async () => {
    await using gateway = await startGateway({ hasSubdomains: true });
    const question = {
      id: paper.publication,
      what: LIGHT,
      root: `${paper.forger.edition}`,
      gateway: `http://localhost:${gateway.port}`,
    };
    const answer = await ask(`${honest}/verify.html`, question, [
      new URL(honest).host,
      `localhost:${gateway.port}`,
    ]);
    expect(answer).toMatchObject({ colour: 'green', fail: [], strays: [] });
  });

  it('is at most amber for a paper that was forged as a whole', async () => {
    await using gateway = await startGateway();
    const { other } = paper;
    const address = `${gateway.url}/ipfs/${other.forger.edition}/verify.html`;
    expect(await ask(address, { what: '' })).toMatchObject({ colour: 'amber', fail: [], ...CLEAN });
    expect(await ask(address, { id: paper.publication, what: '' })).toMatchObject({
      colour: 'red',
      ...CLEAN,
    });
  });
});

describe('verify.html on plain hosting', () => {
  let server: FileServer;
  let edited: FileServer;

  beforeAll(async () => {
    if (noBrowser !== undefined) return;
    const { forger } = paper;
    const signal = new AbortController().signal;
    await writeFolder(forger.edition, join(folder, 'site', 'paper'), read, signal);
    const text = Buffer.from(await forger.bytes(`articles/${LIGHT}/article.json`))
      .toString()
      .replace('Twice', 'Never');
    const root = await forger.forge(async (tree) => {
      await tree.set(['articles', ...LIGHT.split('/'), 'article.json'], await forger.file(text));
      await tree.set(['articles', ...FERRY.split('/'), 'index.html'], await forger.file('<p>Forged'));
    });
    mkdirSync(join(folder, 'edited'));
    await writeFolder(CID.parse(root), join(folder, 'edited', 'paper'), read, signal);
    server = await startFileServer(join(folder, 'site'));
    edited = await startFileServer(join(folder, 'edited'));
  });
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]();
    await edited?.[Symbol.asyncDispose]();
  });

  it.each([LIGHT, `revisions/${LIGHT}/1`])('is green for an article: %s', async (what) => {
    const answer = await ask(`${server.url}/paper/verify.html`, { id: paper.publication, what });
    expect(answer).toMatchObject({ colour: 'green', fail: [], ...CLEAN });
    expect(answer['not-checked'].join()).toContain('plain hosting');
    expect(answer.pass.join()).toContain('log-inclusion');
  });

  it('is green as a saved copy, which no server gave', async () => {
    await using gateway = await startGateway();
    const { edition } = paper.forger;
    const question = { id: paper.publication, what: LIGHT, root: `${edition}`, gateway: gateway.url };
    const saved = pathToFileURL(join(folder, 'site', 'paper', 'verify.html')).href;
    const answer = await ask(saved, question, ['', new URL(gateway.url).host]);
    expect(answer).toMatchObject({ colour: 'green', fail: [], strays: [] });
  });

  it('says that more than an article needs hashes of folders', async () => {
    const answer = await ask(`${server.url}/paper/verify.html`, { id: paper.publication, what: '' });
    expect(answer).toMatchObject({ colour: 'amber', fail: [], ...CLEAN });
  });

  it.each([
    [LIGHT, 'signature'],
    [FERRY, 'files'],
  ])('is red for what was edited: %s', async (what, check) => {
    const answer = await ask(`${edited.url}/paper/verify.html`, { id: paper.publication, what });
    expect(answer).toMatchObject({ colour: 'red', ...CLEAN });
    expect(answer.fail[0]).toContain(`Does not hold ${check} `);
  });
});
