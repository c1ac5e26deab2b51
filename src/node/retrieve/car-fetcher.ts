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
 * Asks places for a whole DAG as a CAR, and reads on from the one whose first block is here first; the others are let go of. What a place
 * does wrong is in its record.
 *
 * @returns who gave it, whole or in part.
 * @throws what `take` throws.
 */
export async function fetchCar(
  root: CID,
  records: readonly SourceRecord[],
  task: CarTask,
): Promise<SourceRecord | undefined> {
  const runners = records.flatMap((record) => start(root, record, task) ?? []);
  try {
    const winner = await Promise.any(runners.map(takeFirst)).catch(() => undefined);
    if (winner === undefined) return undefined;
    for (const other of runners) if (other !== winner.runner) stop(other);
    await readOn(winner.runner, winner.first, task);
    return winner.runner.record;
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
  if (first === 'over') runner.record.failedCar(new OvnError('io', 'its CAR has no blocks'));
  if (typeof first === 'string') throw new Error('no first block');
  return { runner, first };
}

async function readOn(runner: Runner, first: Block, task: CarTask): Promise<void> {
  let credit = FREE_REPETITION;
  let block: Block | 'over' | 'failed' = first;
  for (; typeof block !== 'string'; block = await nextOf(runner)) {
    const taken = task.take(block);
    const kind = taken instanceof Promise ? await taken : taken;
    const cost = BLOCK_COST + block.bytes.length;
    credit += kind === 'new' ? cost : -cost;
    const problem = kind === 'stray' ? `it has what nobody asked for, or too early: ${block.cid}` : undefined;
    if (problem !== undefined || credit < 0) {
      const why = `its CAR is not in order: ${problem ?? 'it repeats itself'}`;
      return runner.record.failedCar(new OvnError('io', why));
    }
    if (kind === 'known') continue;
    runner.record.gave(block.bytes.length);
    runner.timer.refresh();
    if (task.isWhole()) return;
  }
  if (block === 'over') runner.record.gaveCar();
}

/** The next block; where there is none any more, why: what failed is in the record. */
async function nextOf({ record, ends, blocks }: Runner): Promise<Block | 'over' | 'failed'> {
  try {
    const next = await blocks.next();
    return next.done === true ? 'over' : next.value;
  } catch (error) {
    if (!ends.aborted) record.failedCar(error);
    else if (ends.reason instanceof OvnError) record.failedCar(ends.reason);
    return 'failed';
  }
}
