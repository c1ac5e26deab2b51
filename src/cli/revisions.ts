import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { makeHere, type RevisionMaker } from '../workflows/publishing/make-revisions.ts';
import { makeWithHelper } from '../workflows/publishing/make-with-helper.ts';

/** As the build leaves it, beside the chunk that this file becomes a part of. */
const PROGRAM = new URL('./revision-helper.js', import.meta.url);

/** Most of what a revision is made of is gone once it is sent: room for it spares the collector's rounds. */
const YOUNG_MB = 64;

/** Makes revisions on this thread, and on a second one where there are many, two cores and a built program. */
export function revisionMaker(): RevisionMaker {
  if (availableParallelism() < 2 || !existsSync(PROGRAM)) return makeHere;
  return makeWithHelper(
    () => new Worker(PROGRAM, { resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB } }),
  );
}
