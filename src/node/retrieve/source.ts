import type { CID } from 'multiformats/cid';
import type { Block } from '../../unixfs/block.ts';

export interface AskOptions {
  /** Ends the asking. */
  signal: AbortSignal;
}

/** What of a DAG a CAR is to hold (Trustless Gateway Specification, `dag-scope`). */
export interface DagOptions extends AskOptions {
  scope: 'all' | 'entity';
}

/**
 * One place that blocks can come from. It hashes every block before it hands it on (invariant 1), and throws an OvnError for whatever else
 * it is told: `malformed`, `limit` or `refused` for an answer that no honest place gives, `busy` where it is to be asked later, `io`.
 */
export interface BlockSource {
  /** As it is named in errors. */
  readonly id: string;
  /** Blocks that it is asked for at once. */
  readonly window: number;
  /** A block; `undefined` where it says that it does not have it. */
  block(cid: CID, options: AskOptions): Promise<Uint8Array | undefined>;
  /** The DAG at a path below a root as one CAR, in whatever order its blocks come. */
  dag?(root: CID, path: readonly string[], options: DagOptions): AsyncIterable<Block>;
  /** Lets go of connections. */
  close?(): Promise<void>;
}

/** What one place gave and said. */
export interface SourceReport {
  source: string;
  /** Blocks that were new, and their bytes. */
  blocks: number;
  bytes: number;
  /** What it answered that was no block; null where it gave everything that it was asked for. */
  said: string | null;
}
