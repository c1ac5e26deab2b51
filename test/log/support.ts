import { createHash, sign } from 'node:crypto';
import { OvnError } from '../../src/errors.ts';
import { appendEntries } from '../../src/log/append.ts';
import { cosignedMessage } from '../../src/log/cosignature.ts';
import { formatNote, type Note, type NoteSignature, withSignatures } from '../../src/log/note.ts';
import type { NoteSigner } from '../../src/log/note-signature.ts';
import type { TileReader } from '../../src/log/tile-reader.ts';
import { emptyHead, type TreeHead } from '../../src/log/tree-head.ts';
import { type SignatureType, verifierOf } from '../../src/log/verifier.ts';
import { rawKeyOf } from '../../src/trust/did-key.ts';
import { testSigner } from '../helpers/signers.ts';

export const ORIGIN = 'log.example/paper';

export const bytesOf = (text: string) => new TextEncoder().encode(text);
export const hexOf = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
export const hexesOf = (hashes: readonly Uint8Array[]) => hashes.map(hexOf);

/** `count` entries, each another one. */
export function entriesOf(count: number, from = 0): Uint8Array[] {
  return Array.from({ length: count }, (_, at) => bytesOf(`entry ${from + at}`));
}

/** A signer that is the same on every machine. */
export function noteSigner(name: string, type: SignatureType = 'ed25519'): NoteSigner {
  const { did, privateKey } = testSigner(`${type} ${name}`);
  return { verifier: verifierOf(name, rawKeyOf(did), type), privateKey };
}

/** What a witness does: program and tests only ever verify it elsewhere. */
export function cosign(text: string, { verifier, privateKey }: NoteSigner, time: number): NoteSignature {
  const stamp = Buffer.alloc(8);
  stamp.writeBigUInt64BE(BigInt(time));
  const signature = Buffer.concat([stamp, sign(null, cosignedMessage(text, time), privateKey)]);
  return { name: verifier.name, keyId: verifier.keyId, signature };
}

/** The bytes of a note with cosignatures added. */
export function cosigned(note: Note, witnesses: readonly NoteSigner[], time = 1_700_000_000): Uint8Array {
  return formatNote(
    withSignatures(
      note,
      witnesses.map((witness) => cosign(note.text, witness, time)),
    ),
  );
}

/** The files below `log/`, and which of them were read. */
export class LogFiles {
  readonly files = new Map<string, Uint8Array>();
  reads: string[] = [];
  head: TreeHead = emptyHead();

  static async of(entries: readonly Uint8Array[]): Promise<LogFiles> {
    const log = new LogFiles();
    await log.append(entries);
    return log;
  }

  readonly read: TileReader = async (path) => {
    this.reads.push(path.join('/'));
    return this.files.get(path.join('/'));
  };

  async append(entries: readonly Uint8Array[]): Promise<void> {
    const { head, files, removed } = await appendEntries(this.head, entries, this.read);
    for (const path of removed) {
      if (!this.files.delete(path.join('/'))) throw new Error(`${path.join('/')} was not there`);
    }
    for (const { path, bytes } of files) this.files.set(path.join('/'), Uint8Array.from(bytes));
    this.head = head;
  }
}

/** RFC 6962, section 2.1, as it is written there: for small trees. */
export const naive = {
  leaf: (entry: Uint8Array) => sha256(Uint8Array.of(0), entry),

  root(leaves: readonly Uint8Array[]): Uint8Array {
    const [first] = leaves;
    if (first === undefined) return sha256();
    if (leaves.length === 1) return first;
    const k = splitOf(leaves.length);
    return sha256(Uint8Array.of(1), naive.root(leaves.slice(0, k)), naive.root(leaves.slice(k)));
  },

  path(index: number, leaves: readonly Uint8Array[]): Uint8Array[] {
    if (leaves.length === 1) return [];
    const k = splitOf(leaves.length);
    const [left, right] = [leaves.slice(0, k), leaves.slice(k)];
    if (index < k) return [...naive.path(index, left), naive.root(right)];
    return [...naive.path(index - k, right), naive.root(left)];
  },

  proof(older: number, leaves: readonly Uint8Array[], isWhole = true): Uint8Array[] {
    if (older === leaves.length) return isWhole ? [] : [naive.root(leaves)];
    const k = splitOf(leaves.length);
    const [left, right] = [leaves.slice(0, k), leaves.slice(k)];
    if (older <= k) return [...naive.proof(older, left, isWhole), naive.root(right)];
    return [...naive.proof(older - k, right, false), naive.root(left)];
  },
};

/** The error's code and message; fails for anything but an {@link OvnError}. */
export function refusalOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof OvnError) return `${error.code}: ${error.message}`;
    throw error;
  }
  return 'nothing thrown';
}

/** As {@link refusalOf}, of a promise. */
export async function refusalOfAsync(act: () => Promise<unknown>): Promise<string> {
  try {
    await act();
  } catch (error) {
    if (error instanceof OvnError) return `${error.code}: ${error.message}`;
    throw error;
  }
  return 'nothing thrown';
}

function splitOf(size: number): number {
  let k = 1;
  while (k * 2 < size) k *= 2;
  return k;
}

function sha256(...parts: Uint8Array[]): Uint8Array {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}
