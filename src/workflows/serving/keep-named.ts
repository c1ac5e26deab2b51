import { Bell } from './bell.ts';
import type { Troubles } from './troubles.ts';

/** Routers and the DHT forget a record in 24 to 48 hours; milliseconds. */
export const NAME_TIMES = {
  /** Between two looks whether the record is to be renewed, or leads elsewhere. */
  look: 3_600_000,
  /** Between two puts of the same bytes. */
  again: 12 * 3_600_000,
  retry: 5_000,
};

/** One record of a name that we keep known; without a time, what kept one from being made. */
export interface KeptName {
  validUntil: Date | undefined;
  /** What went wrong where it was put, in words for people. */
  problems: readonly string[];
}

export interface NameEffects {
  /** As it is called where something goes wrong. */
  part?: string;
  /**
   * Lets our names lead to the current edition, and signs anew where less than half of the time is left; the same bytes go to every
   * router with `everywhere`, else only where they are not known. Nothing where there is no edition.
   */
  publish(options: { everywhere: boolean; signal: AbortSignal }): Promise<readonly KeptName[]>;
  troubles: Troubles;
  signal: AbortSignal;
  clock(): number;
}

export interface Naming {
  /** When the first of the records ends; `undefined` where there is none. */
  ends(): Date | undefined;
  /** There may be another edition. */
  look(): void;
  /** There are others who do not know the records yet. */
  tellAgain(): void;
  ended: Promise<void>;
}

/** Keeps names, of ours leading to the newest edition, known to those who are asked for them. */
export function keepNamed(effects: NameEffects, times = NAME_TIMES): Naming {
  const state: State = { names: [], told: Number.NEGATIVE_INFINITY, bell: new Bell() };
  const ended = nameUntilEnded(effects, state, times);
  return {
    ends: () => {
      const ends = state.names.flatMap(({ validUntil }) => validUntil?.getTime() ?? []);
      return ends.length === 0 ? undefined : new Date(Math.min(...ends));
    },
    look: () => state.bell.ring(),
    tellAgain: () => {
      state.told = Number.NEGATIVE_INFINITY;
      state.bell.ring();
    },
    ended,
  };
}

interface State {
  names: readonly KeptName[];
  /** When all were told last. */
  told: number;
  bell: Bell;
}

async function nameUntilEnded(effects: NameEffects, state: State, times: typeof NAME_TIMES): Promise<void> {
  const { signal, clock } = effects;
  for (let pause = times.retry; !signal.aborted; ) {
    const everywhere = clock() - state.told >= times.again;
    if (everywhere) state.told = clock();
    const isDone = await nameOnce(effects, everywhere, state);
    if (!isDone && everywhere) state.told = Number.NEGATIVE_INFINITY;
    await state.bell.heard(isDone ? times.look : pause, signal);
    pause = isDone ? times.retry : Math.min(pause * 2, times.look);
  }
}

async function nameOnce(
  { publish, troubles, signal, part = 'name' }: NameEffects,
  everywhere: boolean,
  state: State,
): Promise<boolean> {
  try {
    const names = await publish({ everywhere, signal });
    state.names = names;
    const problems = names.flatMap((name) => name.problems);
    if (problems.length > 0) troubles.report(part, problems.join('; '));
    else troubles.settle(part);
    return problems.length === 0;
  } catch (error) {
    if (!signal.aborted) troubles.report(part, error);
    return false;
  }
}
