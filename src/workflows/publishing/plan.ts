import type { Article } from '../../article/article.ts';
import type { HeldBack } from '../../article/release.ts';
import type { PreviousRevision } from '../../bundle/build-bundle.ts';
import type { Finding } from '../../errors.ts';
import type { StoredArticle } from '../../repo/article-row.ts';
import type { SourceRecord } from '../../repo/source-index.ts';
import type { LoadedMedia } from './media.ts';
import type { MovedSource } from './note-sources.ts';

/** An article of which a revision is due. */
export interface DueArticle {
  source: string;
  article: Article;
  media: LoadedMedia[];
  record: SourceRecord;
  /** What is published now, when anything is. */
  published: StoredArticle | undefined;
  /** Its newest revision, for what is different from it. */
  previous: PreviousRevision | undefined;
  /** What would hold it back, where it was planned all the same. */
  held?: HeldBack;
}

/** What a publication would do, found out without writing anything. */
export interface Plan {
  due: DueArticle[];
  /** Sources that look as they did when they were published, and were not read. */
  untouched: string[];
  /** Other sources, or articles, whose newest revision is published as it is. */
  unchanged: { source: string; id: string }[];
  held: HeldSource[];
  /** Sources that are no longer where they were published from, and where they are now. */
  moved: MovedSource[];
  /** Sources that were published and are no longer there. */
  missing: { source: string; id: string }[];
  /** What is known of sources that are the same but were touched or moved. */
  records: SourceRecord[];
  warnings: Finding[];
}

export function emptyPlan(): Plan {
  return {
    due: [],
    untouched: [],
    unchanged: [],
    held: [],
    moved: [],
    missing: [],
    records: [],
    warnings: [],
  };
}

/** A source that is not published as it is now. */
export interface HeldSource extends HeldBack {
  source: string;
  id: string | undefined;
  headline: string | undefined;
}

export interface PlanOptions {
  /** Files and folders; only these are considered. */
  paths: readonly string[];
  /** Whether `paths` is the outlet's whole folder, so that a source that is not there was deleted. */
  whole: boolean;
  allowFuture: boolean;
  /** Texts of sources in place of what their files say. */
  drafts?: ReadonlyMap<string, string> | undefined;
  now: Date;
  /** Up to which moment embargoes are over, by the real clock; milliseconds since 1970. */
  releasedUntil: number;
  signal: AbortSignal;
  /** Told which articles are due so far, a list that grows, and how many there will be if it goes on like that. */
  onDue?: ((due: readonly DueArticle[], expected: number) => void) | undefined;
  onProgress?: ((done: number, total: number) => void) | undefined;
  /** Plan also what is held back, to be looked at and never to be published. */
  includeHeld?: boolean;
}
