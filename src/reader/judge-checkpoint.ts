import { headOf, isSameHead } from '../log/tree-head.ts';
import type { Manifest } from '../manifest/manifest.ts';
import type { Finding } from './ledger.ts';
import type { ReaderMemory } from './memory.ts';
import { refusal } from './refusal.ts';
import type { OpenLog, VerifiedLog } from './verified-log.ts';

/**
 * Rule 8, the checkpoint: signed by the log's keys (C2SP tlog-checkpoint, "Note text"; signed-note, "Signatures"), of the
 * origin, size and root that the manifest names, over tiles that give that root.
 */
export function requireCheckpoint({ log }: Manifest, { checkpoint }: OpenLog): Finding<undefined> {
  if (checkpoint.origin !== log.origin) {
    throw refusal(`the checkpoint is of ${checkpoint.origin}; the manifest says ${log.origin}`);
  }
  if (!isSameHead(checkpoint, headOf(log))) {
    throw refusal(
      `the checkpoint is of ${checkpoint.size} entries, or of another root than the ${log.size} of the manifest`,
    );
  }
  const by = checkpoint.signedBy.map((key) => key.split('+')[1]).join(', ');
  return { value: undefined, detail: `${log.origin}, ${log.size} entries, signed by key ${by}` };
}

/**
 * A manifest without a log: it predates the log, or hides it. It hides it where a log was seen at its sequence or before.
 *
 * @throws {OvnError} `refused`.
 */
export function requirePredating(
  { sequence }: Manifest,
  memory: ReaderMemory | undefined,
  later: VerifiedLog | undefined,
): void {
  const since = Math.min(memory?.logSince ?? Number.POSITIVE_INFINITY, sequenceOf(later));
  if (since <= sequence) throw refusal(`it has no log; sequence ${since} had one`);
}

/** Of the manifest that a log goes with: editions that it has, and one. */
function sequenceOf(log: VerifiedLog | undefined): number {
  return log === undefined ? Number.POSITIVE_INFINITY : log.fold.editions.length + 1;
}
