import type { CID } from 'multiformats/cid';
import { ROOT_FILES } from '../../edition/layout.ts';
import { OvnError } from '../../errors.ts';
import type { LogFold } from '../../log/fold.ts';
import { replayLog } from '../../log/replay.ts';
import { countTiles } from '../../log/tile.ts';
import type { Manifest } from '../../manifest/manifest.ts';
import { MANIFEST_LIMIT, parseManifestJson, requireManifest } from '../../manifest/parse-manifest.ts';
import { requireRoot } from '../../manifest/root-entries.ts';
import type { DirectoryEntry } from '../../unixfs/directory.ts';
import { Tree } from '../../unixfs/tree.ts';
import { requireEntry } from '../verification/entries.ts';
import { type Evidence, refusal } from '../verification/judging.ts';
import { openTiles, requireFiles } from '../verification/log.ts';
import type { Gatherer } from './gatherer.ts';
import type { HeldFolder } from './held-folder.ts';
import { type OpenFolder, openFolder } from './open-folder.ts';

/** What is held of an edition before any article: its root and pages, the manifest, the mastheads and the log. */
export interface Spine extends OpenFolder {
  manifest: Manifest;
  fold: LogFold;
  /** Bytes of all articles and their revisions, as the root states them. */
  stated: number;
}

/** Files at the root of an edition. */
const ROOT_PAGES = [...ROOT_FILES, 'manifest.json'];

/** Entries of a root, above which it is refused. */
const MOST_ENTRIES = 1000;

/** Blocks that a log may have for each of its files, directories among them. */
const BLOCKS_A_TILE = 4;
const FREE_BLOCKS = 1024;

/**
 * Reads and counts the spine of an edition. Nothing is fetched that the manifest and the size of the log do not demand.
 *
 * @throws {OvnError} `incomplete` where there is no room for it, or some of it is not to be had; `refused`, `malformed`.
 */
export async function openSpine(edition: CID, evidence: Evidence, gatherer: Gatherer): Promise<Spine> {
  const entries = await evidence.directory(edition);
  const bytes = await evidence.file(requireEntry(entries, 'manifest.json'), MANIFEST_LIMIT);
  const manifest = requireManifest(parseManifestJson(bytes));
  requireRoot(
    entries.map(({ name, cid }) => ({ name, cid: cid.toString() })),
    manifest,
  );
  if (manifest.log.size === 0)
    throw new OvnError('incomplete', 'an edition from before there was a log can be held only as a whole');
  const root = await openDocuments(edition, gatherer);
  const masthead = takeEntry(root, 'masthead');
  await evidence.mastheadFiles(masthead.cid);
  await holdWhole(masthead, root.folder, gatherer, FREE_BLOCKS);
  const fold = await holdLog(takeEntry(root, 'log'), manifest, { evidence, gatherer, folder: root.folder });
  return { ...root, manifest, fold, stated: sizeOf(entries, 'articles') + sizeOf(entries, 'revisions') };
}

/** What is said where the room is too small for anything. */
export function tooSmall({ room }: Gatherer): OvnError {
  return new OvnError('incomplete', `${room.max} bytes are too few: the log and the pages alone need more`, {
    hint: 'A larger --max-bytes, fewer categories or a smaller --keep leave room for articles.',
  });
}

async function openDocuments(edition: CID, gatherer: Gatherer): Promise<OpenFolder> {
  const at = { parent: undefined, name: `${edition}`, limit: MOST_ENTRIES };
  const isPage = (name: string): boolean => ROOT_PAGES.includes(name);
  const root = await openFolder({ cid: edition, size: 0 }, { ...at, isPage }, gatherer);
  if (root === undefined) throw tooSmall(gatherer);
  return root;
}

/** An entry that is dealt with here: none of the rest. */
export function takeEntry({ entries }: OpenFolder, name: string): DirectoryEntry {
  const entry = entries.get(name);
  if (entry === undefined) throw refusal(`${name} is missing`);
  entries.delete(name);
  return entry;
}

async function holdLog(
  log: DirectoryEntry,
  manifest: Manifest,
  { evidence, gatherer, folder }: { evidence: Evidence; gatherer: Gatherer; folder: HeldFolder },
): Promise<LogFold> {
  const { size } = manifest.log;
  if (log.size > gatherer.room.left) throw tooSmall(gatherer);
  await requireFiles(log.cid, size, evidence);
  await gatherer.fetchAhead([log]);
  const { fold } = await replayLog(await openTiles(Tree.open(log, evidence.read), manifest, evidence));
  await holdWhole(log, folder, gatherer, FREE_BLOCKS + BLOCKS_A_TILE * countTiles(size));
  return fold;
}

async function holdWhole(
  entry: DirectoryEntry,
  folder: HeldFolder,
  gatherer: Gatherer,
  limit: number,
): Promise<void> {
  const { room } = gatherer;
  const bytes = await room.attempt(async () => (await gatherer.dag(entry, entry.name, limit)) !== undefined);
  if (bytes === undefined) throw tooSmall(gatherer);
  folder.addDag(entry.cid, bytes);
}

function sizeOf(entries: readonly DirectoryEntry[], name: string): number {
  return entries.find((entry) => entry.name === name)?.size ?? 0;
}
