import { type Check, runCheck, skipChecks } from './check.ts';
import { type ProofRule, verifyProofs } from './verify-proofs.ts';

/**
 * Judges who signed a document: checks `signature` (what authorised keys signed fits) and `key-authorised`
 * (they are enough).
 *
 * @param requireEnough says for what the keys that signed are enough, or throws `OvnError`; it may be given
 * none.
 */
export function judgeSignature(
  checks: Check[],
  document: object,
  rule: ProofRule,
  requireEnough: (signed: Set<string>) => string,
): void {
  const found: Check[] = [];
  const signed = runCheck(
    found,
    'signature',
    () => verifyProofs(document, rule),
    (keys) => [...keys].join(', '),
  );
  if (signed?.size === 0) skipChecks(checks, ['signature'], 'there is none by a key that may sign');
  else checks.push(...found);
  if (signed === undefined) skipChecks(checks, ['key-authorised'], 'no signature that fits');
  else {
    runCheck(
      checks,
      'key-authorised',
      () => requireEnough(signed),
      (detail) => detail,
    );
  }
}
