import { CID } from 'multiformats/cid';
import { OvnError } from '../../errors.ts';
import type { Followed } from '../../repo/followed.ts';
import { type ComparedLog, compareShown } from '../finding/compare-shown.ts';
import type { Offers } from '../finding/offers.ts';
import { Evidence } from '../verification/judging.ts';
import type { SyncEffects } from './effects.ts';
import type { Looked } from './look.ts';

/**
 * Compares what others saw of the log with the edition that is held after a look. Of two histories the one that is held stays, and what
 * shows them is kept; where somebody shows more of the log than anybody gives, what is held is not confirmed as the newest.
 */
export async function compareLooked(
  looked: Looked,
  { offers }: Offers,
  held: Followed | undefined,
  effects: SyncEffects,
): Promise<Looked> {
  const edition = looked.found.edition ?? held?.edition ?? null;
  const shown = offers.flatMap(({ from, checkpoint }) =>
    checkpoint === undefined ? [] : [{ from, note: Buffer.from(checkpoint, 'utf8') }],
  );
  if (effects.dryRun || edition === null || shown.length === 0) return looked;
  const read = async (cid: CID) => effects.repository.blockstore.getBytes(cid);
  const compared = await compareOrNone(CID.parse(edition), shown, new Evidence(read, effects));
  return { ...looked, ...tell(compared, looked, effects) };
}

/** An edition from before there was a log has nothing to compare. */
async function compareOrNone(...given: Parameters<typeof compareShown>): Promise<ComparedLog[]> {
  try {
    return await compareShown(...given);
  } catch (error) {
    if (error instanceof OvnError && error.code !== 'interrupted') return [];
    throw error;
  }
}

function tell(
  compared: readonly ComparedLog[],
  looked: Looked,
  { memories }: SyncEffects,
): Pick<Looked, 'outcome' | 'problem' | 'evidence' | 'failures'> {
  const { outcome, problem, evidence } = looked;
  const told = compared.filter(({ relation }) => relation !== 'agrees');
  const failures = [...looked.failures, ...told.map(({ from, detail }) => ({ from, why: detail }))];
  const fork = told.find(({ contradiction }) => contradiction !== undefined);
  if (fork?.contradiction !== undefined) {
    const message = `${fork.from}: ${fork.detail}`;
    const kept = memories.keepEvidence(fork.contradiction);
    return { outcome, problem: { code: 'refused', message }, evidence: kept, failures };
  }
  const ahead = told.find(({ relation }) => relation === 'ahead');
  if (ahead === undefined || outcome !== 'same') return { outcome, problem, evidence, failures };
  const message = `${ahead.from}: ${ahead.detail}`;
  return { outcome: 'kept', problem: { code: 'incomplete', message }, evidence, failures };
}
