import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const FOLDER = fileURLToPath(new URL('../fixtures/images/', import.meta.url));

/** One image of test/fixtures/images. */
export function image(name: string): Uint8Array {
  return new Uint8Array(readFileSync(FOLDER + name));
}

/** Bytes from text whose characters are byte values, and from arrays, put together. */
export function bytesOf(...parts: (string | Uint8Array | readonly number[])[]): Uint8Array {
  const buffers = parts.map((part) =>
    typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from(part),
  );
  return new Uint8Array(Buffer.concat(buffers));
}

/** Where `part` first lies in `bytes`; -1 when nowhere. */
export function find(bytes: Uint8Array, part: string | Uint8Array): number {
  return Buffer.from(bytes).indexOf(typeof part === 'string' ? Buffer.from(part, 'latin1') : part);
}
