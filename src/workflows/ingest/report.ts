import type { LeftOut, Loss } from '../../ingest/foreign-post.ts';

/**
 * What became of an article's source: `written` new or with images that an earlier run
 * did not bring, `unchanged` there already, `changed` is there and says something else (nothing
 * is overwritten), `overwritten` by --force, `published` from another source:
 * nothing is made of it, so that it has no images and has lost nothing.
 */
export type IngestStatus = 'written' | 'unchanged' | 'changed' | 'overwritten' | 'published';

export interface IngestedArticle {
  /** As `publish` names it. */
  source: string;
  /** Absent of a draft without a date. */
  id?: string;
  title: string;
  /** Where it comes from. */
  from: string;
  status: IngestStatus;
  /** Why it is not published as it is: it says `draft: true`. */
  held?: string;
  /** Images beside it. */
  images: string[];
  lost: Loss[];
}

/** What `ingest --json` says. */
export interface IngestReport {
  /** The folder that the sources are in. */
  into: string;
  dryRun: boolean;
  articles: IngestedArticle[];
  leftOut: LeftOut[];
  /** What else the export held, by its kind. */
  others: Record<string, number>;
}

/** Whether everything that was to come is there as it would be made. */
export function isWhole({ articles, leftOut }: IngestReport): boolean {
  return !articles.some(({ status }) => status === 'changed') && !leftOut.some(({ why }) => why === 'fault');
}
