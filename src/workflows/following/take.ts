import { CID } from 'multiformats/cid';
import { OvnError } from '../../errors.ts';
import { type FetchStore, openFetchStore } from '../../repo/fetch-store.ts';
import type { Followed } from '../../repo/followed.ts';
import { isExpired } from '../../trust/instant.ts';
import { requireChosen } from '../holding/choose.ts';
import type { Holding } from '../holding/hold.ts';
import { Evidence } from '../verification/judging.ts';
import type { Candidate } from './candidates.ts';
import type { SyncEffects } from './effects.ts';
import { holdChosen, isEverything } from './hold-chosen.ts';
import { judgeRest } from './judge-rest.ts';
import { type JudgedSpine, judgeSpine, rememberSpine, type SpineCase } from './judge-spine.ts';
import { Stock } from './stock.ts';

/** Parts of an edition's root that are judged before anything else of it is fetched. */
const SPINE = ['log', 'manifest.json', 'masthead'];

/** Bytes that a log may have beside its entries, and with each of them: entries have a few hundred. */
const LOG_SLACK = 4 * 1024 * 1024;
const BYTES_AN_ENTRY = 1024;

/** Blocks that an edition may have: a tree without an end costs no more memory than that. Papers have five blocks an article. */
const FREE_BLOCKS = 100_000;
const BLOCKS_AN_ENTRY = 64;
const BYTES_A_BLOCK = 16 * 1024;

/** Errors that tell of the edition, not of who should have given it: what came of it is of no use. */
const FATAL = ['refused', 'malformed', 'limit'];

/** An edition that is at hand as far as it is wanted, judged, and remembered; nothing of it is stored yet. */
export interface TakenEdition {
  spine: JudgedSpine;
  fetched: { blocks: number; bytes: number };
  /** Absent in a dry run, where no more than the spine was looked at. */
  stock: { stock: Stock; store: FetchStore } | undefined;
  /** What of it is held; absent for all of it. */
  holding: Holding | undefined;
}

/**
 * Fetches the spine of an edition, judges it, then fetches the rest and judges that. What came in outlives a break: the next try, also for a
 * later edition, goes on from it.
 *
 * @param use called with what was taken; what came in is gone or kept aside when it has ended.
 * @throws {OvnError} `refused` for what does not hold; `usage` for a choice that it cannot meet; `incomplete`, `not-found`, `limit`, `malformed` as `retrieveDag` does.
 */
export async function takeEdition<T>(
  candidate: Candidate,
  given: SpineCase,
  effects: SyncEffects,
  use: (taken: TakenEdition) => Promise<T>,
): Promise<T> {
  const spine = await takeSpine(candidate, given, effects);
  requireFresh(spine, given.held, effects.now);
  if (given.isChosenNow) {
    const { held, choice } = given;
    const { manifest } = candidate.documents.manifest;
    requireChosen(manifest, choice.categories ?? [], held?.choice.categories ?? []);
  }
  const { stock: first } = candidate.fetcher;
  if (effects.dryRun) return use({ spine, fetched: first.taken, stock: undefined, holding: undefined });
  const publication = CID.parse(candidate.documents.mastheads.publicationId);
  const store = openFetchStore(effects.dir, publication);
  try {
    const stock = new Stock(store, effects.repository);
    await stock.adopt(first);
    const holding = await takeRest(spine, given, stock, effects);
    await rememberSpine(spine, given, effects);
    const fetched = {
      blocks: first.taken.blocks + stock.taken.blocks,
      bytes: first.taken.bytes + stock.taken.bytes,
    };
    const used = await use({ spine, fetched, stock: { stock, store }, holding });
    store.discard();
    return used;
  } catch (error) {
    // What was broken off may look as if it did not hold.
    const isFatal = error instanceof OvnError && FATAL.includes(error.code);
    if (isFatal && !effects.signal.aborted) store.discard();
    throw error;
  } finally {
    store[Symbol.dispose]();
  }
}

/** What has expired takes the place of nothing that has not. */
function requireFresh({ candidate, isFresh }: JudgedSpine, held: Followed | undefined, now: Date): void {
  if (isFresh || held?.expires == null || isExpired(held.expires, now)) return;
  const { sequence } = candidate.documents.manifest.manifest;
  throw new OvnError(
    'incomplete',
    `edition ${sequence} has expired: it is not taken in place of one that has not`,
  );
}

/** Fetches the spine of an edition and judges it; throws as {@link takeEdition} does. */
export async function takeSpine(
  candidate: Candidate,
  given: SpineCase,
  effects: SyncEffects,
): Promise<JudgedSpine> {
  const { documents, fetcher } = candidate;
  const log = documents.entries.find(({ name }) => name === 'log');
  const bytes = LOG_SLACK + documents.manifest.manifest.log.size * BYTES_AN_ENTRY;
  const withoutCars = given.held?.edition != null;
  if (log !== undefined) await fetcher.fetch(log.cid, { bytes, withoutCars });
  return judgeSpine(candidate, new Evidence(fetcher.stock.read, effects), given, effects);
}

/** Fetches and judges what is chosen; what of it is held, where that is not all. */
async function takeRest(
  spine: JudgedSpine,
  { held, choice }: SpineCase,
  stock: Stock,
  effects: SyncEffects,
): Promise<Holding | undefined> {
  const isAll = isEverything(choice);
  if (isAll) await fetchRest(spine, stock, effects);
  const fetcher = spine.candidate.fetcher.continueInto(stock);
  const holding = isAll ? undefined : await holdChosen(spine, choice, fetcher, effects);
  if (holding === undefined || holding.whole)
    await judgeRest(spine, held, new Evidence(stock.read, effects), effects);
  return holding;
}

/** All of the edition that is not held. Where nothing but its spine is, as one CAR, if anybody gives one. */
async function fetchRest(
  { candidate }: JudgedSpine,
  stock: Stock,
  { maxGrowth }: SyncEffects,
): Promise<void> {
  const { documents, fetcher } = candidate;
  const { root, entries } = documents;
  const isFirst = entries.every(({ name, cid }) => SPINE.includes(name) || !stock.has(cid));
  const blocks =
    FREE_BLOCKS + documents.manifest.manifest.log.size * BLOCKS_AN_ENTRY + maxGrowth / BYTES_A_BLOCK;
  await fetcher.continueInto(stock).fetch(root, { blocks, anew: isFirst });
}
