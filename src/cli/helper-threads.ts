import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { startYoungWith } from './steady-heap.ts';

/** Most of what such a thread makes is gone once it is sent: room for it, from the beginning, spares the collector's rounds. */
const YOUNG_MB = 48;

/** Starts a second thread; absent without two cores and a built program, which has its own beside the chunk that this file becomes a part of. */
export function threadStarter(name: 'judging-thread' | 'revision-helper'): (() => Worker) | undefined {
  const program = new URL(`./${name}.js`, import.meta.url);
  if (availableParallelism() < 2 || !existsSync(program)) return undefined;
  return () => {
    startYoungWith(YOUNG_MB / 3);
    return new Worker(program, { resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB } });
  };
}
