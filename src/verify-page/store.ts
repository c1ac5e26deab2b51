import type { Bytes } from './bytes.ts';
import { NotChecked, Refused } from './failure.ts';
import type { FetchBytes } from './fetch-bytes.ts';
import { type BlockReader, readDirectory, readFile, resolvePath } from './unixfs.ts';
import { linkToFile } from './unixfs-links.ts';

export interface StoredFile {
  bytes: Bytes;
  /** Of the bytes, or the one that led to them. */
  cid: string;
}

/** What is looked at, by paths below its root. */
export interface Store {
  /** The root; `undefined` on plain hosting, which has files and no CIDs. */
  readonly root: string | undefined;
  /** Names and CIDs in a folder; `undefined` on plain hosting. Throws where there is none. */
  list(path: readonly string[]): Promise<ReadonlyMap<string, string> | undefined>;
  /** CID of a folder; `undefined` on plain hosting or where nothing is there. */
  cidAt(path: readonly string[]): Promise<string | undefined>;
  /** A file, at most so long; `undefined` where there is none. */
  find(path: readonly string[], limit: number): Promise<StoredFile | undefined>;
}

/** A file that must be there. */
export async function requireFile(store: Store, path: readonly string[], limit: number): Promise<StoredFile> {
  const file = await store.find(path, limit);
  if (file !== undefined) return file;
  if (store.root === undefined) throw new NotChecked(`${path.join('/')} is not there`);
  throw new Refused(`${path.join('/')} is missing`);
}

/** Blocks below a root CID: whatever comes is what the root says, or is refused. */
export class BlockStore implements Store {
  readonly root: string;
  readonly #read: BlockReader;
  readonly #directories = new Map<string, Promise<ReadonlyMap<string, string>>>();

  constructor(root: string, read: BlockReader) {
    this.root = root;
    this.#read = read;
  }

  async list(path: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const cid = await this.cidAt(path);
    if (cid === undefined) throw new Refused(`${path.join('/')} is missing`);
    return this.#directory(cid);
  }

  cidAt(path: readonly string[]): Promise<string | undefined> {
    return resolvePath(this.root, path, (cid) => this.#directory(cid));
  }

  async find(path: readonly string[], limit: number): Promise<StoredFile | undefined> {
    const cid = await this.cidAt(path);
    return cid === undefined ? undefined : { cid, bytes: await readFile(cid, this.#read, limit) };
  }

  #directory(cid: string): Promise<ReadonlyMap<string, string>> {
    const known = this.#directories.get(cid);
    if (known !== undefined) return known;
    const entries = readDirectory(cid, this.#read);
    this.#directories.set(cid, entries);
    return entries;
  }
}

/** Files of plain hosting: what they are is known by computing their CIDs, and what belongs together by what is signed. */
export class FileStore implements Store {
  readonly root = undefined;
  readonly #folder: string;
  readonly #fetch: FetchBytes;

  /** @param folder URL of the edition, with a slash at the end. */
  constructor(folder: string, fetch: FetchBytes) {
    this.#folder = folder;
    this.#fetch = fetch;
  }

  async list(): Promise<undefined> {
    return undefined;
  }

  async cidAt(): Promise<undefined> {
    return undefined;
  }

  async find(path: readonly string[], limit: number): Promise<StoredFile | undefined> {
    const url = this.#folder + path.map(encodeURIComponent).join('/');
    const { status, bytes, isRedirect } = await this.#fetch(url, limit);
    if (status === 404 || status === 410) return undefined;
    if (status !== 200 || isRedirect) throw new NotChecked(`no answer from ${url} (status ${status})`);
    return { bytes, cid: await cidOfFile(bytes) };
  }
}

async function cidOfFile(bytes: Bytes): Promise<string> {
  return (await linkToFile('', bytes)).cid;
}
