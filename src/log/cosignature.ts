import { verify } from 'node:crypto';
import type { Note, NoteSignature } from './note.ts';
import { linesOf, type SignatureResult } from './note-signature.ts';
import type { Verifier } from './verifier.ts';

const TIME_SIZE = 8;
const SIGNATURE_SIZE = 64;

/**
 * What a witness's lines on a checkpoint are worth, and the newest time at which it signed, in seconds since
 * 1970.
 */
export interface CosignatureResult {
  result: SignatureResult;
  time?: number;
}

/**
 * The bytes that a witness signs: time, and all of the checkpoint's text (C2SP tlog-cosignature, "Ed25519
 * signed message").
 *
 * @param time seconds since 1970.
 */
export function cosignedMessage(text: string, time: number): Uint8Array {
  return Buffer.from(`cosignature/v1\ntime ${time}\n${text}`);
}

/**
 * What a checkpoint's lines of one witness say. A line that is false only counts for nothing: it is no fault
 * of the log, and whoever passes the checkpoint on can add it.
 *
 * @param witness a key of type `cosignature`.
 */
export function judgeCosignature(note: Note, witness: Verifier): CosignatureResult {
  if (witness.type !== 'cosignature')
    throw new TypeError(`the key of ${witness.name} is not for cosignatures`);
  const lines = linesOf(note, witness);
  const times = lines
    .map((line) => cosignedAt(note.text, line, witness))
    .filter((time) => time !== undefined);
  if (times.length > 0) return { result: 'valid', time: Math.max(...times) };
  return { result: lines.length === 0 ? 'absent' : 'invalid' };
}

/**
 * The time of one cosignature, when it is valid: an 8 byte big-endian time, then the 64 bytes of the
 * signature (C2SP tlog-cosignature, "Format"). Time 0 says that none is stated, which is for subtrees only.
 */
function cosignedAt(text: string, { signature }: NoteSignature, { publicKey }: Verifier): number | undefined {
  if (signature.length !== TIME_SIZE + SIGNATURE_SIZE) return undefined;
  const time = Number(Buffer.from(signature.subarray(0, TIME_SIZE)).readBigUInt64BE());
  if (!Number.isSafeInteger(time) || time === 0) return undefined;
  const isValid = verify(null, cosignedMessage(text, time), publicKey, signature.subarray(TIME_SIZE));
  return isValid ? time : undefined;
}
