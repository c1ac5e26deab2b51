import type { CID } from 'multiformats/cid';
import { OvnError } from '../../errors.ts';
import type { Block } from '../../unixfs/block.ts';
import type { SourceRecord } from './source-record.ts';

/** Whether a block was new, is here already, or is linked to by nothing that is here. */
export type Taken = 'new' | 'known' | 'stray';

export interface CarTask {
  take(block: Block): Taken | Promise<Taken>;
  isWhole(): boolean;
  /** Without a new block for so many milliseconds, a CAR has failed. */
  patience: number;
  signal: AbortSignal;
}

/** Bytes that a CAR may repeat, beside as many as it brings that are new. */
const FREE_REPETITION = 4 * 1024 * 1024;

/** What a block costs beside its bytes. */
const BLOCK_COST = 64;

/** One CAR that is being read. */
interface Runner {
  record: SourceRecord;
  controller: AbortController;
  /** Ends with the controller, and with everything. */
  ends: AbortSignal;
  blocks: AsyncIterator<Block>;
  timer: NodeJS.Timeout;
}

/**
 * Asks all places that give CARs for a whole DAG, and reads on from the one whose first block is here first; the others are let go of. What a
 * place does wrong is in its record.
 *
 * @throws what `take` throws.
 */
export async function fetchCar(root: CID, records: readonly SourceRecord[], task: CarTask): Promise<void> {
  const runners = records.flatMap((record) => start(root, record, task) ?? []);
  try {
    const winner = await Promise.any(runners.map(takeFirst)).catch(() => undefined);
    if (winner === undefined) return;
    for (const other of runners) if (other !== winner.runner) stop(other);
    await readOn(winner.runner, winner.first, task);
  } finally {
    for (const runner of runners) stop(runner);
  }
}

function start(root: CID, record: SourceRecord, { signal, patience }: CarTask): Runner | undefined {
  if (record.source.dag === undefined) return undefined;
  const controller = new AbortController();
  const ends = AbortSignal.any([signal, controller.signal]);
  const blocks = record.source.dag(root, [], { signal: ends, scope: 'all' })[Symbol.asyncIterator]();
  const late = new OvnError('io', `no new block in ${patience / 1000} s`);
  return { record, controller, ends, blocks, timer: setTimeout(() => controller.abort(late), patience) };
}

function stop({ controller, timer, blocks }: Runner): void {
  clearTimeout(timer);
  controller.abort();
  void blocks.return?.().catch(() => undefined);
}

/** @throws when there is none */
async function takeFirst(runner: Runner): Promise<{ runner: Runner; first: Block }> {
  const first = await nextOf(runner);
  if (first !== undefined) return { runner, first };
  throw new Error('no first block');
}

async function readOn(runner: Runner, first: Block, task: CarTask): Promise<void> {
  let credit = FREE_REPETITION;
  for (let block: Block | undefined = first; block !== undefined; block = await nextOf(runner)) {
    const taken = task.take(block);
    const kind = taken instanceof Promise ? await taken : taken;
    const cost = BLOCK_COST + block.bytes.length;
    credit += kind === 'new' ? cost : -cost;
    const problem = kind === 'stray' ? `it has what nobody asked for, or too early: ${block.cid}` : undefined;
    if (problem !== undefined || credit < 0)
      return runner.record.failed(
        new OvnError('io', `its CAR is not in order: ${problem ?? 'it repeats itself'}`),
      );
    if (kind === 'known') continue;
    runner.record.gave(block.bytes.length);
    runner.timer.refresh();
    if (task.isWhole()) return;
  }
}

/** The next block; nothing where there is none any more, and the record says why. */
async function nextOf({ record, ends, blocks }: Runner): Promise<Block | undefined> {
  try {
    const next = await blocks.next();
    if (next.done !== true) return next.value;
    record.failed(new OvnError('io', 'its CAR ends before the DAG is whole'));
  } catch (error) {
    if (!ends.aborted) record.failed(error);
    else if (ends.reason instanceof OvnError) record.failed(ends.reason);
  }
  return undefined;
}
