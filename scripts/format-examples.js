// Makes the publication that docs/format.md shows, and writes what it shows into it, between the lines
// `<!-- example: NAME -->` and `<!-- end -->`, and docs/examples/edition.car. With --check it only says whether they are
// up to date. Keys and clock are fixed, so the bytes are the same on every machine. Build the program first.
import { spawnSync } from 'node:child_process';
import { createHash, createPrivateKey, createPublicKey } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CarReader } from '@ipld/car';
import { decode } from '@ipld/dag-pb';
import canonicalize from 'canonicalize';
import { base58btc } from 'multiformats/bases/base58';

const root = fileURLToPath(new URL('..', import.meta.url));
const DOCUMENT = join(root, 'docs/format.md');
const CAR = join(root, 'docs/examples/edition.car');
const ROLES = ['masthead', 'edition', 'desk', 'log', 'name'];
const ARTICLE = ['articles', '2025', '07', '07', 'first-light'];
const CORRECTION = `corrections:
  - date: 2025-07-09
    text: An earlier version said five.
`;
const hex = (bytes) => Buffer.from(bytes).toString('hex');
const sha256 = (text) => createHash('sha256').update(text).digest('hex');

const paper = mkdtempSync(join(tmpdir(), 'ovn-format-'));

/** Edition 1 on 8 July 2025; a correction, and with it edition 2, a day later. */
function publishTwice() {
  mkdirSync(join(paper, '.ovn/keys'), { recursive: true, mode: 0o700 });
  for (const role of ROLES) {
    const { did, key } = keyOf(role);
    const file = join(paper, '.ovn/keys', `${role}-${did.slice('did:key:'.length)}.pem`);
    writeFileSync(file, key.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  }
  const said = ['--name', 'The Harbour Post', '--tagline', 'News from the coast'];
  ovn('2025-07-08T12:00:00Z', 'init', '.', ...said, '--no-sample', '--no-passphrase');
  cpSync(join(root, 'docs/examples/articles'), join(paper, 'articles'), { recursive: true });
  ovn('2025-07-08T12:00:00Z', 'publish');
  const source = join(paper, 'articles/2025-07-07-first-light.md');
  writeFileSync(source, readFileSync(source, 'utf8').replace('sources:', `${CORRECTION}sources:`));
  ovn('2025-07-09T12:00:00Z', 'publish');
  ovn('2025-07-09T12:00:00Z', 'export', '-o', 'edition.car');
  ovn('2025-07-09T12:00:00Z', 'log', 'proof', 'first-light', '-o', 'proof', '--entry', 'entry');
  ovn('2025-07-09T12:00:00Z', 'export', 'first-light', '--with-proof', '-o', 'with-proof.car');
}

/** The key whose seed is 32 times the number of its role. */
function keyOf(role) {
  const seed = Buffer.alloc(32, ROLES.indexOf(role) + 1);
  const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]);
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  const raw = Buffer.from(createPublicKey(key).export({ format: 'jwk' }).x, 'base64url');
  return { key, raw, did: `did:key:${base58btc.encode(Buffer.concat([Buffer.from('ed01', 'hex'), raw]))}` };
}

function ovn(time, ...args) {
  const env = { ...process.env, SOURCE_DATE_EPOCH: String(Date.parse(time) / 1000) };
  const run = spawnSync(process.execPath, [join(root, 'bin/ovn.js'), ...args, '--quiet'], {
    cwd: paper,
    env,
  });
  if (run.status !== 0) throw new Error(`ovn ${args.join(' ')}: ${run.stderr}`);
  return run.stdout.toString('utf8');
}

async function makeExamples(car) {
  const tree = await Tree.open(car);
  const withProof = await Tree.open(made('with-proof.car'));
  const article = tree.json(...ARTICLE, 'article.json');
  return {
    keys: ROLES.map((role) => `${role.padEnd(9)}${hex(keyOf(role).raw)}\n${' '.repeat(9)}${keyOf(role).did}`),
    masthead: [tree.headline('masthead', '1.json'), pretty(tree.json('masthead', '1.json'))],
    article: [tree.headline(...ARTICLE, 'article.json'), pretty(article)],
    proof: proofSteps(article),
    page: [tree.headline(...ARTICLE, 'index.html'), tree.text(...ARTICLE, 'index.html').trimEnd()],
    'directory-block': [hex(tree.block('masthead')).replace(/.{96}/g, '$&\n')],
    bundle: tree.list(ARTICLE),
    manifest: [tree.headline('manifest.json'), pretty(tree.json('manifest.json'))],
    edition: tree.list([]),
    feed: [
      tree.headline('categories', 'transport', 'feed.json'),
      pretty(tree.json('categories', 'transport', 'feed.json')),
    ],
    'feed-atom': [
      tree.headline('categories', 'transport', '2025', '07', 'feed-01.atom'),
      tree.text('categories', 'transport', '2025', '07', 'feed-01.atom').trimEnd(),
    ],
    'log-entries': entriesOf(tree),
    'log-entry': leafOf(made('entry')),
    'log-key': [ovn('2025-07-09T12:00:00Z', 'log', 'key').trimEnd()],
    checkpoint: [tree.text('log', 'checkpoint').trimEnd()],
    'tlog-proof': [made('proof').toString('utf8').trimEnd()],
    'article-proof': withProof.list([], 1),
    car: [hex(car.subarray(0, 59)).replace(/.{96}/g, '$&\n')],
  };
}

const made = (name) => readFileSync(join(paper, name));

/** What the entries of the log are, one a line. */
function entriesOf(tree) {
  const [size] = tree.names('log', 'tile', 'entries', '000.p');
  const bundle = Buffer.from(tree.block('log', 'tile', 'entries', '000.p', size));
  const lines = [];
  for (let at = 0; at < bundle.length; at += 2 + bundle.readUInt16BE(at)) {
    const { kind, version, sequence, article, revision } = JSON.parse(
      bundle.subarray(at + 2, at + 2 + bundle.readUInt16BE(at)).toString('utf8'),
    );
    const what = article === undefined ? String(version ?? sequence) : `${article}, revision ${revision}`;
    lines.push(`${lines.length}  ${kind.padEnd(11)} ${what}`);
  }
  return lines;
}

/** An entry as it is, and its hash. */
function leafOf(entry) {
  const leaf = createHash('sha256').update(Buffer.of(0)).update(entry).digest('hex');
  return [entry.toString('utf8'), '', `leaf hash ${leaf}`];
}

/** The hashing of the article's first proof, step by step. */
function proofSteps({ proof: [first], ...document }) {
  const { proofValue, ...options } = first;
  return [
    `sha256 of the canonical options    ${sha256(canonicalize(options))}`,
    `sha256 of the canonical document   ${sha256(canonicalize(document))}`,
    `signature  ${hex(base58btc.decode(proofValue)).replace(/.{64}/, `$&\n${' '.repeat(11)}`)}`,
    `proofValue ${proofValue}`,
  ];
}

const pretty = (value) => JSON.stringify(value, null, 2);

/** The edition's tree, read out of its CAR. */
class Tree {
  static async open(car) {
    const tree = new Tree();
    const reader = await CarReader.fromBytes(car);
    tree.blocks = new Map();
    for await (const { cid, bytes } of reader.blocks()) tree.blocks.set(cid.toString(), bytes);
    [tree.root] = await reader.getRoots();
    return tree;
  }

  cid(...path) {
    const step = (cid, name) =>
      decode(this.blocks.get(cid.toString())).Links.find(({ Name }) => Name === name).Hash;
    return path.reduce(step, this.root);
  }

  names = (...path) => decode(this.blocks.get(this.cid(...path).toString())).Links.map(({ Name }) => Name);
  block = (...path) => this.blocks.get(this.cid(...path).toString());
  text = (...path) => Buffer.from(this.block(...path)).toString('utf8');
  json = (...path) => JSON.parse(this.text(...path));
  headline = (...path) => `${this.cid(...path)}  (${this.block(...path).length} bytes)`;

  /** Names and CIDs below a path, so many levels deep; what was listed before is not listed again. */
  list(path, levels = 99, seen = new Set()) {
    const lines = [`${'.'.padEnd(34)}${this.cid(...path)}`];
    const walk = (cid, depth) => {
      for (const { Name, Hash } of decode(this.blocks.get(cid.toString())).Links) {
        const isFolder = Hash.toString().startsWith('bafybei');
        const again = isFolder && seen.has(Hash.toString());
        const name = `${'  '.repeat(depth)}${Name}${isFolder ? '/' : ''}`;
        lines.push(`${name.padEnd(34)}${Hash}${again ? '  (as above)' : ''}`);
        if (isFolder && !again && depth < levels) walk(Hash, depth + 1);
        seen.add(Hash.toString());
      }
    };
    walk(this.cid(...path), 1);
    return lines;
  }
}

function fillIn(text, examples) {
  return text.replace(
    /(<!-- example: (\S+) -->\n```\w*\n)[\s\S]*?(```\n<!-- end -->)/g,
    (_, begin, name, end) => {
      if (examples[name] === undefined) throw new Error(`docs/format.md asks for an example "${name}"`);
      return `${begin}${examples[name].join('\n')}\n${end}`;
    },
  );
}

function requireUpToDate(text, car) {
  if (text === readFileSync(DOCUMENT, 'utf8') && car.equals(readFileSync(CAR))) return;
  console.error('docs/format.md is out of date: node scripts/format-examples.js');
  process.exitCode = 1;
}

try {
  publishTwice();
  const car = readFileSync(join(paper, 'edition.car'));
  const text = fillIn(readFileSync(DOCUMENT, 'utf8'), await makeExamples(car));
  if (process.argv.includes('--check')) requireUpToDate(text, car);
  else {
    writeFileSync(DOCUMENT, text);
    writeFileSync(CAR, car);
  }
} finally {
  rmSync(paper, { recursive: true });
}
