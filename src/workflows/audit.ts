import { OvnError } from '../errors.ts';
import { storageError } from '../repo/storage-error.ts';
import { type Check, firstFailed } from '../trust/check.ts';
import { indexAgrees } from './auditing/article-index.ts';
import { headIsGenuine, sequenceIsUnbroken } from './auditing/edition.ts';
import { followedIsGenuine } from './auditing/followed.ts';
import { namesAreGenuine } from './auditing/names.ts';
import { eventsAreComplete, keysAreAuthorised } from './auditing/records.ts';
import type { AuditEffects, AuditRule } from './auditing/rule.ts';
import { blocksAreTrue, databaseIsSound, keptIsWhole } from './auditing/store.ts';
import { checkAsync, refusal } from './verification/judging.ts';

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
  ['followed', followedIsGenuine],
  ['keys', keysAreAuthorised],
  ['names', namesAreGenuine],
];

/**
 * Audits every invariant of the design (section 8) that a repository can be held to: the file, every block's hash, the
 * chain of manifests, the head edition as a stranger would judge it, that index and events say the same as the edition,
 * that pins, earlier editions and what is followed are whole, that the keys at hand are those of the masthead, and that name records are genuine.
 */
export async function audit(effects: AuditEffects): Promise<AuditReport> {
  const checks: Check[] = [];
  for (const [name, rule] of RULES) {
    effects.signal.throwIfAborted();
    await checkAsync(
      checks,
      name,
      () => apply(rule, effects),
      (detail) => detail,
    );
  }
  return { ok: firstFailed(checks) === undefined, checks };
}

/** What is recorded may be anything in a damaged repository: where it cannot even be read, that is what is found. */
async function apply(rule: AuditRule, effects: AuditEffects): Promise<string> {
  try {
    return await rule(effects);
  } catch (error) {
    const told = storageError(error);
    if (told instanceof OvnError || !(told instanceof Error)) throw told;
    throw refusal(`what is recorded cannot be read: ${told.message}`);
  }
}
