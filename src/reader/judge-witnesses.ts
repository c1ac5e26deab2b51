import type { VerifiedCheckpoint } from '../log/checkpoint.ts';
import { judgeWitnesses, type WitnessJudgement } from '../log/witness-policy.ts';
import type { Finding } from './ledger.ts';
import type { AcceptOptions } from './offered.ts';
import { refusal } from './refusal.ts';

/**
 * Rule 11, witnesses: enough of those that the reader trusts saw the same log (C2SP tlog-policy; tlog-cosignature). No
 * witness is no fault, and is said. Gives whether the policy is satisfied.
 */
export function judgeWitnessPolicy(
  checkpoint: VerifiedCheckpoint | undefined,
  {
    policy,
    demandWitnesses,
    requireCurrent,
  }: Pick<AcceptOptions, 'policy' | 'demandWitnesses' | 'requireCurrent'>,
): Finding<boolean> {
  if (policy.threshold === 0 && policy.witnesses.length === 0) {
    return { value: true, detail: 'unwitnessed: no witness is asked for', result: 'not-checked' };
  }
  const judgement = checkpoint === undefined ? undefined : judgeWitnesses(checkpoint, policy);
  const detail = judgement === undefined ? 'unwitnessed: there is no checkpoint' : tell(judgement);
  if (judgement?.satisfied) return { value: true, detail };
  if (demandWitnesses || requireCurrent) throw refusal(detail);
  return { value: false, detail, result: 'not-checked' };
}

function tell({ threshold, witnesses }: WitnessJudgement): string {
  const seen = witnesses.filter(({ result }) => result === 'valid');
  const names = seen.map(({ name, time }) => `${name} (${told(time)})`).join(', ');
  const count = `${seen.length} of ${witnesses.length} witnesses, ${threshold} asked for`;
  return names === '' ? `unwitnessed: ${count}` : `${count}: ${names}`;
}

function told(seconds: number | undefined): string {
  const date = new Date((seconds ?? 0) * 1000);
  // A witness may sign any 53 bits as its time.
  return Number.isNaN(date.getTime()) ? `time ${seconds}` : date.toISOString().replace('.000Z', 'Z');
}
