import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * A log of two entries at most, written out by hand from RFC 6962 and C2SP with nothing of `src/`: enough to see that
 * the programs of others accept what is right and refuse what is not.
 */
export interface SmallLog {
  origin: string;
  vkey: string;
  /** The signed checkpoint of its first entries. */
  checkpoint(size: 1 | 2): string;
  /** In base64. */
  root(size: 1 | 2): string;
  /** In base64; that of the other entry is the whole proof of inclusion of one. */
  leaf(index: 0 | 1): string;
  /** Writes it as a tlog-tiles folder. */
  write(folder: string): void;
}

export function smallLog(origin: string, entries: readonly [Buffer, Buffer]): SmallLog {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const key = Buffer.concat([Buffer.of(1), publicKey.export({ format: 'der', type: 'spki' }).subarray(-32)]);
  const id = sha256(Buffer.from(`${origin}\n`), key).subarray(0, 4);
  const leaves = entries.map((entry) => sha256(Buffer.of(0), entry));
  const root = (size: 1 | 2) => (size === 1 ? leaves[0]! : sha256(Buffer.of(1), ...leaves));
  const checkpoint = (size: 1 | 2) => {
    const body = `${origin}\n${size}\n${root(size).toString('base64')}\n`;
    const line = Buffer.concat([id, sign(null, Buffer.from(body), privateKey)]).toString('base64');
    return `${body}\n— ${origin} ${line}\n`;
  };
  return {
    origin,
    vkey: `${origin}+${id.toString('hex')}+${key.toString('base64')}`,
    checkpoint,
    root: (size) => root(size).toString('base64'),
    leaf: (index) => leaves[index]!.toString('base64'),
    write: (folder) => {
      const bundle = entries.flatMap((entry) => [Buffer.of(entry.length >> 8, entry.length & 255), entry]);
      put(join(folder, 'checkpoint'), checkpoint(2));
      put(join(folder, 'tile/0/000.p/2'), Buffer.concat(leaves));
      put(join(folder, 'tile/entries/000.p/2'), Buffer.concat(bundle));
    },
  };
}

function sha256(...parts: readonly Buffer[]): Buffer {
  return createHash('sha256').update(Buffer.concat(parts)).digest();
}

function put(path: string, content: string | Buffer): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}
