import { CID } from 'multiformats/cid';
import { OvnError } from '../../errors.ts';
import { openCheckpoint, type VerifiedCheckpoint } from '../../log/checkpoint.ts';
import { NOTE_LIMIT } from '../../log/note.ts';
import { judgeWitnesses, type WitnessPolicy } from '../../log/witness-policy.ts';
import type { Repository } from '../../repo/repository.ts';
import { policyOf } from '../../repo/witness-settings.ts';
import type { Check } from '../../trust/check.ts';
import { resolvePath } from '../../unixfs/directory.ts';
import { instantOf } from '../witnessing/report.ts';
import { type Evidence, refusal } from './judging.ts';
import { logIdentity } from './log.ts';
import type { Judged } from './standing.ts';

const NAME = 'witnesses';

/**
 * Judges who cosigned the edition, or the head edition where a part of this repository's own publication was judged. The
 * policy is the reader's; without one, for the own publication, that of ovn.json; else none. It never refuses: with too few
 * cosignatures what is genuine is only not confirmed as current.
 */
export async function judgeWitnessing(
  judged: Judged,
  evidence: Evidence,
  named: WitnessPolicy | undefined,
  repository: Repository | undefined,
): Promise<void> {
  const isOwn = judged.publication !== undefined && judged.publication === ownId(repository);
  const own = isOwn ? repository : undefined;
  const edition = judged.kind === 'edition' ? judged.root : own?.head()?.edition;
  if (edition === undefined || judged.publication === undefined) return;
  const { witnesses } = own?.settings ?? {};
  const policy = named ?? (witnesses === undefined ? undefined : policyOf(witnesses));
  const check = await judgeCheckpoint(CID.parse(edition), policy, own !== undefined, evidence);
  judged.checks.push(check);
  judged.lacksWitnesses = policy !== undefined && policy.threshold > 0 && check.result !== 'pass';
}

function ownId(repository: Repository | undefined): string | undefined {
  return repository?.mastheads()[0]?.cid;
}

async function judgeCheckpoint(
  edition: CID,
  policy: WitnessPolicy | undefined,
  isOwn: boolean,
  evidence: Evidence,
): Promise<Check> {
  try {
    const checkpoint = await openCheckpointOf(edition, evidence);
    return policy === undefined ? withoutPolicy(checkpoint, isOwn) : withPolicy(checkpoint, policy);
  } catch (error) {
    if (!(error instanceof OvnError) || error.code === 'interrupted') throw error;
    return { name: NAME, result: 'not-checked', detail: `there is no checkpoint to judge: ${error.message}` };
  }
}

async function openCheckpointOf(edition: CID, evidence: Evidence): Promise<VerifiedCheckpoint> {
  const masthead = await resolvePath(edition, ['masthead'], evidence.read);
  const file = await resolvePath(edition, ['log', 'checkpoint'], evidence.read);
  if (masthead === undefined || file === undefined) throw refusal('the edition has no log');
  const mastheads = await evidence.mastheads(masthead.cid);
  return openCheckpoint(await evidence.file(file.cid, NOTE_LIMIT), logIdentity(mastheads));
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
  return { name: NAME, result, detail: `${by}${without}; ${threshold} of ${witnesses.length} are demanded` };
}

/** Lines under the log's own name are its keys', former ones too. */
function withoutPolicy({ note, origin }: VerifiedCheckpoint, isOwn: boolean): Check {
  const others = note.signatures.filter(({ name }) => name !== origin).length;
  const whose = isOwn ? 'ovn.json does not name' : 'you did not name';
  const keys = others === 1 ? '1 key' : `${others} keys`;
  const unwitnessed = isOwn ? 'no witness is configured' : 'nobody but the log signed it';
  const detail = others === 0 ? `unwitnessed: ${unwitnessed}` : `it bears lines of ${keys} that ${whose}`;
  return { name: NAME, result: 'not-checked', detail };
}
