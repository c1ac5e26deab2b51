import type { CID } from 'multiformats/cid';
import type { Bell } from './bell.ts';
import type { Troubles } from './troubles.ts';

/** Provider records are forgotten after 48 hours; milliseconds. */
export const PROVIDE_TIMES = {
  again: 22 * 3_600_000,
  /** For one root. */
  timeout: 60_000,
  /** Between two looks for what is due. */
  look: 600_000,
  /** After a failure, at first; twice as long after each further one. */
  retry: 5_000,
};

export interface ProvideEffects {
  /** What is to be found by others, now. */
  roots(): readonly CID[];
  provide(cid: CID, options: { signal: AbortSignal }): Promise<void>;
  /** Rings when there may be other roots. */
  bell: Bell;
  troubles: Troubles;
  signal: AbortSignal;
  /** Milliseconds on a clock that never goes back. */
  clock(): number;
}

export interface Providing {
  /** Seconds since the root was provided that was longest ago; `undefined` before all have been. */
  age(): number | undefined;
  /** When the signal has ended it. */
  ended: Promise<void>;
}

/** Tells the DHT what is held here: at once, after each publish, and again long before it is forgotten. */
export function keepProvided(effects: ProvideEffects, times = PROVIDE_TIMES): Providing {
  const provided = new Map<string, number>();
  const age = () => oldest(effects.roots(), provided, effects.clock());
  return { age, ended: provideUntilEnded(effects, provided, times) };
}

async function provideUntilEnded(
  effects: ProvideEffects,
  provided: Map<string, number>,
  times: typeof PROVIDE_TIMES,
): Promise<void> {
  const { bell, troubles, signal } = effects;
  for (let pause = times.retry; !signal.aborted; ) {
    const failed = await provideDue(effects, provided, times);
    if (failed === undefined) troubles.settle('provide');
    else if (!signal.aborted) troubles.report('provide', failed);
    await bell.heard(failed === undefined ? times.look : pause, signal);
    pause = failed === undefined ? times.retry : Math.min(pause * 2, times.look);
  }
}

/** The last failure, where there was one; the others are provided all the same. */
async function provideDue(
  { roots, provide, signal, clock }: ProvideEffects,
  provided: Map<string, number>,
  { again, timeout }: typeof PROVIDE_TIMES,
): Promise<unknown> {
  let failed: unknown;
  const wanted = roots();
  const known = new Set(wanted.map((root) => root.toString()));
  for (const key of provided.keys()) if (!known.has(key)) provided.delete(key);
  for (const root of wanted) {
    if (signal.aborted) return failed;
    if (clock() - (provided.get(root.toString()) ?? Number.NEGATIVE_INFINITY) < again) continue;
    try {
      await provide(root, { signal: AbortSignal.any([signal, AbortSignal.timeout(timeout)]) });
      provided.set(root.toString(), clock());
    } catch (error) {
      failed = error;
    }
  }
  return failed;
}

function oldest(
  roots: readonly CID[],
  provided: ReadonlyMap<string, number>,
  now: number,
): number | undefined {
  if (roots.length === 0) return undefined;
  const times = roots.map((root) => provided.get(root.toString()) ?? Number.NaN);
  const age = (now - Math.min(...times)) / 1000;
  return Number.isNaN(age) ? undefined : age;
}
