import type { CID } from 'multiformats/cid';
import { ARTICLE_JSON_LIMIT, parseArticle, type SignedArticle } from '../../bundle/article-json.ts';
import type { OvnError } from '../../errors.ts';
import { firstFailed } from '../../trust/check.ts';
import { judgeBundle } from './bundle.ts';
import { requireEntry } from './entries.ts';
import type { Evidence } from './judging.ts';

/** What the rules about many bundles need to know of one. */
export type JudgedArticle = Pick<SignedArticle, 'identifier' | 'revision' | 'previous' | 'theme'> & {
  categories: string[];
  retracted: boolean;
  /** Revisions that may not be there. */
  withheld: readonly number[];
};

/** What was found out about a bundle. Plain data, but for an error: another thread may have found it out. */
export type JudgedFound =
  | {
      article: JudgedArticle;
      /** The publication, and the CID of the masthead, that it was signed for; absent where its signature was judged before. */
      signed?: { publication: string; masthead: string };
    }
  /** The check that refuses it. */
  | { failure: string };

/** The same, or why a bundle that was judged before cannot be read. */
export type FoundBundle = JudgedFound | { error: OvnError };

/** Judges a bundle that was not met before. */
export async function findOut(root: CID, evidence: Evidence): Promise<JudgedFound> {
  const { checks, article, mastheads } = await judgeBundle(root, evidence);
  if (article === undefined || mastheads === undefined) {
    const failed = firstFailed(checks);
    return { failure: `${failed?.name}: ${failed?.detail}` };
  }
  const signed = { publication: mastheads.publicationId, masthead: mastheads.newest.cid };
  return { article: summarise(article), signed };
}

/** Reads of a bundle that was judged before what the rules about many need. */
export async function readJudged(root: CID, evidence: Evidence): Promise<JudgedFound> {
  const file = requireEntry(await evidence.directory(root), 'article.json');
  return { article: summarise(parseArticle(await evidence.file(file, ARTICLE_JSON_LIMIT))) };
}

function summarise({
  identifier,
  revision,
  previous,
  categories,
  status,
  withheld = [],
  theme,
}: SignedArticle): JudgedArticle {
  return {
    identifier,
    revision,
    ...(previous === undefined ? {} : { previous }),
    categories: categories.map(({ slug }) => slug),
    retracted: status === 'retracted',
    withheld,
    ...(theme === undefined ? {} : { theme }),
  };
}
