import { makeHere, type RevisionMaker } from '../workflows/publishing/make-revisions.ts';
import { makeWithHelper } from '../workflows/publishing/make-with-helper.ts';
import { threadStarter } from './helper-threads.ts';

/** Makes revisions on this thread, and on a second one where there are many. */
export function revisionMaker(): RevisionMaker {
  const start = threadStarter('revision-helper');
  return start === undefined ? makeHere : makeWithHelper(start);
}
