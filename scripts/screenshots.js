// Makes the pictures of docs/pictures and the list of them in docs/site.md, between the lines `<!-- pictures -->` and
// `<!-- end -->`, out of a paper of the sample articles. Keys and clock are fixed, so what they show is the same on every
// machine that has the same fonts. Build the program first. It needs Chromium (CHROMIUM names it where it lies elsewhere)
// and fonts for what it shows: Debian's fonts-urw-base35, fonts-noto-core and fonts-noto-cjk.
import { spawn, spawnSync } from 'node:child_process';
import { createPrivateKey, createPublicKey } from 'node:crypto';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { base58btc } from 'multiformats/bases/base58';
import { chromium } from 'playwright-core';

const root = fileURLToPath(new URL('..', import.meta.url));
const PICTURES = join(root, 'docs/pictures');
const DOCUMENT = join(root, 'docs/site.md');
const MAX_BYTES = 600_000;
const NOW = '2026-11-01T12:00:00Z';
const ROLES = ['masthead', 'edition', 'desk', 'log', 'name'];

const DESK = { width: 1040, height: 760 };
const HAND = { width: 360, height: 720 };

/** What is shown: a picture's name, its page, a sentence about it, and how it is looked at. `until` is waited for, `at` scrolled to. */
const SHOTS = [
  {
    name: 'front',
    page: '',
    text: 'The front page: the newest articles, each category, recent corrections.',
  },
  {
    name: 'front-hand',
    page: '',
    size: HAND,
    text: 'The same page in a hand.',
  },
  {
    name: 'article',
    page: 'articles/2025/07/07/first-light.html',
    text: 'An article with its picture, caption and credit.',
  },
  {
    name: 'article-end',
    page: 'articles/2026/04/16/night-train-returns.html',
    at: '.copy',
    text: 'The end of an article: the permanent copy by its CID, the way to check it, related articles, the signed record.',
  },
  {
    name: 'arabic',
    page: 'articles/2026/03/05/water-sharing-agreement.html',
    text: 'An article in Arabic runs from right to left, in a paper of another language too.',
  },
  {
    name: 'chinese-hand',
    page: 'articles/2026/04/16/night-train-returns.html',
    size: HAND,
    text: 'An article in Chinese, in a hand.',
  },
  {
    name: 'corrected',
    page: 'articles/2026/01/21/bridge-sensors.html',
    text: 'A corrected article says so above its text.',
  },
  {
    name: 'changes',
    page: 'articles/2026/01/21/bridge-sensors/changes.html',
    text: 'What a revision changed, word by word.',
  },
  { name: 'corrections', page: 'corrections/', text: 'All corrections of the paper, the newest first.' },
  { name: 'category', page: 'categories/technology.html', text: 'A category.' },
  { name: 'categories', page: 'categories/', height: 480, text: 'All categories.' },
  { name: 'archive', page: 'articles/2026/', height: 480, text: 'The archive, by year, month and day.' },
  {
    name: 'search',
    page: 'search.html?q=bridge',
    until: '#results > li',
    isOptional: true,
    text: 'Search, in the browser and without a server.',
  },
  {
    name: 'bundle',
    page: 'articles/2026/10/08/village-archive/',
    text: 'An article alone: the bundle that a CID names has a page of its own, which leads nowhere else.',
  },
  {
    name: 'about',
    page: 'about.html',
    text: 'About the paper: its id as text and as a code, its keys, how to check and how to mirror it.',
  },
  {
    name: 'checks-dark',
    page: 'verify.html',
    scheme: 'dark',
    ask: '2025/07/07/first-light',
    until: '#facts:not(:empty)',
    text: '`verify.html` has checked an article; the dark scheme is that of the reader’s system.',
  },
  { name: 'not-found', page: 'no/such/page', height: 420, text: 'Where nothing lies, at any depth.' },
  {
    name: 'print',
    page: 'articles/2026/01/21/bridge-sensors.html',
    media: 'print',
    size: { width: 640, height: 905 },
    text: 'An article on paper.',
  },
];

const paper = mkdtempSync(join(tmpdir(), 'ovn-pictures-'));
const publication = publishTwice();
const server = spawn(
  process.execPath,
  [join(root, 'bin/ovn.js'), 'serve', '--http', '127.0.0.1:0', '--json'],
  {
    cwd: paper,
    env: environment(),
    stdio: ['ignore', 'pipe', 'ignore'],
  },
);
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--force-color-profile=srgb', '--font-render-hinting=none'],
});
try {
  const [line] = await once(server.stdout.setEncoding('utf8'), 'data');
  const { http } = JSON.parse(line);
  rmSync(PICTURES, { recursive: true, force: true });
  mkdirSync(PICTURES, { recursive: true });
  const made = [];
  for (const shot of SHOTS) {
    const picture = await take(shot, http);
    if (picture === undefined) continue;
    writeFileSync(join(PICTURES, `${shot.name}.webp`), picture);
    made.push({ ...shot, bytes: picture.length });
  }
  const total = made.reduce((sum, { bytes }) => sum + bytes, 0);
  writeList(made);
  process.stdout.write(`${made.length} pictures, ${total} bytes\n`);
  if (total > MAX_BYTES) throw new Error(`the pictures are larger than ${MAX_BYTES} bytes`);
} finally {
  await browser.close();
  server.kill('SIGINT');
  await once(server, 'close');
  rmSync(paper, { recursive: true, force: true });
}

/** One picture as WebP; `undefined` where an optional page is not there. */
async function take(
  { name, page: path, size = DESK, height, scheme = 'light', media, at, ask, until, isOptional },
  http,
) {
  const viewport = height === undefined ? size : { ...size, height };
  const context = await browser.newContext({ viewport, colorScheme: scheme, reducedMotion: 'reduce' });
  const page = await context.newPage();
  await page.clock.setFixedTime(new Date(NOW));
  const question = ask === undefined ? '' : `#${new URLSearchParams({ id: publication, what: ask })}`;
  const response = await page.goto(`${http}/${path}${question}`);
  if (response.status() !== 200 && name !== 'not-found') {
    if (!isOptional) throw new Error(`${path} is answered with ${response.status()}`);
    process.stdout.write(`there is no ${path} yet\n`);
    return undefined;
  }
  if (media !== undefined) await page.emulateMedia({ media });
  if (until !== undefined) await page.locator(until).first().waitFor();
  if (at !== undefined) await page.locator(at).evaluate((element) => element.scrollIntoView());
  await page.evaluate(() => Promise.all([...globalThis.document.images].map((image) => image.decode())));
  const session = await context.newCDPSession(page);
  const { data } = await session.send('Page.captureScreenshot', { format: 'webp', quality: 65 });
  await context.close();
  return Buffer.from(data, 'base64');
}

/** The sample articles, one of them first with a mistake in it, so that there is something to correct. Its publication's id. */
function publishTwice() {
  mkdirSync(join(paper, '.ovn/keys'), { recursive: true, mode: 0o700 });
  for (const role of ROLES) {
    const { did, key } = keyOf(role);
    const file = join(paper, '.ovn/keys', `${role}-${did.slice('did:key:'.length)}.pem`);
    writeFileSync(file, key.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  }
  ovn('init', '.', '--no-sample', '--no-passphrase');
  cpSync(join(root, 'articles'), join(paper, 'articles'), { recursive: true });
  const source = join(paper, 'articles/2026-01-21-bridge-sensors.md');
  const corrected = readFileSync(source, 'utf8');
  const head = corrected.slice(0, corrected.indexOf('updated:'));
  const body = corrected.slice(corrected.indexOf('\n---\n', 4));
  writeFileSync(source, head.trimEnd() + body.replace('was opened in 1898', 'was built in 1889'));
  ovn('publish');
  writeFileSync(source, corrected);
  return JSON.parse(ovn('publish', '--json')).publication;
}

/** The key whose seed is 32 times the number of its role. */
function keyOf(role) {
  const seed = Buffer.alloc(32, ROLES.indexOf(role) + 1);
  const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]);
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  const raw = Buffer.from(createPublicKey(key).export({ format: 'jwk' }).x, 'base64url');
  return { key, did: `did:key:${base58btc.encode(Buffer.concat([Buffer.from('ed01', 'hex'), raw]))}` };
}

function environment() {
  return {
    ...process.env,
    SOURCE_DATE_EPOCH: String(Date.parse(NOW) / 1000),
    XDG_STATE_HOME: join(paper, 'state'),
  };
}

function ovn(...args) {
  const run = spawnSync(process.execPath, [join(root, 'bin/ovn.js'), ...args, '--quiet'], {
    cwd: paper,
    env: environment(),
    encoding: 'utf8',
  });
  if (run.status !== 0) throw new Error(`ovn ${args.join(' ')}: ${run.stderr}`);
  return run.stdout;
}

/** The list of pictures, each below its sentence. */
function writeList(made) {
  const [open, close] = ['<!-- pictures -->\n', '<!-- end -->'];
  const text = readFileSync(DOCUMENT, 'utf8');
  const from = text.indexOf(open) + open.length;
  const to = text.indexOf(close, from);
  if (from < open.length || to === -1) throw new Error('docs/site.md has no place for the pictures');
  const list = made.map(
    ({ name, text: sentence }) =>
      `${sentence}\n\n![${sentence.replaceAll('`', '')}](pictures/${name}.webp)\n`,
  );
  writeFileSync(DOCUMENT, `${text.slice(0, from)}\n${list.join('\n')}\n${text.slice(to)}`);
}
