import { CID } from 'multiformats/cid';
import { OvnError } from '../../errors.ts';
import { openCheckpoint, type VerifiedCheckpoint } from '../../log/checkpoint.ts';
import { NOTE_LIMIT } from '../../log/note.ts';
import { judgeWitnesses, type WitnessPolicy } from '../../log/witness-policy.ts';
import type { Repository } from '../../repo/repository.ts';
import { policyOf } from '../../repo/witness-settings.ts';
import type { Check } from '../../trust/check.ts';
import { logIdentity } from '../../trust/log-identity.ts';
import type { BlockReader } from '../../unixfs/block.ts';
import { resolvePath } from '../../unixfs/directory.ts';
import { instantOf } from '../witnessing/report.ts';
import { Evidence, refusal } from './judging.ts';
import type { Judged } from './standing.ts';

/** The check of this rule. */
export const WITNESSES = 'witnesses';

/** What cosignatures are judged with. */
export interface WitnessingEffects {
  /** {@link readerPolicy}. */
  policy: WitnessPolicy;
  /** The repository, where its own publication was judged. */
  own: Repository | undefined;
  evidence: Evidence;
  /** Where the head edition is read. */
  read: BlockReader | undefined;
}

/** The reader's policy; where that names nobody, for the own publication, the one of ovn.json. */
export function readerPolicy(named: WitnessPolicy, own: Repository | undefined): WitnessPolicy {
  const { witnesses } = own?.settings ?? {};
  return named.witnesses.length > 0 || witnesses === undefined ? named : policyOf(witnesses);
}

/**
 * Says who cosigned the edition, or the head edition where a part of this repository's own publication was judged. It never
 * refuses: with too few cosignatures what is genuine is only not confirmed as current.
 *
 * @returns whether there are as many as the policy demands.
 */
export async function judgeWitnessing(
  checks: Check[],
  judged: Judged,
  { policy, own, evidence, read }: WitnessingEffects,
): Promise<boolean> {
  if (checks.some(({ name }) => name === WITNESSES)) return false;
  const isEdition = judged.kind === 'edition';
  const edition = isEdition ? judged.root : own?.head()?.edition;
  if (edition === undefined || judged.publication === undefined) return true;
  const source = isEdition || read === undefined ? evidence : new Evidence(read, evidence);
  const check = await judgeCheckpoint(CID.parse(edition), policy, own !== undefined, source);
  checks.push(check);
  return policy.threshold === 0 || check.result === 'pass';
}

async function judgeCheckpoint(
  edition: CID,
  policy: WitnessPolicy,
  isOwn: boolean,
  evidence: Evidence,
): Promise<Check> {
  try {
    const checkpoint = await openCheckpointOf(edition, evidence);
    return policy.witnesses.length === 0 ? withoutPolicy(checkpoint, isOwn) : withPolicy(checkpoint, policy);
  } catch (error) {
    if (!(error instanceof OvnError) || error.code === 'interrupted') throw error;
    return {
      name: WITNESSES,
      result: 'not-checked',
      detail: `there is no checkpoint to judge: ${error.message}`,
    };
  }
}

async function openCheckpointOf(edition: CID, evidence: Evidence): Promise<VerifiedCheckpoint> {
  const masthead = await resolvePath(edition, ['masthead'], evidence.read);
  const file = await resolvePath(edition, ['log', 'checkpoint'], evidence.read);
  if (masthead === undefined || file === undefined) throw refusal('the edition has no log');
  const mastheads = await evidence.mastheads(masthead.cid);
  return openCheckpoint(await evidence.file(file.cid, NOTE_LIMIT), logIdentity(mastheads.newest.masthead));
}

function withPolicy(checkpoint: VerifiedCheckpoint, policy: WitnessPolicy): Check {
  const { satisfied, threshold, witnesses } = judgeWitnesses(checkpoint, policy);
  const cosigned = witnesses.flatMap(({ result, name, time }) =>
    result === 'valid' && time !== undefined ? [`${name} (${instantOf(time)})`] : [],
  );
  const others = witnesses.filter(({ result }) => result !== 'valid').map(({ name }) => name);
  const by = cosigned.length === 0 ? 'cosigned by nobody' : `cosigned by ${cosigned.join(', ')}`;
  const without = others.length === 0 ? '' : `, not by ${others.join(', ')}`;
  const result = satisfied && cosigned.length > 0 ? 'pass' : 'not-checked';
  return {
    name: WITNESSES,
    result,
    detail: `${by}${without}; ${threshold} of ${witnesses.length} are demanded`,
  };
}

/** Lines under the log's own name are its keys', former ones too. */
function withoutPolicy({ note, origin }: VerifiedCheckpoint, isOwn: boolean): Check {
  const others = note.signatures.filter(({ name }) => name !== origin).length;
  const whose = isOwn ? 'ovn.json does not name' : 'you did not name';
  const keys = others === 1 ? '1 key' : `${others} keys`;
  const unwitnessed = isOwn ? 'no witness is configured' : 'nobody but the log signed it';
  const detail = others === 0 ? `unwitnessed: ${unwitnessed}` : `it bears lines of ${keys} that ${whose}`;
  return { name: WITNESSES, result: 'not-checked', detail };
}
