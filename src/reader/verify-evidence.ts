import { type Check, firstFailed, runCheck, skipChecks } from '../trust/check.ts';
import { readMastheads, type VerifiedMastheads } from '../trust/masthead-chain.ts';
import { type Evidence, type EvidenceKind, parseEvidence } from './evidence.ts';
import { refusal } from './refusal.ts';
import { STATEMENTS } from './statements.ts';

/** What an evidence file is worth. */
export interface EvidenceJudgement {
  checks: Check[];
  kind?: EvidenceKind;
  /** The publication whose keys signed both documents. */
  publication?: string;
  /**
   * `proven`: the publication's own keys contradict themselves, whoever passed the documents on. `genuine`: both documents
   * are the publication's; that one was offered after the other is the word of who kept them. `refused`: neither.
   */
  verdict: 'proven' | 'genuine' | 'refused';
}

/** The checks in order. */
const CHECKS = ['evidence', 'mastheads', 'documents', 'contradiction'] as const;

/** Judges an evidence file, anywhere, with nothing but its bytes. */
export function verifyEvidence(bytes: Uint8Array): EvidenceJudgement {
  const checks: Check[] = [];
  const evidence = runCheck(
    checks,
    'evidence',
    () => parseEvidence(bytes),
    ({ kind, foundAt }) => `${kind}, found ${foundAt}`,
  );
  if (evidence === undefined) return refused(checks);
  const mastheads = runCheck(
    checks,
    'mastheads',
    () => requireChain(evidence),
    ({ versions }) => `${versions.length} of publication ${evidence.publication}, signed in turn`,
  );
  if (mastheads === undefined) return refused(checks);
  const statement = runCheck(
    checks,
    'documents',
    () => STATEMENTS[evidence.kind](evidence, mastheads),
    ({ documents }) => documents,
  );
  if (statement === undefined) return refused(checks);
  const { kind, publication } = evidence;
  checks.push({ name: 'contradiction', ...statement.contradiction });
  if (firstFailed(checks) !== undefined) return refused(checks);
  const proven = statement.contradiction.result === 'pass';
  return { checks, kind, publication, verdict: proven ? 'proven' : 'genuine' };
}

function refused(checks: Check[]): EvidenceJudgement {
  skipChecks(checks, CHECKS.slice(checks.length), 'not reached');
  return { checks, verdict: 'refused' };
}

function requireChain({ mastheads, publication }: Evidence): VerifiedMastheads {
  const chain = readMastheads(mastheads);
  if (chain.publicationId === publication) return chain;
  throw refusal(`the mastheads are of ${chain.publicationId}, not of ${publication}`);
}
