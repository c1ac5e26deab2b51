import { OvnError } from '../../errors.ts';
import type { Manifest } from '../../manifest/manifest.ts';
import type { FollowChoice } from '../../repo/followed.ts';
import { compareNames } from '../../unixfs/directory-block.ts';

/** Why something of an edition is not held: another category, too old, no room, or denied by a list of this server. */
export type LeftOut = 'category' | 'since' | 'size' | 'denied';

/** While more than this part of the room is free, what does not fit is passed over, and what is older is tried. */
const NEARLY_FULL = 1 / 16;

/** Far more than articles have on average: a picture is a block for each MiB. */
const BLOCKS_A_REVISION = 1000;
const FREE_BLOCKS = 10_000;

/** Levels of a tree of dates down to the day. */
const DAY = 3;

/** The bytes that one edition may take: each that is kept has the same share. */
export function shareOf({ maxBytes, keep }: FollowChoice): number {
  return maxBytes === null ? Number.POSITIVE_INFINITY : Math.floor(maxBytes / Math.max(1, keep));
}

/**
 * The chosen categories that an edition has. One that it does not have (any more) is passed over.
 *
 * @throws {OvnError} `not-found` where it has none of them.
 */
export function chooseCategories(
  { categories }: Pick<Manifest, 'categories'>,
  wanted: readonly string[],
): string[] {
  const found = [...new Set(wanted)].filter((slug) => Object.hasOwn(categories, slug)).sort(compareNames);
  if (found.length > 0) return found;
  throw new OvnError('not-found', ...tellMissing(wanted, categories));
}

/**
 * That every category which is chosen now, and was not chosen before, is there: a misspelt one would never come. One that was chosen
 * before may be gone since.
 *
 * @throws {UnknownCategory} naming those that there are.
 */
export function requireChosen(
  { categories }: Pick<Manifest, 'categories'>,
  chosen: readonly string[],
  before: readonly string[],
): void {
  const missing = chosen.filter((slug) => !Object.hasOwn(categories, slug) && !before.includes(slug));
  if (missing.length > 0) throw new UnknownCategory(...tellMissing(missing, categories));
}

/** Somebody chose a category that an edition does not have: an error of the call, whoever gave the edition. */
export class UnknownCategory extends OvnError {
  constructor(message: string, options: { hint: string }) {
    super('usage', message, options);
  }
}

function tellMissing(
  missing: readonly string[],
  categories: Manifest['categories'],
): [message: string, options: { hint: string }] {
  const there = Object.keys(categories).sort(compareNames).join(', ');
  const hint = there === '' ? 'It has no categories.' : `It has: ${there}.`;
  return [`the edition has no category ${missing.join(', ')}`, { hint }];
}

/** Blocks of all articles together for which an edition may make a mirror ask ahead, by the revisions that its log tells. */
export function mostBlocks(revisions: number): number {
  return FREE_BLOCKS + BLOCKS_A_REVISION * revisions;
}

/** Whether nothing at a place in a tree of dates, and nothing below it, is as young as `since` (YYYY-MM-DD). */
export function isBefore(path: readonly string[], since: string | undefined): boolean {
  const date = path.slice(0, DAY).join('-');
  return since !== undefined && date < since.slice(0, date.length);
}

/** Whether some of what is below a place may be older than `since`, and some not. */
export function isCut(path: readonly string[], since: string | undefined): boolean {
  return path.length < DAY && since?.startsWith(path.join('-')) === true;
}

/**
 * The names at one level of a tree of dates in the order in which they are taken: years, months and days from the newest,
 * articles of a day by name, revisions of an article from the latest.
 */
export function inOrder(names: Iterable<string>, depth: number): string[] {
  const sorted = [...new Set(names)].sort(compareNames);
  if (depth < DAY) return sorted.reverse();
  if (depth === DAY) return sorted;
  return sorted.sort((a, b) => Number(b) - Number(a));
}

/**
 * The room that an edition may take: bytes of distinct blocks, each counted once whatever leads to it. What is counted is never
 * above `max`. A bundle is taken when the size that its directory states, in which shared blocks count again, fits in what is
 * left. One that does not fit is passed over, and is the last that is looked at once less than a sixteenth of the room is free.
 */
export class Room {
  readonly max: number;
  readonly #counted = new Set<string>();
  #pending: string[] | undefined;
  #bytes = 0;
  #isOver = false;

  constructor(max: number) {
    this.max = max;
  }

  /** Bytes of all blocks that are held. */
  get bytes(): number {
    return this.#bytes;
  }

  get left(): number {
    return this.max - this.#bytes;
  }

  /** Whether nothing more is to be taken. */
  get isOver(): boolean {
    return this.#isOver;
  }

  has(key: string): boolean {
    return this.#counted.has(key);
  }

  /** Counts a block, by the key of its multihash. Whether there was room for it. */
  count(key: string, bytes: number): boolean {
    if (this.#counted.has(key)) return true;
    if (bytes > this.left) return false;
    this.#counted.add(key);
    this.#bytes += bytes;
    this.#pending?.push(key);
    return true;
  }

  /** Whether something of that size may be taken; what may not is noted. */
  fits(size: number): boolean {
    if (this.#isOver) return false;
    if (size <= this.left) return true;
    this.passOver();
    return false;
  }

  /** Notes that something did not fit. */
  passOver(): void {
    this.#isOver ||= this.left < this.max * NEARLY_FULL;
  }

  /**
   * Counts what `work` counts, or nothing of it where it says that there is no room, or throws. Calls do not nest.
   *
   * @returns the bytes that came new; nothing where there is no room.
   */
  async attempt(work: () => Promise<boolean>): Promise<number | undefined> {
    const before = this.#bytes;
    const pending: string[] = [];
    this.#pending = pending;
    let isTaken = false;
    try {
      isTaken = await work();
      return isTaken ? this.#bytes - before : undefined;
    } finally {
      this.#pending = undefined;
      if (!isTaken) this.#forget(pending, before);
    }
  }

  #forget(keys: readonly string[], bytes: number): void {
    for (const key of keys) this.#counted.delete(key);
    this.#bytes = bytes;
  }
}
