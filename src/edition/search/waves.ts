/** Articles of a wave: those that were first published one after the other, whatever their dates. */
export const WAVE = 240;
/** Articles of a year for each of its shards. */
const ARTICLES_A_SHARD = 28;
/** By how many articles of the wave before the newest a year has grown with each article of the newest. */
const GROWTH = 2;
/** After so many articles of the newest wave, the one before it is in all shards. */
const POURING = 70;

/** Where the waves begin, in the order of first publication. What lies before `former` is settled. */
export interface Waves {
  /** Articles in all. */
  count: number;
  /** The first article of the wave before the newest. */
  former: number;
  /** The first article of the newest wave. */
  newest: number;
}

/** The waves of so many articles. */
export function wavesOf(count: number): Waves {
  const newest = count === 0 ? 0 : Math.floor((count - 1) / WAVE) * WAVE;
  return { count, newest, former: Math.max(0, newest - WAVE) };
}

/** How the settled articles of a year are laid out. */
export interface YearLayout {
  /** How many shards there are; 0 while all of its articles are in the newest wave. */
  shards: number;
  /** The shards below this one hold the wave before the newest, too. */
  poured: number;
}

/**
 * The layout of a year. The wave before the newest is poured into its shards one by one while the newest grows, so that no
 * publication has to rewrite a whole year.
 *
 * @param settled articles of the year before both waves.
 * @param former articles of the year in the wave before the newest.
 */
export function layOut(waves: Waves, settled: number, former: number): YearLayout {
  const grown = waves.count - waves.newest;
  const shards = Math.ceil((settled + Math.min(former, GROWTH * grown)) / ARTICLES_A_SHARD);
  return { shards, poured: Math.min(shards, grown * Math.ceil(shards / POURING)) };
}

/** Articles that were first published before this one are in a shard. */
export function coverOf(shard: number, { poured }: YearLayout, waves: Waves): number {
  return shard < poured ? waves.newest : waves.former;
}
