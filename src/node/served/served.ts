import { BaseBlockstore } from 'blockstore-core/base';
import type { Blockstore, Pair } from 'interface-blockstore';
import type { CID } from 'multiformats/cid';
import { OvnError } from '../../errors.ts';
import type { BlockReader } from '../../unixfs/block.ts';

/** Why something that may be here is not given out. */
export type RefusalReason = 'withheld' | 'denied';

/** What may be given to others: asked before every block, by every way (bitswap, raw, CAR, paths, DHT). */
export interface Served {
  /** Whether a block may be given. Synchronous and cheap: bitswap asks for every want. */
  allows(cid: CID): boolean;
  /** Why not, where it is a refusal that may be told: 410 withheld, 451 denied (IPIP-383); undefined where it is simply not here. */
  refusal(cid: CID): RefusalReason | undefined;
  /** A path under a denied or withheld root is refused too: `/ipfs/<cid>/a/b`, `/ipns/<name>/…` */
  refusesPath(path: string): RefusalReason | undefined;
  /** Where something is being taken in at this moment: when it is. Who asks for what was just published waits for it. */
  catchUp?(): Promise<void> | undefined;
}

interface Abortable {
  signal?: AbortSignal;
}

const WORDS: Record<RefusalReason, string> = {
  withheld: 'is withheld by a retraction',
  denied: 'is on a list of what is not given out here',
};

/**
 * A reader that gives only what is served, `undefined` for everything else.
 * @throws {OvnError} `withheld`, `denied` for what is refused.
 */
export function servedReader(read: BlockReader, served: Served): BlockReader {
  return async (cid) => {
    if (await allowsSoon(served, cid)) return read(cid);
    const reason = served.refusal(cid);
    if (reason !== undefined) throw refusalError(`${cid}`, reason);
    return undefined;
  };
}

async function allowsSoon(served: Served, cid: CID): Promise<boolean> {
  if (served.allows(cid)) return true;
  const catchingUp = served.catchUp?.();
  if (catchingUp === undefined) return false;
  await catchingUp;
  return served.allows(cid);
}

/** The error for a CID or a path that is refused. */
export function refusalError(what: string, reason: RefusalReason): OvnError {
  return new OvnError(reason, `${what} ${WORDS[reason]}`);
}

/** The blockstore that bitswap is given: what is served can be read; nothing is taken in, dropped or listed. */
export function servedBlockstore(store: Blockstore, served: Served): Blockstore {
  return new ServedBlockstore(store, served);
}

class ServedBlockstore extends BaseBlockstore {
  readonly #store: Blockstore;
  readonly #served: Served;

  constructor(store: Blockstore, served: Served) {
    super();
    this.#store = store;
    this.#served = served;
  }

  override async has(cid: CID, options?: Abortable): Promise<boolean> {
    return (await allowsSoon(this.#served, cid)) && this.#store.has(cid, options);
  }

  override async *get(cid: CID, options?: Abortable): AsyncGenerator<Uint8Array> {
    if (!(await allowsSoon(this.#served, cid))) throw new NotServedError(`block ${cid} is not served`);
    yield* this.#store.get(cid, options);
  }

  override put(): never {
    throw new OvnError('usage', 'what is served takes in no blocks');
  }

  override delete(): never {
    throw new OvnError('usage', 'what is served drops no blocks');
  }

  // biome-ignore lint/correctness/useYield: the listing is refused before its first block
  override async *getAll(): AsyncGenerator<Pair> {
    throw new OvnError('usage', 'what is served is not listed');
  }
}

/** Helia and bitswap know by its name that a block is not here. */
class NotServedError extends Error {
  override readonly name = 'NotFoundError';
  readonly code = 'ERR_NOT_FOUND';
}
