import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { startYoungWith } from './steady-heap.ts';

/** Most of what such a thread makes is gone once it is sent: room for it, from the beginning, spares the collector's rounds. */
const YOUNG_MB = 48;

/**
 * Starts a second thread; absent without two cores and a built program, which has its own beside the chunk that this file becomes a
 * part of. Pictures have theirs on a single core as well: what decodes them can be stopped there.
 */
export function threadStarter(
  name: 'judging-thread' | 'picture-thread' | 'revision-helper',
): (() => Worker) | undefined {
  const program = new URL(`./${name}.js`, import.meta.url);
  if ((name !== 'picture-thread' && availableParallelism() < 2) || !existsSync(program)) return undefined;
  return () => {
    startYoungWith(YOUNG_MB / 3);
    return new Worker(program, { resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB } });
  };
}
