import { OvnError } from '../errors.ts';
import { decodeBase64, decodeText, encodeBase64 } from './text.ts';
import { isKeyName } from './verifier.ts';

/**
 * Largest note that is read, in bytes: more than 16 signatures of the largest kind there is (ML-DSA-44, about
 * 3.3 kB).
 */
export const NOTE_LIMIT = 256 * 1024;
/** Most signature lines that are read. */
export const MOST_SIGNATURES = 64;

const KEY_ID_SIZE = 4;
const encoder = new TextEncoder();

/** One signature line. Nothing is known of it until it is checked by the key that it names. */
export interface NoteSignature {
  /** Of the key. */
  name: string;
  /** Eight hex digits. */
  keyId: string;
  /** What follows the key id: at least one byte. */
  signature: Uint8Array;
}

/** A text, which ends in a line feed, and who signed it (C2SP signed-note, "Format"). */
export interface Note {
  text: string;
  signatures: readonly NoteSignature[];
}

/**
 * Reads a note strictly: what is read is written by {@link formatNote} as the very same bytes. Lines of
 * unknown keys are kept; a line that is no signature line makes the whole no note.
 *
 * @throws {OvnError} `limit` or `malformed`.
 */
export function parseNote(bytes: Uint8Array): Note {
  const whole = decodeText(bytes, NOTE_LIMIT, 'note');
  const end = whole.lastIndexOf('\n\n');
  if (end === -1) throw new OvnError('malformed', 'note: no empty line before the signatures');
  return { text: whole.slice(0, end + 1), signatures: parseSignatures(whole.slice(end + 2)) };
}

/**
 * Reads signature lines alone, at least one, as a witness sends them.
 *
 * @throws {OvnError} `limit` or `malformed`.
 */
export function parseSignatures(text: string): NoteSignature[] {
  const lines = text.split('\n');
  if (lines.pop() !== '' || lines.length === 0) {
    throw new OvnError('malformed', 'note: the signatures do not end in a line feed');
  }
  if (lines.length > MOST_SIGNATURES)
    throw new OvnError('limit', `note: more than ${MOST_SIGNATURES} signatures`);
  return lines.map(parseLine);
}

/**
 * The bytes of a note.
 *
 * @throws {OvnError} `malformed` when they would not be read as this note.
 */
export function formatNote({ text, signatures }: Note): Uint8Array {
  const bytes = encoder.encode(`${text}\n${signatures.map(formatLine).join('')}`);
  if (parseNote(bytes).text !== text)
    throw new OvnError('malformed', 'note: the text is not one that can be signed');
  return bytes;
}

/** The note with more signatures behind its own; one of the same key gives way to the newer, in its place. */
export function withSignatures({ text, signatures }: Note, more: readonly NoteSignature[]): Note {
  const byKey = new Map([...signatures, ...more].map((signature) => [keyOf(signature), signature]));
  return { text, signatures: [...byKey.values()] };
}

function keyOf({ name, keyId }: NoteSignature): string {
  return `${name}+${keyId}`;
}

function formatLine({ name, keyId, signature }: NoteSignature): string {
  return `— ${name} ${encodeBase64(Buffer.concat([Buffer.from(keyId, 'hex'), signature]))}\n`;
}

function parseLine(line: string): NoteSignature {
  const [, name, encoded] = /^— ([^ ]+) ([^ ]+)$/.exec(line) ?? [];
  const bytes = encoded === undefined ? undefined : decodeBase64(encoded);
  if (name === undefined || !isKeyName(name) || bytes === undefined || bytes.length <= KEY_ID_SIZE) {
    throw new OvnError('malformed', `note: ${JSON.stringify(line.slice(0, 80))} is no signature line`);
  }
  const keyId = Buffer.from(bytes.subarray(0, KEY_ID_SIZE)).toString('hex');
  return { name, keyId, signature: bytes.subarray(KEY_ID_SIZE) };
}
