import { CID } from 'multiformats/cid';
import { decode as decodeMultihash } from 'multiformats/hashes/digest';
import { OvnError } from '../../errors.ts';
import { parseManifestJson, requireManifest } from '../../manifest/parse-manifest.ts';
import { formatName } from '../../node/names/name.ts';
import type { FollowChoice, Followed, FollowMove, Held } from '../../repo/followed.ts';
import type { Repository } from '../../repo/repository.ts';
import { formatInstant } from '../../trust/instant.ts';
import type { Block } from '../../unixfs/block.ts';
import { RAW } from '../../unixfs/codecs.ts';
import { walkDag } from '../../unixfs/walk.ts';
import { namesOf } from '../naming/own-names.ts';
import type { SyncEffects } from './effects.ts';
import type { JudgedSpine } from './judge-spine.ts';
import { mirrorsOf, mirrorsWithin } from './mirrors-of.ts';
import { surveyHeld } from './survey-held.ts';
import type { TakenEdition } from './take.ts';

/** Blocks that are stored in one transaction. */
const BATCH = 1024;

/**
 * Stores an edition that was taken, and moves to it: all of it is true at once. Killed before, there is the edition before, and garbage.
 *
 * @param begin in the transaction, before the move: where nothing of the publication is followed yet.
 * @returns what is held of it; nothing where somebody else has come further meanwhile.
 * @throws {OvnError} `incomplete` when some of it was collected as garbage meanwhile; `not-found` when it is not followed any more; `io`.
 */
export async function storeEdition(
  { spine, stock: taken, holding }: TakenEdition,
  given: { places: readonly string[]; asked: readonly string[]; choice: FollowChoice; begin?: () => void },
  effects: SyncEffects,
): Promise<Held | undefined> {
  const { repository, lock, signal } = effects;
  const { root, mastheads } = spine.candidate.documents;
  if (taken === undefined) throw new Error('nothing was fetched');
  await using _lock = await lock();
  if (taken.store.isNew) taken.store.moveInto(repository.blockstore);
  else await copyHeld(holding ?? { parts: [{ cid: root.toString() }], blocks: [] }, taken.stock, effects);
  const { allNew } = taken.stock;
  const { held, inner } = await surveyHeld(root, { holding, allNew }, repository.blockstore, signal);
  const move = { ...describeMove(spine, held, given, effects), heldBy: given.choice };
  return repository.transaction(() => {
    const { publicationId } = mastheads;
    const before = repository.followed.get(publicationId);
    if (before?.sequence != null && before.sequence > move.sequence) return undefined;
    if (before === undefined && given.begin === undefined)
      throw new OvnError('not-found', `${publicationId} is not followed any more`);
    given.begin?.();
    repository.pins.markComplete(inner);
    keepRecords(spine, repository);
    repository.followed.move(publicationId, { ...move, places: placesAfter(before, move, repository) });
    return held;
  });
}

/** Copies what is held, as far as it is not in the repository. */
async function copyHeld(
  { parts, blocks }: { parts: readonly { cid: string }[]; blocks: readonly Uint8Array[] },
  stock: NonNullable<TakenEdition['stock']>['stock'],
  effects: SyncEffects,
): Promise<void> {
  const { blockstore } = effects.repository;
  const single: Block[] = [];
  for (const multihash of blocks) {
    const cid = CID.createV1(RAW, decodeMultihash(multihash));
    const bytes = blockstore.has(cid) ? undefined : await stock.read(cid);
    if (bytes !== undefined) single.push({ cid, bytes });
  }
  blockstore.putBatch(single);
  for (const { cid } of parts) await copyInto(CID.parse(cid), stock, effects);
}

/** What of a DAG is not in the repository. */
async function copyInto(
  root: CID,
  stock: NonNullable<TakenEdition['stock']>['stock'],
  { repository: { blockstore }, signal }: SyncEffects,
): Promise<void> {
  let batch: Block[] = [];
  const skip = (cid: CID): boolean => stock.isWhole(cid);
  for await (const { cid, bytes } of walkDag(root, stock.read, { signal, skip })) {
    if (bytes === undefined || blockstore.has(cid)) continue;
    batch.push({ cid, bytes });
    if (batch.length < BATCH) continue;
    blockstore.putBatch(batch);
    batch = [];
  }
  blockstore.putBatch(batch);
}

function describeMove(
  { candidate: { documents } }: JudgedSpine,
  held: Held,
  { places, asked }: { places: readonly string[]; asked: readonly string[] },
  { now }: SyncEffects,
): Omit<FollowMove, 'heldBy'> {
  const { manifest, cid } = documents.manifest;
  const { sequence, issued, expires, log } = manifest;
  const own = namesOf(documents.mastheads).find(({ state }) => state === 'current');
  const mirrors = mirrorsWithin(manifest.mirrors, asked);
  return {
    edition: documents.root.toString(),
    manifest: cid,
    sequence,
    issued,
    expires: earlier(expires, documents.mastheads.newest.masthead.expires),
    logSize: log.size === 0 ? null : log.size,
    name: own === undefined ? null : formatName(own.name),
    places: [...new Set([...places, ...mirrors])],
    held,
    at: formatInstant(now),
  };
}

/** Those that were given, and the mirrors of the newest manifest in place of those of the one before. */
function placesAfter(
  before: Followed | undefined,
  { places }: FollowMove,
  { blockstore }: Repository,
): string[] {
  const bytes = before?.manifest == null ? undefined : blockstore.getBytes(CID.parse(before.manifest));
  const former = bytes === undefined ? [] : mirrorsOf(requireManifest(parseManifestJson(bytes)).mirrors);
  const given = (before?.places ?? []).filter((place) => !former.includes(place));
  return [...new Set([...given, ...places])];
}

/** The records that led here, of names of the publication: to be given to others byte for byte. */
function keepRecords({ candidate: { documents, records } }: JudgedSpine, { names }: Repository): void {
  for (const { name, state } of namesOf(documents.mastheads)) {
    const own = state === 'revoked' ? [] : records.filter((record) => record.name.equals(name));
    for (const record of own) names.put(record);
  }
}

/** Instants of one form order as texts. */
function earlier(a: string, b: string): string {
  return a < b ? a : b;
}
