import { type BundleContext, type MadeRevision, makeRevision } from './bundles.ts';
import type { DueArticle } from './plan.ts';

/** Revisions that follow each other in the plan. */
export interface MadeChunk {
  /** Position of the first one. */
  at: number;
  made: MadeRevision[];
}

export interface RevisionMaker extends AsyncDisposable {
  /** Told while sources are read which are due so far; `prepare` gives what the revisions will be made with. */
  expect(due: readonly DueArticle[], prepare: () => Promise<BundleContext>): void;
  /** Makes all due revisions. Chunks come in any order; together they are all. */
  make(due: readonly DueArticle[], context: BundleContext): AsyncGenerator<MadeChunk>;
}

/** Articles that are made without a pause. */
export const CHUNK = 64;

/** Makes revisions on this thread, one after the other. */
export const makeHere: RevisionMaker = {
  expect() {},
  make: makeOneByOne,
  async [Symbol.asyncDispose]() {},
};

async function* makeOneByOne(due: readonly DueArticle[], context: BundleContext): AsyncGenerator<MadeChunk> {
  for (let at = 0; at < due.length; at += CHUNK) {
    yield { at, made: await makeChunk(due.slice(at, at + CHUNK), context) };
  }
}

export async function makeChunk(due: readonly DueArticle[], context: BundleContext): Promise<MadeRevision[]> {
  const made: MadeRevision[] = [];
  for (const article of due) made.push(await makeRevision(article, context));
  return made;
}
