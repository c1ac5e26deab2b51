import { setImmediate } from 'node:timers/promises';
import { OvnError } from '../../errors.ts';
import { BundleQueue } from './bundle-queue.ts';
import { type FoundBundle, findOut, readJudged } from './found-bundle.ts';
import type { Evidence } from './judging.ts';
import { JudgingHelper } from './judging-helper.ts';
import type { PlacedBundle } from './placed-bundles.ts';

/** Whether a bundle was judged before, so that only what the rules about many need is read of it. */
export type WasJudged = (bundle: PlacedBundle) => boolean;

export type JudgeProgress = (done: number, total: number) => void;

interface EachCase {
  evidence: Evidence;
  wasJudged: WasJudged;
  onProgress: JudgeProgress | undefined;
}

/** Bundles that are judged without a pause. */
const CHUNK = 16;

/** From so many on a second thread is worth its start. */
const WORTH_A_HELPER = 512;

/**
 * Judges bundles on this thread, and on a second one where there are many. Which of them judged a bundle cannot be told from what was
 * found. With the first in their order that is refused it ends: what was found of those behind it may be missing.
 */
export async function judgeEach(
  bundles: readonly PlacedBundle[],
  { evidence, wasJudged, onProgress }: EachCase,
): Promise<Map<string, FoundBundle>> {
  const queue = new BundleQueue(bundles);
  await using helper = startHelper(bundles, wasJudged, evidence);
  for (;;) {
    evidence.signal.throwIfAborted();
    const isOut = !(await judgeSome(queue, evidence, wasJudged));
    await helper?.feed(queue, wasJudged);
    if (isOut && (helper?.isIdle ?? true)) return queue.found;
    await (isOut ? helper?.wait() : setImmediate());
    helper?.collect(queue);
    onProgress?.(queue.settled, bundles.length);
  }
}

function startHelper(
  bundles: readonly PlacedBundle[],
  wasJudged: WasJudged,
  evidence: Evidence,
): JudgingHelper | undefined {
  const { startJudge } = evidence;
  if (startJudge === undefined || bundles.length < WORTH_A_HELPER) return undefined;
  const due = bundles.filter((bundle) => !wasJudged(bundle)).length;
  return due < WORTH_A_HELPER ? undefined : new JudgingHelper(startJudge(), evidence);
}

/** Judges a chunk on this thread; `false` where none was left. */
async function judgeSome(queue: BundleQueue, evidence: Evidence, wasJudged: WasJudged): Promise<boolean> {
  for (let count = 0; count < CHUNK; count++) {
    const bundle = queue.takeHere();
    if (bundle === undefined) return count > 0;
    const known = queue.found.get(bundle.cid.toString());
    queue.settle(bundle, known ?? (await judgeHere(bundle, evidence, wasJudged)));
  }
  return true;
}

async function judgeHere(
  bundle: PlacedBundle,
  evidence: Evidence,
  wasJudged: WasJudged,
): Promise<FoundBundle> {
  try {
    return await (wasJudged(bundle) ? readJudged : findOut)(bundle.cid, evidence);
  } catch (error) {
    if (error instanceof OvnError && error.code !== 'interrupted') return { error };
    throw error;
  }
}
