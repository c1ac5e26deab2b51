import type { CID } from 'multiformats/cid';
import type { NameRouter } from '../../node/names/name-router.ts';
import type { FoundOthers, Others } from '../../node/retrieve/others.ts';
import { retrieveDag } from '../../node/retrieve/retrieve-dag.ts';
import type {
  RetrieveProgress,
  RetrieveReport,
  RetrieveStore,
} from '../../node/retrieve/retrieve-options.ts';
import type { Block, BlockReader } from '../../unixfs/block.ts';
import { cidKey } from '../../unixfs/hash.ts';

/** How others are reached. It is opened when something is missing, and not before. */
export interface RetrievalOptions {
  /** Who is asked. Closed with the retrieval. */
  others: Others;
  /** Folder of what has come in and is not whole yet. */
  dir: string;
  /** For everything that is fetched by one command, in ms; without it, for as long as blocks come. */
  timeoutMs: number | undefined;
  onProgress?: ((progress: RetrieveProgress) => void) | undefined;
}

/** Fetches for one command, within its time. Who is asked is found out once. */
export class Retrieval implements AsyncDisposable {
  readonly dir: string;
  readonly #options: RetrievalOptions;
  readonly #ends: number;
  #found: FoundOthers | undefined;

  constructor(options: RetrievalOptions) {
    this.dir = options.dir;
    this.#options = options;
    this.#ends = performance.now() + (options.timeoutMs ?? Number.POSITIVE_INFINITY);
  }

  /** Fetches what is missing of a DAG into a store; throws as {@link retrieveDag} does. */
  async fetch(
    root: CID,
    store: RetrieveStore,
    signal: AbortSignal,
    scope: 'all' | 'block' = 'all',
  ): Promise<RetrieveReport> {
    this.#found ??= this.#options.others.find(root);
    const limits = { total: this.#ends - performance.now() };
    const { onProgress } = this.#options;
    return retrieveDag(root, { ...this.#found, store, signal, limits, scope, onProgress });
  }

  /** Who is asked for names besides HTTP routers: the DHT, where it is asked. */
  names(): NameRouter[] {
    return [this.#options.others.nameRouter()].filter((router) => router !== undefined);
  }

  /** A reader that fetches the single blocks that are not here, and keeps them in memory: for the few on the way along a path. */
  readerBeside(here: BlockReader, signal: AbortSignal): BlockReader {
    const came = new Map<string, Uint8Array>();
    const put = (blocks: readonly Block[]): void => {
      for (const { cid, bytes } of blocks) came.set(cidKey(cid), bytes);
    };
    return async (cid) => {
      const key = cidKey(cid);
      const held = came.get(key) ?? (await here(cid));
      if (held !== undefined) return held;
      await this.fetch(cid, { has: () => false, read: async () => undefined, put }, signal, 'block');
      return came.get(key);
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#options.others[Symbol.asyncDispose]();
  }
}
