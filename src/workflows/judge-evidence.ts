import { LIMITS } from '../reader/limits.ts';
import { type EvidenceJudgement, verifyEvidence } from '../reader/verify-evidence.ts';
import { readFileLimited } from '../repo/source-files.ts';

/**
 * Judges an evidence file, of one's own or of another reader.
 *
 * @param expected the id of the publication that it is to be of.
 * @throws {OvnError} `not-found`, `io` or `limit` for a file that cannot be read.
 */
export function judgeEvidenceFile(file: string, expected: string | undefined): EvidenceJudgement {
  const judgement = verifyEvidence(readFileLimited(file, LIMITS.evidence, file).bytes);
  const { publication } = judgement;
  if (expected === undefined || publication === undefined || publication === expected) return judgement;
  const detail = `it is of publication ${publication}, not of ${expected}`;
  const checks = [...judgement.checks, { name: 'publication-confirmed', result: 'fail' as const, detail }];
  return { ...judgement, checks, verdict: 'refused' };
}
