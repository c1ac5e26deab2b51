import type { CID } from 'multiformats/cid';
import type { Block, BlockReader } from '../../unixfs/block.ts';
import type { BlockSource, SourceReport } from './source.ts';

/** Where blocks are kept on the way. Each one that is given to it was hashed. */
export interface RetrieveStore {
  has(cid: CID): boolean;
  /** Whether all that a block reaches is held too. Where it is not known, what is held is walked through. */
  isWhole?(cid: CID): boolean;
  read: BlockReader;
  put(blocks: readonly Block[]): void | Promise<void>;
}

/** Sizes in blocks and bytes, times in milliseconds. */
export interface RetrieveLimits {
  /** Of the whole DAG, and of what is fetched of it. */
  blocks: number;
  bytes: number;
  /** For one block from one place. */
  block: number;
  /** Without a new block, after which a CAR has failed. */
  patience: number;
  /** Without a new block, after which other ways are tried beside a CAR. */
  headStart: number;
  /** After which another place is asked for a block beside the first. */
  hedge: number;
  /** For all of it. */
  total: number;
}

export const RETRIEVE_LIMITS: Readonly<RetrieveLimits> = {
  blocks: 8 * 1024 ** 2,
  bytes: 64 * 1024 ** 3,
  block: 30_000,
  patience: 30_000,
  headStart: 1500,
  hedge: 1000,
  total: Number.POSITIVE_INFINITY,
};

/** How far it is. `known` grows as more of the DAG is seen. */
export interface RetrieveProgress {
  blocks: number;
  known: number;
  bytes: number;
}

export interface RetrieveEffects {
  sources: readonly BlockSource[];
  /** Sources that are still being found. Nothing waits for them, and nothing is given up before they are known. */
  more?: readonly Promise<readonly BlockSource[]>[] | undefined;
  store: RetrieveStore;
  signal: AbortSignal;
  /** Ends it as its time does: with who was asked, and what each answered. */
  over?: AbortSignal | undefined;
  /** A block came that is wanted. */
  onNew?: (() => void) | undefined;
  onProgress?: ((progress: RetrieveProgress) => void) | undefined;
  limits?: Partial<RetrieveLimits> | undefined;
  /** `block` for the root alone. */
  scope?: 'all' | 'block';
}

export interface RetrieveReport {
  /** What came from outside. */
  blocks: number;
  bytes: number;
  /** Blocks of the DAG that were here already. */
  held: number;
  sources: SourceReport[];
}
