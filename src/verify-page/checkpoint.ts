import { type Bytes, concat, fromBase64, fromUtf8, sha256, toBase64, toUtf8 } from './bytes.ts';
import { Refused } from './failure.ts';
import type { LogState } from './manifest.ts';
import type { Role } from './masthead.ts';
import { isSigned, rawKeyOf } from './signature.ts';

/** Bytes of a signature line before the signature: the key id. */
const KEY_ID_SIZE = 4;
const ED25519_TYPE = 0x01;

/**
 * Judges a checkpoint (C2SP signed-note and tlog-checkpoint): it says the log's state, and is signed by as many keys of
 * the log role as the threshold demands. A false line of one of them refuses it; lines of others count for nothing.
 *
 * @returns the did:keys that signed.
 */
export async function openCheckpoint(bytes: Bytes, state: LogState, role: Role): Promise<string[]> {
  const whole = fromUtf8(bytes) ?? '';
  const end = whole.lastIndexOf('\n\n');
  if (end === -1 || !whole.endsWith('\n')) throw new Refused('the checkpoint is no signed note');
  const text = whole.slice(0, end + 1);
  const lines = whole
    .slice(end + 2, -1)
    .split('\n')
    .map(readLine);
  requireState(text, state);
  const signed: string[] = [];
  for (const { id } of role.keys) {
    const key = rawKeyOf(id) ?? new Uint8Array(0);
    const keyId = await keyIdOf(state.origin, key);
    const own = lines.filter((line) => line.name === state.origin && line.keyId === keyId);
    for (const { signature } of own) {
      const fits = await isSigned(toUtf8(text), signature, key);
      if (!fits) throw new Refused(`the signature of the log key ${id} does not fit`);
    }
    if (own.length > 0) signed.push(id);
  }
  if (signed.length >= role.threshold) return signed;
  throw new Refused(`the checkpoint has ${signed.length} of ${role.threshold} signatures of the log`);
}

function requireState(text: string, { origin, size, root }: LogState): void {
  const [name, count, hash] = text.split('\n');
  if (name !== origin) throw new Refused(`the checkpoint is of the log ${name}, not ${origin}`);
  if (count === String(size) && hash === root) return;
  throw new Refused(
    `the checkpoint says ${count} entries and ${hash}; the manifest says ${size} and ${root}`,
  );
}

/** `— <name> <base64 of key id and signature>` */
function readLine(line: string): { name: string; keyId: string; signature: Bytes } {
  const [, name = '', encoded = ''] = /^— ([^ ]+) ([^ ]+)$/.exec(line) ?? [];
  const bytes = fromBase64(encoded);
  if (bytes === undefined || bytes.length <= KEY_ID_SIZE)
    throw new Refused('the checkpoint has a line that is no signature');
  return { name, keyId: toBase64(bytes.slice(0, KEY_ID_SIZE)), signature: bytes.slice(KEY_ID_SIZE) };
}

async function keyIdOf(name: string, key: Bytes): Promise<string> {
  const hash = await sha256(concat([toUtf8(`${name}\n`), Uint8Array.of(ED25519_TYPE), key]));
  return toBase64(hash.slice(0, KEY_ID_SIZE));
}
