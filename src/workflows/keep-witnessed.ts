import { setTimeout } from 'node:timers/promises';
import { type WitnessEffects, type WitnessedHead, witnessHead } from './witness-head.ts';
import { isWitnessed } from './witnessing/report.ts';

/** How often the head is looked at. */
const POLL_MS = 2_000;
/** Looks before a new head is taken on: its publication asks the witnesses itself. */
const FIRST_LOOKS = 20;
/** Looks between two attempts at most: ten minutes. */
const MOST_LOOKS = 300;

export interface KeepEffects extends WitnessEffects {
  /** Told after each attempt. */
  onAttempt(result: WitnessedHead): void;
  /** Told of what goes wrong here; it goes on. */
  onDefect(error: unknown): void;
}

/**
 * Finishes what publications left: while the head lacks cosignatures its witnesses are asked again, at once at first and
 * then less and less often, until the signal comes.
 */
export async function keepWitnessed(effects: KeepEffects): Promise<void> {
  const { repository, signal } = effects;
  if (repository.settings.witnesses === undefined) return;
  let sequence = repository.head()?.sequence;
  let pause = 1;
  for (let left = 0; !signal.aborted; await sleep(signal)) {
    const now = repository.head()?.sequence;
    if (now !== sequence) [sequence, pause, left] = [now, 1, FIRST_LOOKS];
    if (now === undefined || left-- > 0 || isWitnessed(repository)) continue;
    await attempt(effects);
    left = pause;
    pause = Math.min(pause * 2, MOST_LOOKS);
  }
}

async function attempt(effects: KeepEffects): Promise<void> {
  try {
    const result = await witnessHead(effects);
    if (result !== undefined) effects.onAttempt(result);
  } catch (error) {
    if (!effects.signal.aborted) effects.onDefect(error);
  }
}

async function sleep(signal: AbortSignal): Promise<void> {
  await setTimeout(POLL_MS, undefined, { signal }).catch(() => undefined);
}
