import { CID } from 'multiformats/cid';
import type { ReaderMemories } from '../../repo/reader-memory.ts';
import type { Check } from '../../trust/check.ts';
import type { Evidence } from '../verification/judging.ts';
import type { Judged } from '../verification/standing.ts';
import { type ComparedLog, compareShown, type ShownCheckpoint } from './compare-shown.ts';

/** The check of a report that says whether those who show an edition saw one history. */
export const MIRRORS_CHECK = 'mirrors';

/** What mirrors say of an edition that was judged. */
export interface MirrorsJudgement {
  check: Check;
  /** Whether somebody shows a longer log: there is a newer edition. */
  isBehind: boolean;
  /** Path of the file with the documents of two histories. */
  evidence: string | undefined;
}

/**
 * Compares what mirrors show of the log with an edition that was judged; two histories refuse it, and what shows them is kept.
 *
 * @returns nothing where nobody shows a log, or this is no edition with one.
 */
export async function judgeMirrors(
  { kind, root, replayed }: Judged,
  shown: readonly ShownCheckpoint[],
  evidence: Evidence,
  memories: ReaderMemories | undefined,
): Promise<MirrorsJudgement | undefined> {
  if (kind !== 'edition' || replayed === undefined || shown.length === 0) return undefined;
  const compared = await compareShown(CID.parse(root), shown, evidence);
  const fork = compared.find(({ relation }) => relation === 'fork');
  if (fork?.contradiction !== undefined) {
    const check: Check = { name: MIRRORS_CHECK, result: 'fail', detail: `${fork.from}: ${fork.detail}` };
    return { check, isBehind: false, evidence: memories?.keepEvidence(fork.contradiction) };
  }
  const ahead = compared.find(({ relation }) => relation === 'ahead' || relation === 'longer');
  return { check: tell(compared, ahead), isBehind: ahead !== undefined, evidence: undefined };
}

function tell(compared: readonly ComparedLog[], ahead: ComparedLog | undefined): Check {
  const name = MIRRORS_CHECK;
  const foreign = compared.filter(({ relation }) => relation === 'foreign');
  if (ahead !== undefined) return { name, result: 'not-checked', detail: `${ahead.from}: ${ahead.detail}` };
  const agreeing = compared.filter(({ relation }) => relation === 'agrees').map(({ from }) => from);
  const others = foreign.map(({ from, detail }) => `; ${from}: ${detail}`).join('');
  if (agreeing.length === 0) return { name, result: 'not-checked', detail: `nobody shows this log${others}` };
  return { name, result: 'pass', detail: `one history, as shown by ${agreeing.join(', ')}${others}` };
}
