import type { ListedEntry } from '../../edition/pages/lists.ts';
import { type BundleContext, type MadeRevision, makeRevision, withSitePage } from './bundles.ts';
import type { DueArticle } from './plan.ts';
import type { RelatedArticles } from './related-articles.ts';

/** Revisions that follow each other in the plan. */
export interface MadeChunk {
  /** Position of the first one. */
  at: number;
  made: MadeRevision[];
}

export interface RevisionMaker extends AsyncDisposable {
  /** Told while sources are read which are due so far, and how many will be; `prepare` gives what the revisions will be made with. */
  expect(due: readonly DueArticle[], expected: number, prepare: () => Promise<BundleContext>): void;
  /** Makes all due revisions. Chunks come in any order; together they are all. */
  make(
    due: readonly DueArticle[],
    context: BundleContext,
    related: RelatedArticles,
  ): AsyncGenerator<MadeChunk>;
}

/** Articles that follow each other in the plan, and what their pages lead on to, where that is known. */
export interface RevisionTask {
  /** Position of the first one. */
  at: number;
  due: readonly DueArticle[];
  related?: readonly (readonly ListedEntry[])[];
}

/** Articles that are made without a pause. */
export const CHUNK = 64;

/** Makes revisions on this thread, one after the other. */
export const makeHere: RevisionMaker = {
  expect() {},
  make: makeOneByOne,
  async [Symbol.asyncDispose]() {},
};

async function* makeOneByOne(
  due: readonly DueArticle[],
  context: BundleContext,
  related: RelatedArticles,
): AsyncGenerator<MadeChunk> {
  for (let at = 0; at < due.length; at += CHUNK) {
    const chunk = due.slice(at, at + CHUNK);
    const task = { at, due: chunk, related: relatedFrom(at, chunk.length, related) };
    yield { at, made: await makeChunk(task, context) };
  }
}

/** What the pages of so many articles from a position on lead on to. */
export function relatedFrom(at: number, count: number, related: RelatedArticles): ListedEntry[][] {
  return Array.from({ length: count }, (_, index) => related.of(at + index));
}

export async function makeChunk(
  { due, related }: RevisionTask,
  context: BundleContext,
): Promise<MadeRevision[]> {
  const made: MadeRevision[] = [];
  for (const article of due) made.push(await makeRevision(article, context));
  return related === undefined ? made : addSitePages(made, related, context);
}

export async function addSitePages(
  made: readonly MadeRevision[],
  related: Required<RevisionTask>['related'],
  context: BundleContext,
): Promise<MadeRevision[]> {
  const whole: MadeRevision[] = [];
  for (const [at, revision] of made.entries())
    whole.push(await withSitePage(revision, context, related[at] ?? []));
  return whole;
}
