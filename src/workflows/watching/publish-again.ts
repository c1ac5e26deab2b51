import { setTimeout } from 'node:timers/promises';
import { watchFolder } from './watch-folder.ts';

/** The real clock is asked at least this often: it may be set, and a machine may sleep. */
const LOOK_AT_CLOCK_MS = 20_000;
/** Everything is looked at this often, whatever was told of changes. */
const LOOK_AGAIN_MS = 600_000;

export interface WatchEffects {
  /** The folder of sources. */
  folder: string;
  /**
   * Publishes what is due, and says when the next article is released: milliseconds since 1970 by the real clock; nothing where none
   * waits. What it throws ends the watch.
   */
  publish(): Promise<number | undefined>;
  /** The real clock: milliseconds since 1970. */
  wall(): number;
  signal: AbortSignal;
}

/** Publishes at once, at each change of the sources, and when an embargo ends, until the signal comes. */
export async function publishAgain({ folder, publish, wall, signal }: WatchEffects): Promise<void> {
  let changed = Promise.withResolvers<void>();
  using _watching = watchFolder(folder, () => changed.resolve());
  while (!signal.aborted) {
    changed = Promise.withResolvers<void>();
    const release = await publish();
    await waitUntilDue(release, changed.promise, wall, signal);
  }
}

async function waitUntilDue(
  release: number | undefined,
  changed: Promise<void>,
  wall: () => number,
  signal: AbortSignal,
): Promise<void> {
  const until = performance.now() + LOOK_AGAIN_MS;
  const ending = new AbortController();
  changed.then(() => ending.abort());
  const ended = AbortSignal.any([signal, ending.signal]);
  while (!ended.aborted && performance.now() < until) {
    const left = release === undefined ? LOOK_AGAIN_MS : release - wall();
    if (left <= 0) return;
    const ms = Math.min(left, LOOK_AT_CLOCK_MS);
    await setTimeout(ms, undefined, { signal: ended }).catch(() => {});
  }
}
