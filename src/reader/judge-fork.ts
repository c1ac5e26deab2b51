import type { VerifiedCheckpoint } from '../log/checkpoint.ts';
import { isExtension } from '../log/merkle.ts';
import { formatNote } from '../log/note.ts';
import type { TreeHead } from '../log/tree-head.ts';
import type { Finding } from './ledger.ts';
import { type ReaderMemory, rememberedCheckpoint } from './memory.ts';
import { Contradiction } from './refusal.ts';
import type { OpenLog, VerifiedLog } from './verified-log.ts';

/**
 * Rule 7, fork: the log that is offered begins with the one that was seen (RFC 9162, section 2.1.4.2, by a proof made from the
 * tiles; a smaller log is a rollback). An older log is held against a later one, where that is at hand.
 *
 * @param mastheads kept with the evidence.
 */
export async function judgeFork(
  memory: ReaderMemory | undefined,
  offered: OpenLog,
  { later, mastheads }: { later: VerifiedLog | undefined; mastheads: readonly Uint8Array[] },
): Promise<Finding<undefined>> {
  const { size } = offered.checkpoint;
  if (later !== undefined) {
    const [older, newer] = later.checkpoint.size < size ? [later, offered] : [offered, later];
    await requireExtension({ ...older.checkpoint, bytes: bytesOf(older.checkpoint) }, newer, mastheads);
  }
  const known = memory === undefined ? undefined : rememberedCheckpoint(memory);
  if (known === undefined || memory?.checkpoint === undefined)
    return { value: undefined, detail: 'no checkpoint was seen before', result: 'not-checked' };
  if (size >= known.size) {
    await requireExtension({ ...known, bytes: memory.checkpoint }, offered, mastheads);
    return { value: undefined, detail: `${size} entries, the first ${known.size} of them as seen before` };
  }
  if (later === undefined || later.checkpoint.size < known.size) {
    const detail = `${size} entries; the log of ${known.size} that was seen is not at hand`;
    return { value: undefined, detail, result: 'not-checked' };
  }
  return {
    value: undefined,
    detail: `the first ${size} of the ${later.checkpoint.size} entries of a later log`,
  };
}

/** Refuses two histories, with what proves to anybody that they are two. */
async function requireExtension(
  older: TreeHead & { bytes: Uint8Array },
  { checkpoint: newer, tree }: OpenLog,
  mastheads: readonly Uint8Array[],
): Promise<void> {
  const hashes = await tree.consistencyProof(older.size, newer.size);
  if (isExtension(older, newer, hashes)) return;
  const root = await tree.rootAt(older.size);
  throw new Contradiction(`the log of ${newer.size} entries does not begin with the ${older.size} seen`, {
    kind: 'fork',
    mastheads,
    documents: [older.bytes, bytesOf(newer)],
    proof: { hashes, root },
  });
}

function bytesOf({ note }: VerifiedCheckpoint): Uint8Array {
  return formatNote(note);
}
