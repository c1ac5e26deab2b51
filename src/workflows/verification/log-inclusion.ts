import { OvnError } from '../../errors.ts';
import type { Repository } from '../../repo/repository.ts';
import type { Check } from '../../trust/check.ts';
import { type LogEffects, openHeadLog } from '../logs/head-log.ts';
import { proveRevision } from '../logs/prove-revision.ts';
import type { Judged } from './standing.ts';

const NAME = 'log-inclusion';

/** What is said of things that are not looked up in a log. */
const REASONS = {
  bundle: 'no log of its publication is at hand',
  category: 'a category has no entry of its own; its articles were not looked up one by one',
  edition: 'an edition has no entry in its own log: the edition after it logs it',
} as const;

/** Whether an article is in the log of the head edition, where that is of the same publication. */
export async function judgeInclusion(judged: Judged, effects: LogEffects | undefined): Promise<Check> {
  const { kind, article, revision, publication } = judged;
  const isOwn = publication !== undefined && publication === effects?.repository.publicationId;
  if (kind !== 'bundle' || !isOwn || effects === undefined || article === undefined || revision === undefined)
    return notChecked(REASONS[kind]);
  try {
    return await lookUp({ root: judged.root, article, revision }, effects);
  } catch (error) {
    if (!(error instanceof OvnError) || error.code === 'interrupted') throw error;
    const result = error.code === 'refused' || error.code === 'malformed' ? 'fail' : 'not-checked';
    return { name: NAME, result, detail: error.message };
  }
}

async function lookUp(
  { root, article, revision }: { root: string; article: string; revision: number },
  effects: LogEffects,
): Promise<Check> {
  const { repository } = effects;
  const log = await openHeadLog(effects);
  if (log === undefined) return notChecked('no log is published yet');
  const { entry, index, size } = await proveRevision({ article, revision }, log, effects);
  if (entry.cid !== root) {
    const detail = `entry ${index} of ${size} has another revision ${revision} of ${article}: ${entry.cid}`;
    return { name: NAME, result: 'fail', detail };
  }
  return {
    name: NAME,
    result: 'pass',
    detail: `entry ${index} of ${size}${later(article, revision, size, repository)}`,
  };
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
