import type { CID } from 'multiformats/cid';
import { OvnError } from '../../errors.ts';
import type { FoundOthers } from '../../node/retrieve/others.ts';
import { retrieveDag } from '../../node/retrieve/retrieve-dag.ts';
import type { RetrieveLimits, RetrieveStore } from '../../node/retrieve/retrieve-options.ts';
import type { BlockSource } from '../../node/retrieve/source.ts';
import type { SyncEffects } from './effects.ts';
import type { Patience } from './patience.ts';
import type { Stock } from './stock.ts';

type FetcherEffects = Pick<SyncEffects, 'maxGrowth' | 'limits' | 'signal' | 'onProgress'> & {
  patience: Patience;
};

export interface FetchWish {
  /** `block` for the root alone. */
  scope?: 'all' | 'block';
  /** Most that may come: below what the whole sync may fetch. */
  bytes?: number;
  blocks?: number;
  /** How long it may take, in ms; as long as the whole sync when absent. */
  total?: number;
  /** Where most of it is held already, a CAR would bring all of it again. */
  withoutCars?: boolean;
  /** The root is fetched whether it is held or not: of a DAG of which hardly anything is, a CAR is asked for then. */
  anew?: boolean;
}

/** Fetches what is missing of one edition, from all who may have it, within what one sync may fetch. */
export class Fetcher {
  readonly stock: Stock;
  readonly #found: FoundOthers;
  readonly #effects: FetcherEffects;
  readonly #before: number;

  /** @param before bytes that came in earlier, or are there from earlier tries, and count. */
  constructor(stock: Stock, found: FoundOthers, effects: FetcherEffects, before = 0) {
    this.stock = stock;
    this.#found = found;
    this.#effects = effects;
    this.#before = before;
  }

  /** Fetches more of the same edition into another place. What earlier tries left there counts: else it would grow with each of them. */
  continueInto(stock: Stock): Fetcher {
    return new Fetcher(stock, this.#found, this.#effects, this.#before + this.stock.taken.bytes + stock.left);
  }

  /**
   * @throws {OvnError} `limit` before more is stored than may come, or for a DAG beyond all bounds; `not-found`, `incomplete`,
   *   `malformed` as `retrieveDag` does.
   */
  async fetch(root: CID, wish: FetchWish = {}): Promise<void> {
    const { scope = 'all', bytes, blocks, total, withoutCars = false, anew = false } = wish;
    const { signal, patience, onProgress } = this.#effects;
    const left = Math.max(0, this.#effects.maxGrowth - this.#before - this.stock.taken.bytes);
    const limits: Partial<RetrieveLimits> = { ...this.#effects.limits, bytes: Math.min(bytes ?? left, left) };
    if (blocks !== undefined) limits.blocks = blocks;
    if (total !== undefined) limits.total ??= total;
    const { sources, more } = withoutCars ? plain(this.#found) : this.#found;
    const retrieved = retrieveDag(root, {
      sources,
      more,
      store: anew ? lacking(root, this.stock) : this.stock,
      signal,
      over: patience.over,
      onNew: () => patience.came(),
      scope,
      limits,
      onProgress: ({ blocks: came, known, bytes: size }) => onProgress?.('blocks', came, known, size),
    });
    try {
      await patience.during(retrieved);
    } catch (error) {
      if (!(error instanceof OvnError) || error.code !== 'limit' || limits.bytes !== left) throw error;
      throw new OvnError('limit', `${error.message}: one sync may fetch ${this.#effects.maxGrowth}`, {
        hint: 'A larger --max-growth lets it grow so much at once.',
        cause: error,
      });
    }
  }
}

/** The same places, asked for single blocks only. */
function plain({ sources, more }: FoundOthers): FoundOthers {
  const withoutCars = (all: readonly BlockSource[]): BlockSource[] =>
    all.map((source) => ({
      id: source.id,
      window: source.window,
      block: (cid, options) => source.block(cid, options),
    }));
  return { sources: withoutCars(sources), more: more.map(async (finding) => withoutCars(await finding)) };
}

/** The same stock, without one block. */
function lacking(root: CID, stock: Stock): RetrieveStore {
  return {
    has: (cid) => !cid.equals(root) && stock.has(cid),
    isWhole: (cid) => stock.isWhole(cid),
    read: stock.read,
    put: (blocks) => stock.put(blocks),
  };
}
