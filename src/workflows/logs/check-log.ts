import { CID } from 'multiformats/cid';
import { OvnError } from '../../errors.ts';
import type { LogFold } from '../../log/fold.ts';
import { encodeBase64 } from '../../log/text.ts';
import { type Check, firstFailed, skipChecks } from '../../trust/check.ts';
import { refusal } from '../verification/judging.ts';
import { requireEntries } from '../verification/log.ts';
import { requireArticles } from '../verification/logged-articles.ts';
import { listBundles } from '../verification/placed-bundles.ts';
import { recallSeen, rememberSeen, type SeenLog } from './check-memory.ts';
import { requireEarlierRevisions, requireLoggedChanges, requireRetractions } from './compare-articles.ts';
import { type HeadLog, type LogEffects, requireHeadLog } from './head-log.ts';
import { replayAll, replaySince } from './replay.ts';

/** What `ovn log check --json` prints. */
export interface LogCheckReport {
  ok: boolean;
  origin: string;
  size: number;
  /** The first entry that was replayed: those before it were, by an earlier check. */
  from: number;
  checks: Check[];
}

const ARTICLE_CHECKS = ['log-articles', 'log-revisions', 'log-retractions'] as const;

/**
 * Replays the log of the head edition and compares it with the articles: nothing dropped, nothing hidden, no retraction
 * missing. It goes on where the last check ended, which costs as much as has changed since, and remembers how far it came.
 *
 * @param from the first entry to replay. Anywhere but where the last check ended there is nothing to go on from, and all
 * are replayed.
 * @throws {OvnError} `refused` for a checkpoint that does not hold; `not-found` where there is no log, or a block is not
 * here.
 */
export async function checkLog(from: number | undefined, effects: LogEffects): Promise<LogCheckReport> {
  const log = await requireHeadLog(effects);
  const { meta } = effects.repository;
  const checks: Check[] = [];
  const seen = await judgeGrowth(checks, recallSeen(meta), log);
  const since = seen !== undefined && (await canGoOn(seen, from, log)) ? seen : undefined;
  const fold = await judge(
    checks,
    'log-entries',
    async () => requireEntries(await replay(since, log, effects), log.manifest, log.mastheads),
    ({ size }) => tellEntries(since?.size ?? 0, size),
  );
  if (fold === undefined) skipChecks(checks, ARTICLE_CHECKS, 'the log could not be replayed');
  else await judgeArticles(checks, fold, since, log);
  const ok = firstFailed(checks) === undefined;
  if (ok && fold !== undefined) rememberSeen(meta, summary(log, fold));
  const { origin, size } = log.manifest.log;
  return { ok, origin, size, from: since?.size ?? 0, checks };
}

/** The log that is here begins with the one that was seen. Gives what was seen, where that is so. */
async function judgeGrowth(
  checks: Check[],
  seen: SeenLog | undefined,
  { tree, manifest }: HeadLog,
): Promise<SeenLog | undefined> {
  const name = 'log-growth';
  if (seen === undefined) {
    skipChecks(checks, [name], 'the log is seen for the first time');
    return undefined;
  }
  const requireGrowth = async (): Promise<SeenLog> => {
    if (seen.origin !== manifest.log.origin)
      throw refusal(`it is the log ${manifest.log.origin}, not ${seen.origin}`);
    if (seen.size > tree.head.size)
      throw refusal(`it has ${tree.head.size} entries, and had ${seen.size} when it was last seen`);
    if (encodeBase64(await tree.rootAt(seen.size)) === seen.root) return seen;
    throw refusal(`its first ${seen.size} entries are not those that were last seen`);
  };
  return judge(checks, name, requireGrowth, ({ size }) => `it begins with the ${size} entries last seen`);
}

/** Whether the tree of articles that the check would go on from is still here. */
async function canGoOn(seen: SeenLog, from: number | undefined, { evidence }: HeadLog): Promise<boolean> {
  if ((from ?? seen.size) !== seen.size) return false;
  return (await evidence.read(CID.parse(seen.articles))) !== undefined;
}

function tellEntries(from: number, size: number): string {
  if (from === size) return `no entry since the ${size} that were last seen`;
  return `entries ${from} to ${size - 1}, each one that can follow those before it`;
}

function replay(since: SeenLog | undefined, log: HeadLog, effects: LogEffects): Promise<LogFold> {
  return since === undefined ? replayAll(log) : replaySince(since, log, effects);
}

async function judgeArticles(
  checks: Check[],
  fold: LogFold,
  since: SeenLog | undefined,
  log: HeadLog,
): Promise<void> {
  const [articles, revisions, retractions] = ARTICLE_CHECKS;
  await judge(
    checks,
    articles,
    () => (since === undefined ? requireAllArticles(fold, log) : requireLoggedChanges(fold, since, log)),
    (count) => `${count} articles are what was logged last, and no other changed`,
  );
  await judge(
    checks,
    revisions,
    () => requireEarlierRevisions(fold, log),
    (count) => `${count} earlier revisions of them are kept`,
  );
  await judge(
    checks,
    retractions,
    () => requireRetractions(fold, log),
    (count) => `${count} of them are retracted, and logged so`,
  );
}

async function requireAllArticles(fold: LogFold, { manifest, evidence }: HeadLog): Promise<number> {
  const placed = await listBundles(CID.parse(manifest.articles.cid), evidence, 'articles');
  // What the records say of retractions is compared below.
  return requireArticles(fold, placed, {
    articles: new Map(),
    publications: new Set(),
    mastheads: new Set(),
  });
}

function summary({ manifest }: HeadLog, { editions, mastheads }: LogFold): SeenLog {
  const { log, articles } = manifest;
  const counts = { editions: editions.length, mastheads: mastheads.length, articles: articles.count };
  return { ...log, articles: articles.cid, counts };
}

/** Applies a rule. Only proof of falsehood fails it: for what is not here the check ends, and says so. */
async function judge<T>(
  checks: Check[],
  name: string,
  rule: () => Promise<T>,
  tell: (value: T) => string,
): Promise<T | undefined> {
  try {
    const value = await rule();
    checks.push({ name, result: 'pass', detail: tell(value) });
    return value;
  } catch (error) {
    if (!(error instanceof OvnError) || !['refused', 'malformed', 'limit'].includes(error.code)) throw error;
    checks.push({ name, result: 'fail', detail: error.message });
    return undefined;
  }
}
