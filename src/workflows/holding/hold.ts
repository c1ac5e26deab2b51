import type { CID } from 'multiformats/cid';
import type { FollowChoice } from '../../repo/followed.ts';
import { Evidence } from '../verification/judging.ts';
import { Room, shareOf } from './choose.ts';
import { type GatherEffects, Gatherer } from './gatherer.ts';
import { holdPart } from './hold-part.ts';
import type { Holding, HoldProgress } from './holding.ts';
import { openSpine } from './spine.ts';

export type { Holding, HoldProgress, Left } from './holding.ts';

export interface HoldEffects extends GatherEffects {
  onProgress?: ((progress: HoldProgress) => void) | undefined;
}

/** Blocks of a whole edition, above which it is refused. */
const MOST_BLOCKS = 8 * 1024 ** 2;

/**
 * Fetches and counts what a mirror is to hold of an edition whose documents were judged: all of it, or its spine (root and its
 * pages, manifest, mastheads, log, the chosen categories' pages) and then whole bundles, newest first, as long as there is room
 * ({@link Room} has the rule); earlier revisions come after the newest of all. What is fetched is kept by nobody until the caller
 * records it.
 *
 * @throws {OvnError} `incomplete` when the spine alone has no room, or a block is not to be had; `not-found` when the edition has none of
 *   the categories; `refused` for what the log does not tell, or is larger than stated.
 */
export async function holdEdition(
  edition: CID,
  choice: FollowChoice,
  effects: HoldEffects,
): Promise<Holding> {
  const room = new Room(shareOf(choice));
  const gatherer = new Gatherer(room, effects);
  const { categories, maxBytes, since } = choice;
  if (categories === null && maxBytes === null && since === null) return holdAll(edition, gatherer);
  const evidence = new Evidence(gatherer.read, { now: new Date(0), signal: effects.signal });
  const spine = await openSpine(edition, evidence, gatherer);
  return holdPart(spine, choice, gatherer, effects.onProgress ?? (() => undefined));
}

async function holdAll(edition: CID, gatherer: Gatherer): Promise<Holding> {
  const link = { cid: edition, size: Number.POSITIVE_INFINITY };
  await gatherer.fetchAhead([link]);
  await gatherer.dag(link, `${edition}`, MOST_BLOCKS);
  const { bytes } = gatherer.room;
  const left = { articles: 0, bytes: 0, why: [] };
  return { parts: [{ cid: edition.toString(), bytes }], blocks: [], bytes, whole: true, left };
}
