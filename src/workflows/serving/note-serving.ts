import type { Providing } from '../../node/network/providing.ts';
import { type ServingNote, writeServingNote } from '../../repo/serving-note.ts';
import { every } from './every.ts';
import type { ServeReport } from './serve-options.ts';

export interface NoteEffects {
  stateDir: string;
  report: ServeReport;
  providing: Pick<Providing, 'stats' | 'times'> | undefined;
  now(): Date;
  /** Told where it cannot be written: it goes on. */
  onDefect(error: unknown): void;
}

/** How often it is looked whether there is anything else to say, and how often it is said again all the same; ms. */
const LOOK_MS = 1_000;
const AGAIN_MS = 60_000;

/** Notes for `ovn status` that it is served, where, and when the DHT is told again; at the end, that it ended. */
export function noteServing(effects: NoteEffects): AsyncDisposable {
  const { stateDir, now, onDefect } = effects;
  let said = '';
  let written = Number.NEGATIVE_INFINITY;
  const look = (): void => {
    const note = noteOf(effects, null);
    const saying = JSON.stringify({ ...note, at: '' });
    if (saying === said && performance.now() - written < AGAIN_MS) return;
    writeServingNote(stateDir, note);
    [said, written] = [saying, performance.now()];
  };
  const looking = every(LOOK_MS, look, onDefect);
  return {
    [Symbol.asyncDispose]: async () => {
      await looking[Symbol.asyncDispose]();
      try {
        writeServingNote(stateDir, noteOf(effects, now()));
      } catch (error) {
        onDefect(error);
      }
    },
  };
}

function noteOf({ report, providing, now }: NoteEffects, ended: Date | null): ServingNote {
  const { http, metrics, peerId } = report;
  const { provided = 0, failed = 0 } = providing?.stats() ?? {};
  const { oldest, next } = providing?.times() ?? {};
  return {
    at: now().toISOString(),
    ended: ended?.toISOString() ?? null,
    http,
    metrics,
    peerId,
    provided: { roots: provided, failed, oldest: textOf(oldest), next: textOf(next) },
  };
}

function textOf(time: number | undefined): string | null {
  return time === undefined ? null : new Date(time).toISOString();
}
