import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';

/** Most of what such a thread makes is gone once it is sent: room for it spares the collector's rounds. */
const YOUNG_MB = 64;

/** Starts a second thread; absent without two cores and a built program, which has its own beside the chunk that this file becomes a part of. */
export function threadStarter(name: 'judging-thread' | 'revision-helper'): (() => Worker) | undefined {
  const program = new URL(`./${name}.js`, import.meta.url);
  if (availableParallelism() < 2 || !existsSync(program)) return undefined;
  return () => new Worker(program, { resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB } });
}
