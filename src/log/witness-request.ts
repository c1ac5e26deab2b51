import { OvnError } from '../errors.ts';
import type { VerifiedCheckpoint } from './checkpoint.ts';
import { judgeCosignature } from './cosignature.ts';
import { formatNote, NOTE_LIMIT, type NoteSignature, parseSignatures } from './note.ts';
import { linesOf } from './note-signature.ts';
import { decodeText, encodeBase64, parseDecimal } from './text.ts';
import type { Verifier } from './verifier.ts';

/** Most bytes of an answer that are worth reading. */
export const ANSWER_LIMIT = NOTE_LIMIT;

/**
 * What a witness said to a checkpoint, as the next step that it calls for. `detail` is a sentence for people.
 *
 * - `cosigned`: `signatures` belong on the checkpoint.
 * - `conflict`: it knows the log at another `size`: ask again with the proof from there. If that is above our
 *   own size, the log was longer than it is here: nothing may be published before the tail is found.
 * - `refused`: it will not cosign, today or later, until somebody acts.
 * - `unavailable`: no answer that means anything; try again later.
 */
export type WitnessAnswer =
  | { kind: 'cosigned'; signatures: NoteSignature[] }
  | { kind: 'conflict'; size: number }
  | { kind: 'refused'; status: number; detail: string }
  | { kind: 'unavailable'; status: number; detail: string };

/** What the answers without a result mean (C2SP tlog-witness, "add-checkpoint"). */
const REFUSALS: Readonly<Record<number, string>> = {
  400: 'the witness finds the request malformed',
  403: 'the witness knows the log by another key',
  404: 'the witness does not know the log',
  422: 'the witness finds the log inconsistent with what it cosigned before',
};

/**
 * The body of `add-checkpoint` (C2SP tlog-witness): `old <size>`, the proof, an empty line, the checkpoint.
 *
 * @param oldSize that of the checkpoint which the witness cosigned last; 0 where it is not known, or never
 * did.
 * @param proof of consistency from there; empty from size 0.
 */
export function addCheckpointBody(
  oldSize: number,
  proof: readonly Uint8Array[],
  checkpoint: VerifiedCheckpoint,
): Uint8Array {
  if (oldSize > checkpoint.size) throw new RangeError(`${oldSize} is above the size of the checkpoint`);
  const lines = [`old ${oldSize}`, ...proof.map(encodeBase64)];
  return Buffer.concat([Buffer.from(`${lines.join('\n')}\n\n`), formatNote(checkpoint.note)]);
}

/**
 * Reads a witness's answer. Only signatures of the witness itself that hold are taken; others in the answer
 * are ignored, as the specification demands. Nothing that a witness sends throws.
 */
export function readAnswer(
  status: number,
  body: Uint8Array,
  checkpoint: VerifiedCheckpoint,
  witness: Verifier,
): WitnessAnswer {
  try {
    if (status === 200) return readCosignatures(body, checkpoint, witness);
    if (status === 409) return readConflict(body);
  } catch (error) {
    if (!(error instanceof OvnError)) throw error;
    return { kind: 'unavailable', status, detail: error.message };
  }
  const detail = REFUSALS[status];
  if (detail !== undefined) return { kind: 'refused', status, detail };
  return { kind: 'unavailable', status, detail: `the witness answered with status ${status}` };
}

function readCosignatures(body: Uint8Array, { note }: VerifiedCheckpoint, witness: Verifier): WitnessAnswer {
  const lines = parseSignatures(decodeText(body, ANSWER_LIMIT, 'answer of the witness'));
  const signatures = linesOf({ text: note.text, signatures: lines }, witness).filter(
    (line) => judgeCosignature({ text: note.text, signatures: [line] }, witness).result === 'valid',
  );
  if (signatures.length > 0) return { kind: 'cosigned', signatures };
  throw new OvnError('refused', `no valid cosignature of ${witness.name} in the answer`);
}

/** The size of the checkpoint that the witness cosigned last, and a line feed. */
function readConflict(body: Uint8Array): WitnessAnswer {
  const text = decodeText(body, ANSWER_LIMIT, 'answer of the witness');
  const size = text.endsWith('\n') ? parseDecimal(text.slice(0, -1)) : undefined;
  if (size !== undefined) return { kind: 'conflict', size };
  throw new OvnError('malformed', 'the witness reports a conflict without a tree size');
}
