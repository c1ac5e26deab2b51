import { CID } from 'multiformats/cid';
import { OvnError } from '../../errors.ts';
import { openCheckpoint, type VerifiedCheckpoint } from '../../log/checkpoint.ts';
import { NOTE_LIMIT } from '../../log/note.ts';
import { TileTree } from '../../log/tile-tree.ts';
import { headOf, isSameHead } from '../../log/tree-head.ts';
import type { Manifest } from '../../manifest/manifest.ts';
import { MANIFEST_LIMIT, parseManifestJson, requireManifest } from '../../manifest/parse-manifest.ts';
import type { Repository } from '../../repo/repository.ts';
import { logIdentity } from '../../trust/log-identity.ts';
import { readMastheads, type VerifiedMastheads } from '../../trust/masthead-chain.ts';
import type { BlockReader } from '../../unixfs/block.ts';
import { Tree } from '../../unixfs/tree.ts';
import { tileReader } from '../log-of-edition.ts';
import { Evidence, refusal } from '../verification/judging.ts';

/** What reading the log of the head needs. */
export interface LogEffects {
  repository: Repository;
  read: BlockReader;
  now: Date;
  signal: AbortSignal;
}

/** The log of the head edition. Its checkpoint is signed, its right edge is of the checkpoint's root. */
export interface HeadLog {
  manifest: Manifest;
  /** Versions that the edition carries. */
  mastheads: VerifiedMastheads;
  /** The signed note as it is stored, with the lines of witnesses. */
  note: Uint8Array;
  checkpoint: VerifiedCheckpoint;
  tree: TileTree;
  /** The whole edition. */
  edition: Tree;
  evidence: Evidence;
}

/**
 * Opens the log of the head edition; `undefined` where nothing is published, or the head is from before there was a log.
 *
 * @throws {OvnError} `refused` for a checkpoint that is not signed or not the manifest's; `not-found` for a block that is
 * not here.
 */
export async function openHeadLog({
  repository,
  read,
  ...options
}: LogEffects): Promise<HeadLog | undefined> {
  const head = repository.head();
  if (head === undefined) return undefined;
  const evidence = new Evidence(read, options);
  const bytes = await evidence.file(CID.parse(head.manifest), MANIFEST_LIMIT);
  const manifest = requireManifest(parseManifestJson(bytes));
  if (manifest.log.size === 0) return undefined;
  const edition = Tree.open({ cid: CID.parse(head.edition), size: 0 }, evidence.read);
  const stored = repository.mastheads().slice(0, manifest.masthead.version);
  const mastheads = readMastheads(stored.map((masthead) => masthead.bytes));
  const note = await readNote(edition, evidence);
  const checkpoint = openCheckpoint(note, logIdentity(mastheads.newest.masthead));
  const expected = headOf(manifest.log);
  if (!isSameHead(checkpoint, expected))
    throw refusal(`the checkpoint of edition ${head.sequence} is not the one of its manifest`);
  const folder = Tree.open((await edition.get(['log'])) ?? missing('log'), evidence.read);
  const tree = await TileTree.open(expected, tileReader(folder, evidence.read));
  return { manifest, mastheads, note, checkpoint, tree, edition, evidence };
}

/**
 * Opens the log of the head edition where there has to be one.
 *
 * @throws {OvnError} `not-found` where there is none; else as {@link openHeadLog}.
 */
export async function requireHeadLog(effects: LogEffects): Promise<HeadLog> {
  const log = await openHeadLog(effects);
  if (log !== undefined) return log;
  throw new OvnError('not-found', 'no log is published yet', {
    hint: 'ovn publish makes an edition with its log.',
  });
}

async function readNote(edition: Tree, evidence: Evidence): Promise<Uint8Array> {
  const link = (await edition.get(['log', 'checkpoint'])) ?? missing('log/checkpoint');
  return evidence.file(link.cid, NOTE_LIMIT);
}

function missing(path: string): never {
  throw new OvnError('damaged', `the head edition has no ${path}`);
}
