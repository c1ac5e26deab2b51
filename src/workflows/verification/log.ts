import type { CID } from 'multiformats/cid';
import { openCheckpoint } from '../../log/checkpoint.ts';
import type { LogFold } from '../../log/fold.ts';
import { NOTE_LIMIT } from '../../log/note.ts';
import { type ReplayedLog, replayLog } from '../../log/replay.ts';
import { countTiles, isTileOf, leadsToTile } from '../../log/tile.ts';
import { TileTree } from '../../log/tile-tree.ts';
import { headOf, isSameHead } from '../../log/tree-head.ts';
import type { Manifest } from '../../manifest/manifest.ts';
import { type Check, skipChecks } from '../../trust/check.ts';
import { logIdentity } from '../../trust/log-identity.ts';
import type { VerifiedMastheads } from '../../trust/masthead-chain.ts';
import { Tree } from '../../unixfs/tree.ts';
import { tileReader } from '../log-of-edition.ts';
import { FolderPlaces } from './folder-places.ts';
import { checkAsync, type Evidence, refusal } from './judging.ts';

/** What an edition says that its log must bear out. */
export interface LoggedEdition {
  manifest: Manifest;
  /** `log/`, where there is one. */
  log: CID | undefined;
  mastheads: VerifiedMastheads;
}

const CHECKS = ['log-checkpoint', 'log-files', 'log-entries'] as const;

/**
 * Judges the log of an edition as a whole: that the log's key signed it as the manifest has it, that nothing else lies in
 * its folder, and that its entries tell the same mastheads and editions. Gives what they tell.
 */
export async function judgeLog(
  checks: Check[],
  edition: LoggedEdition,
  evidence: Evidence,
): Promise<ReplayedLog | undefined> {
  const { manifest, log, mastheads } = edition;
  if (manifest.log.size === 0 || log === undefined) {
    skipChecks(checks, [...CHECKS, 'log-articles'], 'the manifest is from before there was a log');
    return undefined;
  }
  const tree = Tree.open({ cid: log, size: 0 }, evidence.read);
  await checkAsync(
    checks,
    'log-checkpoint',
    () => requireCheckpoint(tree, edition, evidence),
    (keys) => `${manifest.log.origin}, ${manifest.log.size} entries, signed by ${keys.join(', ')}`,
  );
  await checkAsync(
    checks,
    'log-files',
    () => requireFiles(log, manifest.log.size, evidence),
    (count) => `the checkpoint and ${count} tiles, as the size demands`,
  );
  return checkAsync(
    checks,
    'log-entries',
    async () => {
      const replayed = await replayLog(await openTiles(tree, manifest, evidence));
      requireEntries(replayed.fold, manifest, mastheads);
      return replayed;
    },
    ({ fold: { size, articles } }) =>
      `${size} entries, of ${articles.size} articles and ${manifest.sequence - 1} editions`,
  );
}

async function requireCheckpoint(
  tree: Tree,
  { manifest, mastheads }: LoggedEdition,
  evidence: Evidence,
): Promise<readonly string[]> {
  const link = await tree.get(['checkpoint']);
  if (link === undefined) throw refusal('log/checkpoint is missing');
  const checkpoint = openCheckpoint(
    await evidence.file(link.cid, NOTE_LIMIT),
    logIdentity(mastheads.newest.masthead),
  );
  if (isSameHead(checkpoint, headOf(manifest.log))) return checkpoint.signedBy;
  throw refusal(
    `the checkpoint is of ${checkpoint.size} entries, or has another root than the manifest’s ${manifest.log.size}`,
  );
}

/**
 * That `log/` holds the checkpoint and exactly the tiles of its size, by its directories alone. A folder that leads to no
 * tile is refused before it is read, and so is one that lies in two places: no two folders of tiles are the same.
 *
 * @throws {OvnError} `refused`, naming what has no place there.
 */
export async function requireFiles(log: CID, size: number, evidence: Evidence): Promise<number> {
  const places = new FolderPlaces('log');
  let found = 0;
  const walk = async (folder: CID, path: readonly string[]): Promise<void> => {
    for (const { name, cid } of await evidence.directory(folder)) {
      const here = [...path, name];
      if (here.length === 1 && name === 'checkpoint') continue;
      if (isTileOf(size, here)) found++;
      else if (leadsToTile(size, here)) {
        places.enter(cid, here);
        await walk(cid, here);
      } else throw refusal(`log/${here.join('/')} has no place in a log of ${size} entries`);
    }
  };
  await walk(log, []);
  const expected = countTiles(size);
  if (found !== expected)
    throw refusal(`the log has ${found} of the ${expected} tiles that its size demands`);
  return found;
}

/** The tiles of the log below its directory; each is checked against the root when it is read. */
export function openTiles(tree: Tree, { log }: Manifest, evidence: Evidence): Promise<TileTree> {
  return TileTree.open(headOf(log), tileReader(tree, evidence.read));
}

/** `sequence` is the number of editions that are logged, and one; each names the manifest that the next one follows. */
export function requireEntries(fold: LogFold, manifest: Manifest, { versions }: VerifiedMastheads): LogFold {
  const { sequence, previous } = manifest;
  if (fold.editions.length + 1 !== sequence) {
    throw refusal(
      `the log has ${fold.editions.length} editions before this one, which says it is ${sequence}`,
    );
  }
  const last = fold.editions.at(-1)?.cid;
  if (last !== previous)
    throw refusal(`edition ${sequence - 1} is logged as ${last}; the manifest follows ${previous}`);
  const logged = fold.mastheads.map(({ cid }) => cid);
  const carried = versions.map(({ cid }) => cid);
  if (logged.join() !== carried.join()) {
    throw refusal(
      `the log has ${logged.length} mastheads, and they are not the ${carried.length} of masthead/`,
    );
  }
  return fold;
}
