import { availableParallelism } from 'node:os';
import { type PictureMaker, picturesHere } from '../workflows/publishing/picture-maker.ts';
import { makeOnThreads } from '../workflows/publishing/picture-threads.ts';
import { threadStarter } from './helper-threads.ts';

/** More threads than this take more memory than they save time. */
const MOST_THREADS = 4;

/** Decodes and resizes pictures on other threads, as many as there are cores. */
export function pictureMaker(): PictureMaker {
  const start = threadStarter('picture-thread');
  if (start === undefined) return picturesHere;
  return makeOnThreads(start, Math.min(availableParallelism(), MOST_THREADS));
}
