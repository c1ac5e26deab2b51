import { OvnError } from '../errors.ts';
import type { VerifiedCheckpoint } from './checkpoint.ts';
import { type CosignatureResult, judgeCosignature } from './cosignature.ts';
import { encodeBase64 } from './text.ts';
import { formatVerifierKey, parseVerifierKey, type Verifier } from './verifier.ts';

/** Most witnesses in a policy. */
const MOST_WITNESSES = 32;

/** How many of which witnesses must have cosigned a checkpoint: a flat quorum of C2SP tlog-policy. */
export interface WitnessPolicy {
  /** 0: none is asked for. */
  threshold: number;
  witnesses: readonly Verifier[];
}

/** The policy of a reader who asks for no witness. It is said, not left out. */
export const NO_WITNESSES: WitnessPolicy = { threshold: 0, witnesses: [] };

/** What a policy says of a checkpoint. */
export interface WitnessJudgement {
  satisfied: boolean;
  threshold: number;
  /** Of every witness of the policy, in its order. */
  witnesses: (CosignatureResult & { name: string; verifierKey: string })[];
}

/**
 * The policy of settings: a threshold, and verifier keys of type 0x04. Two entries of one key, under whatever
 * names, are refused: they would count twice (C2SP tlog-policy, "Defining a witness").
 *
 * @throws {OvnError} `malformed`, saying what is wrong.
 */
export function parsePolicy(threshold: number, verifierKeys: readonly string[]): WitnessPolicy {
  const witnesses = verifierKeys.map(parseVerifierKey);
  const other = witnesses.find(({ type }) => type !== 'cosignature');
  if (other !== undefined) throw refusal(`the key of ${other.name} is not that of a witness (type 0x04)`);
  if (new Set(witnesses.map(({ rawKey }) => encodeBase64(rawKey))).size < witnesses.length) {
    throw refusal('one key is there twice');
  }
  if (witnesses.length > MOST_WITNESSES) throw refusal(`more than ${MOST_WITNESSES} witnesses`);
  if (!Number.isSafeInteger(threshold) || threshold < 0 || threshold > witnesses.length) {
    throw refusal(`a threshold of ${threshold} of ${witnesses.length} witnesses`);
  }
  return { threshold, witnesses };
}

/** Which witnesses of a policy cosigned a checkpoint, when, and whether they are enough. */
export function judgeWitnesses({ note }: VerifiedCheckpoint, policy: WitnessPolicy): WitnessJudgement {
  const witnesses = policy.witnesses.map((witness) => ({
    name: witness.name,
    verifierKey: formatVerifierKey(witness),
    ...judgeCosignature(note, witness),
  }));
  const count = witnesses.filter(({ result }) => result === 'valid').length;
  return { satisfied: count >= policy.threshold, threshold: policy.threshold, witnesses };
}

function refusal(message: string): OvnError {
  return new OvnError('malformed', `witness policy: ${message}`);
}
