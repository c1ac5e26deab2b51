import { OvnError } from '../errors.ts';
import { formatNote, type Note, parseNote } from './note.ts';
import { judgeNoteSignature, type NoteSigner, signText } from './note-signature.ts';
import { decodeHash, encodeBase64, parseDecimal } from './text.ts';
import { emptyRoot, isSameHash } from './tree-hash.ts';
import type { TreeHead } from './tree-head.ts';
import { formatVerifierKey, type Verifier } from './verifier.ts';

/** What a checkpoint's text says (C2SP tlog-checkpoint, "Note text"). */
export interface Checkpoint extends TreeHead {
  /** Name of the log. */
  origin: string;
  /** Lines after the third. Ours have none. */
  extensions: readonly string[];
}

/** The log as its reader knows it: the newest masthead's `origin` and its `log` role. */
export interface LogIdentity {
  origin: string;
  keys: readonly Verifier[];
  /** How many of the keys must have signed, at least 1. */
  threshold: number;
}

declare const VERIFIED: unique symbol;

/** A checkpoint that its log signed. It comes only from {@link openCheckpoint}. */
export interface VerifiedCheckpoint extends Checkpoint {
  readonly [VERIFIED]: true;
  /** The note, with whatever signatures are on it. */
  note: Note;
  /** Verifier keys of the log whose signatures it bears. */
  signedBy: readonly string[];
}

/**
 * The text of a checkpoint.
 *
 * @throws {OvnError} `malformed` when it would not be read as this checkpoint.
 */
export function formatCheckpoint({ origin, size, root, extensions }: Checkpoint): string {
  const text = [origin, size, encodeBase64(root), ...extensions, ''].join('\n');
  const { length } = parseCheckpoint(text).extensions;
  if (length === extensions.length) return text;
  throw new OvnError('malformed', 'checkpoint: a line feed inside of a line');
}

/**
 * Reads the text of a checkpoint strictly. A tree without entries has the root of nothing, and no other tree
 * has it.
 *
 * @throws {OvnError} `malformed`.
 */
export function parseCheckpoint(text: string): Checkpoint {
  const lines = text.split('\n');
  if (lines.pop() !== '' || lines.length < 3 || lines.includes('')) {
    throw new OvnError('malformed', 'checkpoint: not three lines or more, each of them not empty');
  }
  const [origin = '', decimal = '', encoded = '', ...extensions] = lines;
  const size = parseDecimal(decimal);
  const root = decodeHash(encoded);
  if (size === undefined) throw new OvnError('malformed', 'checkpoint: the second line is no tree size');
  if (root === undefined) throw new OvnError('malformed', 'checkpoint: the third line is no tree hash');
  if ((size === 0) !== isSameHash(root, emptyRoot())) {
    throw new OvnError('malformed', 'checkpoint: the root is not of its size');
  }
  return { origin, size, root, extensions };
}

/** A checkpoint as a note signed by the log's keys: by both, while one takes over from the other. */
export function signCheckpoint(
  origin: string,
  { size, root }: TreeHead,
  signers: readonly NoteSigner[],
): Uint8Array {
  const text = formatCheckpoint({ origin, size, root, extensions: [] });
  return formatNote({ text, signatures: signers.map((signer) => signText(text, signer)) });
}

/**
 * The checkpoint, when the log signed it: of the origin that is expected, by as many of the log's keys as the
 * threshold demands, and without a false signature of any of them (C2SP signed-note, "Signatures"). Lines of
 * other keys, a former one of the log and those of witnesses among them, are neither needed nor trusted here.
 *
 * @throws {OvnError} `limit` or `malformed`, `refused` naming the rule that does not hold.
 */
export function openCheckpoint(
  bytes: Uint8Array,
  { origin, keys, threshold }: LogIdentity,
): VerifiedCheckpoint {
  const note = parseNote(bytes);
  const checkpoint = parseCheckpoint(note.text);
  if (checkpoint.origin !== origin) {
    throw new OvnError('refused', `checkpoint: it is of the log ${checkpoint.origin}, not ${origin}`);
  }
  const results = new Map(keys.map((key) => [formatVerifierKey(key), judgeNoteSignature(note, key)]));
  const namesOf = (result: string) => [...results.keys()].filter((key) => results.get(key) === result);
  const [forged] = namesOf('invalid');
  if (forged !== undefined) throw new OvnError('refused', `checkpoint: the signature of ${forged} is false`);
  const signedBy = namesOf('valid');
  if (signedBy.length < Math.max(threshold, 1)) {
    throw new OvnError('refused', `checkpoint: signed by ${signedBy.length} of ${threshold} keys of the log`);
  }
  return { ...checkpoint, note, signedBy } as unknown as VerifiedCheckpoint;
}
