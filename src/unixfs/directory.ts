import { importer } from 'ipfs-unixfs-importer';
import type { CID } from 'multiformats/cid';
import { OvnError } from '../errors.ts';
import type { BlockReader, BlockSink, Link } from './block.ts';
import { DAG_PB } from './codecs.ts';
import {
  compareNames,
  type DirectoryEntry,
  directoryLength,
  encodeDirectory,
  isEntryName,
  sortEntries,
} from './directory-block.ts';
import { FlatDirectory } from './flat-directory.ts';
import { findInShards, readShards } from './hamt.ts';
import { importerStore } from './importer-store.ts';
import { IMPORTER_OPTIONS, SHARD_LIMIT } from './profile.ts';
import { decodeUnixfs, linkTo, loadBlock, sizeOf, type UnixfsNode } from './unixfs-node.ts';

export { type DirectoryEntry, encodeDirectory } from './directory-block.ts';

/** `limit`: entries above which a directory is refused. */
export interface DirectoryOptions {
  limit?: number | undefined;
  signal?: AbortSignal | undefined;
}

const MAX_ENTRIES = 1_000_000;

/**
 * Adds a directory under the profile: one block up to 256 KiB, above that sharded by the importer. At once where the sink takes it at once.
 * @throws TypeError for a name that no directory may hold or that is there twice
 */
export function addDirectory(entries: Iterable<DirectoryEntry>, sink: BlockSink): Promise<Link> | Link {
  const list = [...entries];
  if (directoryLength(list) > SHARD_LIMIT) return addShards(sortEntries(list), sink);
  const { cid, bytes, size } = encodeDirectory(list);
  const taken = sink({ cid, bytes });
  return taken === undefined ? { cid, size } : taken.then(() => ({ cid, size }));
}

/**
 * The entries of a directory, sharded or not, in the order of their names' bytes.
 * @throws OvnError `not-found` naming the missing block; `malformed` when it is not a directory, or holds a name twice or one that
 *   no path can hold; `limit`
 */
export async function readDirectory(
  root: CID,
  read: BlockReader,
  options: DirectoryOptions = {},
): Promise<DirectoryEntry[]> {
  const entries = await readIfDirectory(root, read, options);
  if (entries === undefined) throw new OvnError('malformed', `${root} is not a directory`);
  return entries;
}

/** As {@link readDirectory}; `undefined` for what is well formed and not a directory. */
export async function readIfDirectory(
  root: CID,
  read: BlockReader,
  options: DirectoryOptions = {},
): Promise<DirectoryEntry[] | undefined> {
  const directory = await loadDirectory(root, read);
  if (directory === undefined) return undefined;
  const limit = options.limit ?? MAX_ENTRIES;
  if (!isSharded(directory)) return flatEntries(root, directory, limit);
  return (await readShards(directory, limit, read, options.signal)).sort(byName);
}

/** As {@link readIfDirectory}, without decoding a directory of one block as we write it. */
export async function openDirectory(
  root: CID,
  read: BlockReader,
): Promise<FlatDirectory | DirectoryEntry[] | undefined> {
  const directory = await loadDirectory(root, read);
  if (directory === undefined || directory instanceof FlatDirectory) return directory;
  return isSharded(directory) ? readShards(directory, MAX_ENTRIES, read) : checkedEntries(directory);
}

/**
 * What lies at a path below a root; `undefined` where nothing does. Of a sharded directory only the nodes on the way are read.
 * @throws OvnError `not-found` when a block on the way is missing, `malformed`
 */
export async function resolvePath(
  root: CID,
  segments: readonly string[],
  read: BlockReader,
): Promise<Link | undefined> {
  let link: Link | undefined;
  for (const name of segments) {
    const parent: CID = link?.cid ?? root;
    const directory = await loadDirectory(parent, read);
    link = directory === undefined ? undefined : await findEntry(parent, directory, name, read);
    if (link === undefined) return undefined;
  }
  return link ?? linkTo(root, read);
}

/** A directory of one block as we write it, or the block of any other. */
type Directory = FlatDirectory | UnixfsNode;

async function findEntry(
  parent: CID,
  directory: Directory,
  name: string,
  read: BlockReader,
): Promise<Link | undefined> {
  if (isSharded(directory)) return findInShards(directory, name, read);
  if (directory instanceof FlatDirectory) return directory.get(name);
  const entry = flatEntries(parent, directory, MAX_ENTRIES).find((each) => each.name === name);
  return entry === undefined ? undefined : { cid: entry.cid, size: entry.size };
}

async function loadDirectory(cid: CID, read: BlockReader): Promise<Directory | undefined> {
  if (cid.code !== DAG_PB) return undefined;
  const bytes = await loadBlock(cid, read);
  const flat = FlatDirectory.parse(bytes);
  if (flat !== undefined) return flat;
  const node = decodeUnixfs(cid, bytes);
  return node.type === 'directory' || isSharded(node) ? node : undefined;
}

function isSharded(directory: Directory): directory is UnixfsNode {
  return !(directory instanceof FlatDirectory) && directory.type === 'hamt-sharded-directory';
}

function flatEntries(cid: CID, directory: Directory, limit: number): DirectoryEntry[] {
  const { length } = directory instanceof FlatDirectory ? directory : directory.links;
  if (length > limit) throw new OvnError('limit', `directory ${cid} has more than ${limit} entries`);
  return directory instanceof FlatDirectory ? directory.entries() : checkedEntries(directory).sort(byName);
}

function checkedEntries(node: UnixfsNode): DirectoryEntry[] {
  const names = new Set<string>();
  return node.links.map((link) => {
    const name = link.Name ?? '';
    if (!isEntryName(name) || names.has(name)) {
      throw new OvnError(
        'malformed',
        `directory ${node.cid} has an entry it may not have: ${JSON.stringify(name)}`,
      );
    }
    names.add(name);
    return { name, cid: link.Hash, size: sizeOf(node.cid, link) };
  });
}

function byName(a: DirectoryEntry, b: DirectoryEntry): number {
  return compareNames(a.name, b.name);
}

/** Gives the importer DAGs that are there already instead of files to add, so that only its tree builder works. */
async function addShards(entries: readonly DirectoryEntry[], sink: BlockSink): Promise<Link> {
  const dagBuilder = async function* () {
    for (const { name, cid, size } of entries) yield async () => ({ path: name, cid, size: BigInt(size) });
  };
  let root: Link | undefined;
  for await (const { cid, size } of importer([], importerStore(sink), {
    ...IMPORTER_OPTIONS,
    wrapWithDirectory: true,
    dagBuilder,
  })) {
    root = { cid, size: Number(size) };
  }
  if (root === undefined) throw new Error('the importer made no directory');
  return root;
}
