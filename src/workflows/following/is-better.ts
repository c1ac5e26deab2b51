import { isDeepStrictEqual } from 'node:util';
import { CID } from 'multiformats/cid';
import { judgeCosignature } from '../../log/cosignature.ts';
import { NOTE_LIMIT, type Note, parseNote } from '../../log/note.ts';
import type { WitnessPolicy } from '../../log/witness-policy.ts';
import type { BlockReader } from '../../unixfs/block.ts';
import { resolvePath } from '../../unixfs/directory.ts';
import { readFile } from '../../unixfs/file.ts';
import { readerPolicy } from '../verification/witnesses.ts';
import { type Candidate, sequenceOf } from './candidates.ts';
import type { LookEffects } from './effects.ts';
import type { LookCase } from './look.ts';

/**
 * A later edition, or another one of the same number, or the same where something else is chosen of it. Of one manifest another root is
 * better where more of the witnesses that are known here have cosigned it; where something else is chosen, where no fewer have.
 *
 * Threat: anybody can add lines to a checkpoint, and so make roots without end that look alike.
 *
 * @throws {OvnError} where the candidate's checkpoint is not to be had.
 */
export async function isBetter(
  candidate: Candidate,
  { held, choice }: LookCase,
  effects: LookEffects,
): Promise<boolean> {
  if (held?.edition == null || held.sequence === null) return true;
  const { documents } = candidate;
  const isOther = !isDeepStrictEqual(held.heldBy, choice);
  if (documents.root.toString() === held.edition) return isOther;
  if (sequenceOf(candidate) !== held.sequence) return sequenceOf(candidate) > held.sequence;
  if (documents.manifest.cid !== held.manifest) return true;
  const more = await moreCosigned(candidate, CID.parse(held.edition), effects);
  return isOther ? more >= 0 : more > 0;
}

/** By how many more of the witnesses that are known here; lines of others count for nothing, nor does what is no line of this checkpoint. */
async function moreCosigned(
  { documents, fetcher }: Candidate,
  held: CID,
  { repository, policy }: LookEffects,
): Promise<number> {
  const known = readerPolicy(policy, repository);
  if (known.witnesses.length === 0) return 0;
  const ours = await readNote(held, async (cid) => repository.blockstore.getBytes(cid));
  const theirs = await readNote(documents.root, fetcher.read);
  if (ours === undefined || theirs?.text !== ours.text) return 0;
  return countValid(theirs, known) - countValid(ours, known);
}

async function readNote(edition: CID, read: BlockReader): Promise<Note | undefined> {
  const link = await resolvePath(edition, ['log', 'checkpoint'], read);
  return link && parseNote(await readFile(link.cid, read, { limit: NOTE_LIMIT }));
}

function countValid(note: Note, { witnesses }: WitnessPolicy): number {
  return witnesses.filter((witness) => judgeCosignature(note, witness).result === 'valid').length;
}
