import type { Worker } from 'node:worker_threads';
import type { CID } from 'multiformats/cid';
import { OvnError } from '../../errors.ts';
import type { Block, BlockReader } from '../../unixfs/block.ts';
import { cidKey } from '../../unixfs/hash.ts';
import { type PackedBlocks, packBlocks } from '../../unixfs/packed-blocks.ts';
import { walkDag } from '../../unixfs/walk.ts';
import { HelperThread } from '../helper-thread.ts';
import type { BundleQueue } from './bundle-queue.ts';
import type { JudgedFound } from './found-bundle.ts';
import type { WasJudged } from './judge-each.ts';
import type { Evidence } from './judging.ts';
import type { PlacedBundle } from './placed-bundles.ts';

/** What is sent to the second thread: first the moment to judge by, then bundles with all of their blocks. */
export type JudgingMessage = { now: Date } | JudgingTask;

export interface JudgingTask extends PackedBlocks {
  /** CIDs of the bundles. */
  roots: string[];
}

/** One for each bundle, in order; nothing where not all that judging it takes was sent. */
export type JudgingReply = (JudgedFound | undefined)[];

/** Bundles that are sent at once, and the bytes after which no more are added. */
const CHUNK = 32;
const CHUNK_BYTES = 2 * 1024 * 1024;
/** Questions that it has at a time, so that it never waits, and never has much in memory. */
const AHEAD = 2;

/** A bundle of more than this stays here: nearly all have five blocks, and a few KiB. */
const MOST_BLOCKS = 64;
const MOST_BYTES = 512 * 1024;

/** The second thread that judges bundles, as it is seen from the first. It is sent blocks as they were read, and hashes them itself. */
export class JudgingHelper implements AsyncDisposable {
  readonly #thread: HelperThread<JudgingMessage, JudgingReply>;
  readonly #read: BlockReader;
  /** What it was asked for and has not answered, in order. */
  #given: PlacedBundle[][] = [];
  #isGone = false;

  constructor(worker: Worker, { now, source }: Pick<Evidence, 'now' | 'source'>) {
    this.#thread = new HelperThread(worker);
    this.#read = source;
    this.#thread.tell({ now });
  }

  get isIdle(): boolean {
    return this.#given.length === 0;
  }

  /** Sends as much as it should have. */
  async feed(queue: BundleQueue, wasJudged: WasJudged): Promise<void> {
    while (!this.#isGone && this.#given.length < AHEAD) {
      const { bundles, blocks } = await this.#pack(queue, wasJudged);
      if (bundles.length === 0) return;
      this.#given.push(bundles);
      const task = { roots: bundles.map(({ cid }) => cid.toString()), ...packBlocks(blocks) };
      this.#thread.ask(task, [task.bytes]);
    }
  }

  /** Resolves when there is an answer. */
  wait(): Promise<void> {
    return this.#thread.wait();
  }

  /** Takes in what it has answered. What a thread that failed was asked for is judged here. */
  collect(queue: BundleQueue): void {
    for (const reply of this.#replies()) {
      for (const [at, bundle] of (this.#given.shift() ?? []).entries()) {
        const found = reply[at];
        if (found === undefined) queue.putBack(bundle);
        else queue.settle(bundle, found);
      }
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#thread[Symbol.asyncDispose]();
  }

  #replies(): readonly JudgingReply[] {
    try {
      return this.#thread.take();
    } catch {
      this.#isGone = true;
      return this.#given.map(() => []);
    }
  }

  async #pack(
    queue: BundleQueue,
    wasJudged: WasJudged,
  ): Promise<{ bundles: PlacedBundle[]; blocks: Iterable<Block> }> {
    const bundles: PlacedBundle[] = [];
    const blocks = new Map<string, Block>();
    for (let size = 0; bundles.length < CHUNK && size < CHUNK_BYTES; ) {
      const bundle = queue.take();
      if (bundle === undefined) break;
      const own = wasJudged(bundle) ? undefined : await readSmall(bundle.cid, this.#read, blocks);
      if (own === undefined) queue.putBack(bundle);
      else bundles.push(bundle);
      for (const block of own ?? []) {
        blocks.set(cidKey(block.cid), block);
        size += block.bytes.length;
      }
    }
    return { bundles, blocks: blocks.values() };
  }
}

/** The blocks of a bundle that are not among others; nothing where it is large, or not all of it can be read. */
async function readSmall(
  root: CID,
  read: BlockReader,
  others: ReadonlyMap<string, Block>,
): Promise<Block[] | undefined> {
  const blocks: Block[] = [];
  const skip = (cid: CID): boolean => others.has(cidKey(cid));
  let size = 0;
  try {
    for await (const { cid, bytes } of walkDag(root, read, { limit: MOST_BLOCKS, skip })) {
      size += bytes?.length ?? 0;
      if (bytes === undefined || size > MOST_BYTES) return undefined;
      blocks.push({ cid, bytes });
    }
    return blocks;
  } catch (error) {
    if (error instanceof OvnError) return undefined;
    throw error;
  }
}
