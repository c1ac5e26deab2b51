import { CID } from 'multiformats/cid';
import { OvnError } from '../errors.ts';
import { openCheckpoint, type VerifiedCheckpoint } from '../log/checkpoint.ts';
import { NOTE_LIMIT } from '../log/note.ts';
import { TileTree } from '../log/tile-tree.ts';
import { headOf, isSameHead } from '../log/tree-head.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { MANIFEST_LIMIT, parseManifestJson, requireManifest } from '../manifest/parse-manifest.ts';
import type { Head } from '../repo/head.ts';
import type { Repository } from '../repo/repository.ts';
import { logIdentity } from '../trust/log-identity.ts';
import { readMastheads, type VerifiedMastheads } from '../trust/masthead-chain.ts';
import type { BlockReader, Link } from '../unixfs/block.ts';
import { readFile } from '../unixfs/file.ts';
import { Tree } from '../unixfs/tree.ts';
import { tileReader } from './log-of-edition.ts';
import { refusal } from './verification/judging.ts';

/** The log of the head edition. Its checkpoint is signed, its right edge is of the checkpoint's root. */
export interface LogOfHead {
  head: Head;
  manifest: Manifest;
  /** Versions that the edition carries. */
  mastheads: VerifiedMastheads;
  /** The signed note as it is stored, with the lines of witnesses. */
  note: Uint8Array;
  checkpoint: VerifiedCheckpoint;
  tree: TileTree;
  /** The whole edition. */
  edition: Tree;
}

/**
 * Opens the log of the head edition; `undefined` where nothing is published, or the head is from before there was a log.
 *
 * @throws {OvnError} `refused` for a checkpoint that is not signed or not the manifest's; `damaged` where the edition has
 * none; `not-found` for a block that is not here.
 */
export async function openLogOfHead(
  repository: Repository,
  read: BlockReader,
  signal?: AbortSignal,
): Promise<LogOfHead | undefined> {
  const head = repository.head();
  if (head === undefined) return undefined;
  const file = (cid: CID, limit: number): Promise<Uint8Array> =>
    readFile(cid, read, { limit, ...(signal && { signal }) });
  const manifest = requireManifest(parseManifestJson(await file(CID.parse(head.manifest), MANIFEST_LIMIT)));
  if (manifest.log.size === 0) return undefined;
  const edition = Tree.open({ cid: CID.parse(head.edition), size: 0 }, read);
  const stored = repository.mastheads().slice(0, manifest.masthead.version);
  const mastheads = readMastheads(stored.map(({ bytes }) => bytes));
  const note = await file((await requireLink(edition, ['log', 'checkpoint'])).cid, NOTE_LIMIT);
  const checkpoint = openCheckpoint(note, logIdentity(mastheads.newest.masthead));
  const expected = headOf(manifest.log);
  if (!isSameHead(checkpoint, expected))
    throw refusal(`the checkpoint of edition ${head.sequence} is not the one of its manifest`);
  const folder = Tree.open(await requireLink(edition, ['log']), read);
  const tree = await TileTree.open(expected, tileReader(folder, read));
  return { head, manifest, mastheads, note, checkpoint, tree, edition };
}

async function requireLink(edition: Tree, path: readonly string[]): Promise<Link> {
  const link = await edition.get([...path]);
  if (link !== undefined) return link;
  throw new OvnError('damaged', `the head edition has no ${path.join('/')}`);
}
