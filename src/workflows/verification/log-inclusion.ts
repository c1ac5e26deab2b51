import { CID } from 'multiformats/cid';
import { ARTICLE_JSON_LIMIT, parseArticle } from '../../bundle/article-json.ts';
import { OvnError } from '../../errors.ts';
import type { Repository } from '../../repo/repository.ts';
import { type Check, firstFailed } from '../../trust/check.ts';
import { judgeArticle } from '../../trust/judge-article.ts';
import { type Authority, authorityAt, type LoggedMasthead, readKeyHistory } from '../../trust/key-history.ts';
import { readMastheads } from '../../trust/masthead-chain.ts';
import { resolvePath } from '../../unixfs/directory.ts';
import { type LogEffects, openHeadLog } from '../logs/head-log.ts';
import { proveRevision } from '../logs/prove-revision.ts';
import { checkAsync, type Evidence, refusal } from './judging.ts';
import type { Judged } from './standing.ts';

const NAME = 'log-inclusion';

/** What is said of things that are not looked up in a log. */
const REASONS = {
  bundle: 'no log of its publication is at hand',
  category: 'a category has no entry of its own; its articles were not looked up one by one',
  edition: 'an edition has no entry in its own log: the edition after it logs it',
} as const;

/** Whether an article is in the log of the head edition, where that is of the same publication, and whose keys count there. */
export async function judgeInclusion(judged: Judged, effects: LogEffects | undefined): Promise<Check[]> {
  const { kind, root, article, revision, publication } = judged;
  const isOwn = publication !== undefined && publication === effects?.repository.publicationId;
  if (kind !== 'bundle' || !isOwn || effects === undefined || article === undefined || revision === undefined)
    return [notChecked(REASONS[kind])];
  try {
    return await lookUp({ root, article, revision }, effects);
  } catch (error) {
    if (!(error instanceof OvnError) || error.code === 'interrupted') throw error;
    const result = error.code === 'refused' || error.code === 'malformed' ? 'fail' : 'not-checked';
    return [{ name: NAME, result, detail: error.message }];
  }
}

async function lookUp(
  { root, article, revision }: { root: string; article: string; revision: number },
  effects: LogEffects,
): Promise<Check[]> {
  const log = await openHeadLog(effects);
  if (log === undefined) return [notChecked('no log is published yet')];
  const { entry, index, size } = await proveRevision({ article, revision }, log, effects);
  if (entry.cid !== root) {
    const detail = `entry ${index} of ${size} has another revision ${revision} of ${article}: ${entry.cid}`;
    return [{ name: NAME, result: 'fail', detail }];
  }
  const detail = `entry ${index} of ${size}${later(article, revision, size, effects.repository)}`;
  return [{ name: NAME, result: 'pass', detail }, ...(await judgeKeys(root, index, log.evidence, effects))];
}

/** The keys that signed it count at its place in the log: not retired before it, and not revoked from there or before on. */
async function judgeKeys(
  root: string,
  index: number,
  evidence: Evidence,
  { repository, now }: LogEffects,
): Promise<Check[]> {
  const checks: Check[] = [];
  const requireKeys = async (): Promise<Authority> => {
    const mastheads = readMastheads(repository.mastheads().map(({ bytes }) => bytes));
    const at = authorityAt(readKeyHistory(mastheads, loggedMastheads(repository)), index);
    const link = await resolvePath(CID.parse(root), ['article.json'], evidence.read);
    if (link === undefined) throw refusal('article.json is missing');
    const article = parseArticle(await evidence.file(link.cid, ARTICLE_JSON_LIMIT));
    const failed = firstFailed(judgeArticle(article, mastheads, now, at));
    if (failed === undefined) return at;
    throw refusal(`entry ${index}: ${failed.name}: ${failed.detail}`);
  };
  const tell = ({ masthead }: Authority) =>
    `by masthead ${masthead.version}, the newest that was logged before it`;
  await checkAsync(checks, 'log-keys', requireKeys, tell);
  return checks;
}

/** Where in the log the mastheads are; of a single one without looking through all that was recorded. */
function loggedMastheads(repository: Repository): LoggedMasthead[] {
  const versions = repository.mastheads();
  if (versions.length === 1) return versions.map(({ version, cid }) => ({ index: 0, version, cid }));
  return repository.events
    .ofKind('masthead')
    .map(({ position, cid }, at) => ({ index: position - 1, version: at + 1, cid }));
}

/** What the log has of the article after this revision: its newest entry is this one, or it is superseded. */
function later(article: string, revision: number, size: number, { events, articles }: Repository): string {
  const newest = articles.get(article)?.revision ?? revision;
  const event = newest > revision ? events.ofRevision(article, newest) : undefined;
  if (event === undefined || event.position > size) return ', the newest of its article';
  return `, superseded by the ${event.kind} of entry ${event.position - 1}, revision ${newest}`;
}

function notChecked(detail: string): Check {
  return { name: NAME, result: 'not-checked', detail };
}
