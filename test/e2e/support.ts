import { copyFileSync, cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { SQLInputValue } from 'node:sqlite';
import { encode } from '@ipld/dag-cbor';
import { CID } from 'multiformats/cid';
import { afterAll } from 'vitest';
import { NO_WITNESSES } from '../../src/log/witness-policy.ts';
import { openNode } from '../../src/node/node.ts';
import { openDatabase } from '../../src/repo/database.ts';
import { openRepository } from '../../src/repo/open-repository.ts';
import type { ReaderMemories } from '../../src/repo/reader-memory.ts';
import type { Repository } from '../../src/repo/repository.ts';
import type { Check } from '../../src/trust/check.ts';
import type { Block, BlockReader } from '../../src/unixfs/block.ts';
import { resolvePath } from '../../src/unixfs/directory.ts';
import { varintLength, writeVarint } from '../../src/unixfs/varint.ts';
import { walkDag } from '../../src/unixfs/walk.ts';
import { audit } from '../../src/workflows/audit.ts';
import { verify } from '../../src/workflows/verify.ts';
import { MemoryBlocks } from '../helpers/memory-blocks.ts';
import { type ProgramOptions, type ProgramResult, runOvn } from '../helpers/program.ts';

/** The clock of these tests, and how the program is told of it. */
export const NOW = new Date('2025-07-10T12:00:00Z');
export const CLOCK = { SOURCE_DATE_EPOCH: String(NOW.getTime() / 1000) };

/** The clock of the program when more than the life of a manifest has gone by. */
export const LATER = { SOURCE_DATE_EPOCH: String(Date.parse('2025-09-10T12:00:00Z') / 1000) };

export interface SourceParts {
  title?: string;
  date?: string;
  categories?: readonly string[];
  /** Further lines of front matter. */
  lines?: readonly string[];
  body?: string;
}

/** A source that can be published. */
export function sourceOf(parts: SourceParts = {}): string {
  const { title = 'First light', date = '2025-07-07', categories = ['Science'] } = parts;
  const { lines = [], body = 'Text of the article.\n' } = parts;
  const head = [`title: ${title}`, `date: ${date}`, `categories: [${categories.join(', ')}]`, ...lines];
  return `---\n${head.join('\n')}\n---\n${body}`;
}

/** What `publish --json` says, as far as the tests look at it. */
export interface Published {
  status: string;
  publication: string;
  sequence: number;
  edition: string;
  manifest: string;
  articles: { id: string; source: string; cid: string; revision: number; status: string }[];
  categories: Record<string, { name: string; cid: string; count: number }>;
}

/** What two publications of the same sources have in common, however often they were interrupted. */
export function cidsOf({ publication, sequence, edition, manifest, categories, articles }: Published) {
  const cids = articles.map(({ id, cid, revision }) => ({ id, cid, revision }));
  return { publication, sequence, edition, manifest, categories, articles: cids };
}

/** Publishes at {@link NOW}; throws with what the program said when it fails. */
export async function publishIn(dir: string, options: ProgramOptions = {}): Promise<Published> {
  return readJson(await runOvn(['publish', '--json'], { cwd: dir, env: CLOCK, ...options }));
}

/** A command line without quotes, cut at its spaces. */
export function words(line: string): string[] {
  return line.split(' ');
}

/** The JSON document that a command printed; throws with what it said when it failed. */
export function readJson<T>({ code, stdout, stderr }: ProgramResult): T {
  if (code !== 0) throw new Error(`exit code ${code}: ${stderr}${stdout}`);
  return JSON.parse(stdout) as T;
}

/** An empty folder that is gone after all tests of the file or `describe` that asks for it. */
export function sharedFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'ovn-test-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}

/** A copy of a repository, in a new folder below `into`. */
export function copyTo(into: string, dir: string): string {
  const copy = mkdtempSync(join(into, 'copy-'));
  cpSync(dir, copy, { recursive: true, preserveTimestamps: true });
  return copy;
}

/** A repository and its node in this process. */
export interface OpenRepository extends AsyncDisposable {
  repository: Repository;
  read: BlockReader;
}

export async function openIn(dir: string): Promise<OpenRepository> {
  const repository = openRepository(dir);
  const node = await openNode(repository);
  const close = async (): Promise<void> => {
    await node.stop();
    repository.close();
  };
  return { repository, read: node.read, [Symbol.asyncDispose]: close };
}

/** All blocks below a root. */
export async function blocksOf(root: CID | string, read: BlockReader): Promise<MemoryBlocks> {
  const blocks = new MemoryBlocks();
  for await (const { cid, bytes } of walkDag(typeof root === 'string' ? CID.parse(root) : root, read)) {
    if (bytes === undefined) throw new Error(`block ${cid} is missing`);
    blocks.put({ cid, bytes });
  }
  return blocks;
}

/** A CARv1 of blocks in the order given, whatever they are. */
export function carOf(roots: readonly CID[], blocks: Iterable<Block>): Uint8Array {
  const sections = [section(encode({ roots, version: 1 }))];
  for (const { cid, bytes } of blocks) sections.push(section(Buffer.concat([cid.bytes, bytes])));
  return new Uint8Array(Buffer.concat(sections));
}

function section(bytes: Uint8Array): Uint8Array {
  const length = new Uint8Array(varintLength(bytes.length));
  writeVarint(length, 0, bytes.length);
  return Buffer.concat([length, bytes]);
}

/** Judges a CAR file or a folder as a stranger who has no repository and, unless one is given, no memory. */
export function verifyOutside(
  what: string,
  publication?: string,
  memories?: ReaderMemories,
): ReturnType<typeof verify> {
  const { signal } = new AbortController();
  const effects = { local: undefined, memories, policy: NO_WITNESSES, now: NOW, signal };
  return verify({ what, publication, requireCurrent: false }, effects);
}

/** Writes sources by path below a folder. */
export function writeSources(folder: string, sources: Record<string, string | Uint8Array>): void {
  for (const [path, source] of Object.entries(sources)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), source);
  }
}

export function removeCopy(dir: string): void {
  rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
}

/** An initialised repository below `into` with sources that are not published yet. */
export async function makeIn(
  into: string,
  sources: Record<string, string | Uint8Array> = {},
): Promise<string> {
  const dir = mkdtempSync(join(into, 'made-'));
  const init = await runOvn(['init', '.', '--no-sample', '--no-passphrase'], { cwd: dir, env: CLOCK });
  if (init.code !== 0) throw new Error(init.stderr);
  writeSources(join(dir, 'articles'), sources);
  return dir;
}

/** Everything that a repository's database holds, table by table. */
export function snapshotOf(dir: string): Record<string, unknown[]> {
  using db = openDatabase(join(dir, '.ovn/ovn.db'), { create: false });
  const tables = db
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    .all();
  return Object.fromEntries(
    tables.map(({ name }) => [String(name), db.prepare(`SELECT * FROM ${name}`).all()]),
  );
}

/** Changes a repository's database behind the program's back. */
export function tamper(dir: string, sql: string, ...values: SQLInputValue[]): void {
  using db = openDatabase(join(dir, '.ovn/ovn.db'), { create: false });
  const { changes } = db.prepare(sql).run(...values);
  if (Number(changes) === 0) throw new Error(`nothing was changed by ${sql}`);
}

/** The CID at `<cid>/<path>`. */
export async function cidAt(dir: string, address: string): Promise<CID> {
  const [root = '', ...path] = address.split('/');
  await using open = await openIn(dir);
  const link = await resolvePath(CID.parse(root), path, open.read);
  if (link === undefined) throw new Error(`${address} is not there`);
  return link.cid;
}

/** Deletes the block at `<cid>/<path>` from the database. */
export async function dropBlock(dir: string, address: string): Promise<CID> {
  const cid = await cidAt(dir, address);
  tamper(dir, 'DELETE FROM blocks WHERE multihash = ?', cid.multihash.bytes);
  return cid;
}

/** What `ovn check` finds wrong, found in this process. */
export async function failuresOf(dir: string): Promise<Check[]> {
  await using open = await openIn(dir);
  const { checks } = await audit({ ...open, now: NOW, signal: new AbortController().signal });
  return checks.filter(({ result }) => result === 'fail');
}

/** Moves the file of a key out of a keyring, as to another machine. */
export function moveKey(dir: string, did: string, to: string): void {
  const keys = join(dir, '.ovn/keys');
  const file = readdirSync(keys).find((name) => name.includes(did.slice('did:key:'.length))) ?? '';
  copyFileSync(join(keys, file), to);
  rmSync(join(keys, file));
}

/** A key as `key ls --json` tells of it. */
export interface ListedKey {
  role: string;
  id: string;
  state: string;
  held: boolean;
  fromEntry?: number;
  categories?: string[];
}

/** The keys of one role. */
export async function keysOf(dir: string, role: string): Promise<ListedKey[]> {
  const keys = readJson<ListedKey[]>(await runOvn(['key', 'ls', '--json'], { cwd: dir, env: CLOCK }));
  return keys.filter((key) => key.role === role);
}
