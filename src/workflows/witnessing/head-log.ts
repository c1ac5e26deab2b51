import { CID } from 'multiformats/cid';
import { OvnError } from '../../errors.ts';
import { openCheckpoint, type VerifiedCheckpoint } from '../../log/checkpoint.ts';
import { NOTE_LIMIT } from '../../log/note.ts';
import { TileTree } from '../../log/tile-tree.ts';
import { headOf } from '../../log/tree-head.ts';
import { parseManifestJson, requireManifest } from '../../manifest/parse-manifest.ts';
import type { Head } from '../../repo/head.ts';
import type { Repository } from '../../repo/repository.ts';
import { logIdentity } from '../../trust/log-identity.ts';
import { readMastheads } from '../../trust/masthead-chain.ts';
import type { BlockReader } from '../../unixfs/block.ts';
import { readFile } from '../../unixfs/file.ts';
import { Tree } from '../../unixfs/tree.ts';
import { tileReader } from '../log-of-edition.ts';
import { openPrevious } from '../publishing/next-edition.ts';

/** The log of the head edition, as a witness is to see it. */
export interface HeadLog {
  head: Head;
  /** The whole edition. */
  edition: Tree;
  checkpoint: VerifiedCheckpoint;
  tiles: TileTree;
}

/**
 * The log of the head, checked; nothing where the head is from before there was a log, or there is none.
 *
 * @throws {OvnError} `damaged` where it is not as the head's manifest says.
 */
export async function openHeadLog(repository: Repository, read: BlockReader): Promise<HeadLog | undefined> {
  const head = repository.head();
  if (head === undefined) return undefined;
  const { tree: edition, manifest } = await openPrevious(head, read);
  if (manifest.log.size === 0) return undefined;
  const [folder, file] = [await edition.get(['log']), await edition.get(['log', 'checkpoint'])];
  if (folder === undefined || file === undefined) {
    throw new OvnError('damaged', `edition ${head.sequence} has no log/checkpoint`);
  }
  const known = repository.mastheads().slice(0, manifest.masthead.version);
  const identity = logIdentity(readMastheads(known.map(({ bytes }) => bytes)).newest.masthead);
  const checkpoint = openCheckpoint(await readFile(file.cid, read, { limit: NOTE_LIMIT }), identity);
  const tiles = await TileTree.open(headOf(manifest.log), tileReader(Tree.open(folder, read), read));
  return { head, edition, checkpoint, tiles };
}

/** How many entries the log of the head has; 0 before there is one. */
export function logSizeOfHead(repository: Repository): number {
  const head = repository.head();
  const bytes = head === undefined ? undefined : repository.blockstore.getBytes(CID.parse(head.manifest));
  return bytes === undefined ? 0 : requireManifest(parseManifestJson(bytes)).log.size;
}
