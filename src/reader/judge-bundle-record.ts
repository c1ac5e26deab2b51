import { parseArticle, type SignedArticle } from '../bundle/article-json.ts';
import type { LoggedArticle, LoggedRevision } from '../log/fold.ts';
import { type Authority, authorityAt, type KeyHistory, revokedAt } from '../trust/key-history.ts';
import { judgeDeskAt } from './desk-at-entry.ts';
import type { OfferedBundle } from './offered.ts';
import { refusal } from './refusal.ts';
import type { VerifiedLog } from './verified-log.ts';

/** What the log says of a bundle. */
export interface BundleRecord {
  article: SignedArticle;
  /** Its entry; absent where the log at hand does not have it. */
  logged?: LoggedRevision;
  /** CID of the newest revision, where that is another one. */
  supersededBy?: string;
  /** Whether the publication revoked the key that signed it, from its entry or from one before it on. */
  disowned: boolean;
}

/** By what a bundle is judged. */
export interface Records {
  log: VerifiedLog;
  /** Where in that log the known mastheads stand. */
  keys: KeyHistory;
  now: Date;
}

/**
 * What the log says of one bundle: it is the revision that was logged in its place, no retraction is hidden, and the desk
 * keys that signed it might do so where it was logged.
 *
 * @throws {OvnError} `refused`, `malformed` or `limit`.
 */
export function judgeBundleRecord(bundle: OfferedBundle, records: Records): BundleRecord {
  const article = parseArticle(bundle.document);
  if (article.identifier !== bundle.id) throw refusal(`${bundle.id} is the article ${article.identifier}`);
  const history = records.log.fold.articles.get(bundle.id);
  const logged = history === undefined ? undefined : revisionOf(history, article.revision);
  if (history === undefined || logged === undefined) return judgeUnlogged(bundle, article, records);
  requirePlace(bundle, article, history, logged);
  const disowned = isDisowned(article, logged.index, authorityAt(records.keys, logged.index), records);
  const { newest } = history;
  return { article, logged, disowned, ...(newest === logged ? {} : { supersededBy: newest.cid }) };
}

/** A bundle alone may be newer than the log at hand: then it is judged as if it were logged next. */
function judgeUnlogged(bundle: OfferedBundle, article: SignedArticle, records: Records): BundleRecord {
  const { mastheads } = records.keys;
  if (bundle.place !== 'alone') {
    throw refusal(`${bundle.id}, revision ${article.revision}, is there and was never logged`);
  }
  const { masthead } = mastheads.newest;
  if (article.publication.masthead > masthead.version) return { article, disowned: false };
  const next = records.log.fold.size;
  const at = { masthead, revoked: revokedAt(mastheads, next) };
  return { article, disowned: isDisowned(article, next, at, records) };
}

function isDisowned(article: SignedArticle, index: number, at: Authority, { keys, now }: Records): boolean {
  return judgeDeskAt(article, { known: keys.mastheads, index, at, now }) === 'disowned';
}

function revisionOf({ newest, earlier }: LoggedArticle, revision: number): LoggedRevision | undefined {
  return revision === newest.revision ? newest : earlier[revision - 1];
}

function requirePlace(
  { id, cid, place }: OfferedBundle,
  { revision, status }: SignedArticle,
  { newest, retracted }: LoggedArticle,
  logged: LoggedRevision,
): void {
  if (place === 'newest' && logged !== newest) {
    const hidden = retracted ? `its retraction, revision ${newest.revision},` : `revision ${newest.revision}`;
    throw refusal(`${id} is shown as of revision ${revision}; ${hidden} was logged after it`);
  }
  if (typeof place === 'number' && place !== revision)
    throw refusal(`${id}: ${place} is revision ${revision}`);
  if (logged.cid !== cid) throw refusal(`${id}, revision ${revision}, is ${cid}; the log says ${logged.cid}`);
  if (logged === newest && retracted !== (status === 'retracted')) {
    throw refusal(`${id} is ${status}; the log has its revision ${revision} as a ${newest.kind}`);
  }
}
