import { type Check, firstFailed } from '../trust/check.ts';
import { headIsGenuine, indexAgrees, sequenceIsUnbroken } from './auditing/edition.ts';
import { eventsAreComplete, keysAreAuthorised } from './auditing/records.ts';
import type { AuditEffects, AuditRule } from './auditing/rule.ts';
import { blocksAreTrue, databaseIsSound, keptIsWhole } from './auditing/store.ts';
import { checkAsync } from './verification/judging.ts';

export interface AuditReport {
  ok: boolean;
  checks: Check[];
}

/** What must hold of a repository, in the order in which it is reported; names are what scripts read. */
const RULES: readonly (readonly [name: string, rule: AuditRule])[] = [
  ['database', databaseIsSound],
  ['blocks', blocksAreTrue],
  ['sequence', sequenceIsUnbroken],
  ['head', headIsGenuine],
  ['index', indexAgrees],
  ['events', eventsAreComplete],
  ['kept', keptIsWhole],
  ['keys', keysAreAuthorised],
];

/**
 * Audits every invariant of the design (section 8) that a repository can be held to: the file, every block's hash, the
 * chain of manifests, the head edition as a stranger would judge it, that index and events say the same as the edition,
 * that pins and earlier editions are whole, and that the keys at hand are those of the masthead.
 */
export async function audit(effects: AuditEffects): Promise<AuditReport> {
  const checks: Check[] = [];
  for (const [name, rule] of RULES) {
    effects.signal.throwIfAborted();
    await checkAsync(
      checks,
      name,
      () => rule(effects),
      (detail) => detail,
    );
  }
  return { ok: firstFailed(checks) === undefined, checks };
}
