import { type KeyObject, sign, verify } from 'node:crypto';
import type { Note, NoteSignature } from './note.ts';
import type { Verifier } from './verifier.ts';

/** A key that signs notes, and what its signatures are checked by. */
export interface NoteSigner {
  verifier: Verifier;
  /** Ed25519. */
  privateKey: KeyObject;
}

/** What a key's lines are worth: `absent` where there is none. */
export type SignatureResult = 'valid' | 'invalid' | 'absent';

/** The Ed25519 signature of a note's text (C2SP signed-note, "Ed25519 signatures"). */
export function signText(text: string, { verifier, privateKey }: NoteSigner): NoteSignature {
  requireType(verifier);
  const { name, keyId } = verifier;
  return { name, keyId, signature: sign(null, Buffer.from(text), privateKey) };
}

/**
 * What a note's lines of one key say. Lines of other keys, even those that share its name or its id, are
 * passed over; of several of its own all must be valid.
 */
export function judgeNoteSignature(note: Note, verifier: Verifier): SignatureResult {
  requireType(verifier);
  const lines = linesOf(note, verifier);
  if (lines.length === 0) return 'absent';
  const text = Buffer.from(note.text);
  const isValid = lines.every(({ signature }) => verify(null, text, verifier.publicKey, signature));
  return isValid ? 'valid' : 'invalid';
}

/** The lines that name a key, by name and id. */
export function linesOf({ signatures }: Note, { name, keyId }: Verifier): NoteSignature[] {
  return signatures.filter((line) => line.name === name && line.keyId === keyId);
}

function requireType({ name, type }: Verifier): void {
  if (type !== 'ed25519') throw new TypeError(`the key of ${name} is for cosignatures`);
}
