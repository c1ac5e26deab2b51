import { createCipheriv, createHash } from 'node:crypto';

const PORTION = 1024 * 1024;

/** The key stream of ChaCha20 under the key SHA-256(seed) and a nonce of zeros, cut to length (IPIP-0499, as Kubo's tests make it). */
export function* chachaStream(size: number, seed: string): Generator<Uint8Array> {
  const cipher = createCipheriv('chacha20', createHash('sha256').update(seed).digest(), Buffer.alloc(16));
  for (let left = size; left > 0; left -= PORTION) yield cipher.update(Buffer.alloc(Math.min(left, PORTION)));
}

/** sha256("ovn0"), sha256("ovn1"), … in a row, cut to length (`kubo/unixfs-v1-2025.json`, "stream"). */
export function* ovnStream(size: number): Generator<Uint8Array> {
  for (let at = 0; at < size; at += PORTION) {
    const portion = new DataView(new ArrayBuffer(PORTION));
    for (let offset = 0; offset < Math.min(PORTION, size - at); offset += 32) {
      writeDigest(portion, offset, (at + offset) / 32);
    }
    yield new Uint8Array(portion.buffer, 0, Math.min(PORTION, size - at));
  }
}

/** All of a stream in one array. */
export function concat(pieces: Iterable<Uint8Array>): Uint8Array {
  return new Uint8Array(Buffer.concat([...pieces]));
}

/** Everything that an asynchronous stream gives. */
export async function collect<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const each of stream) all.push(each);
  return all;
}

/** Gives one stream to several readers in step, so that none of it is kept; all of them have to read to the end. */
export function share(source: Iterable<Uint8Array>, readers: number): AsyncIterable<Uint8Array>[] {
  const iterator = source[Symbol.iterator]();
  let waiting: ((result: IteratorResult<Uint8Array>) => void)[] = [];
  const next = () =>
    new Promise<IteratorResult<Uint8Array>>((resolve) => {
      waiting.push(resolve);
      if (waiting.length < readers) return;
      const result = iterator.next();
      const all = waiting;
      waiting = [];
      for (const each of all) each(result);
    });
  return Array.from({ length: readers }, () => ({ [Symbol.asyncIterator]: () => ({ next }) }));
}

const STATE = fractions(8, 1 / 2);
const K = fractions(64, 1 / 3);
const w = new Int32Array(64);
const v = new Int32Array(8);
const message = new DataView(new ArrayBuffer(64));

/** SHA-256 of "ovn<number>", one block: several times as fast as node:crypto, and a stream of 1 GiB has 33 million of them. */
function writeDigest(to: DataView, offset: number, number: number): void {
  const length = 3 + (number < 10 ? 1 : Math.floor(Math.log10(number + 0.5)) + 1);
  message.setInt32(0, 0x6f766e00);
  message.setInt32(4, 0);
  message.setInt32(8, 0);
  message.setUint8(length, 0x80);
  for (let i = length - 1, rest = number; i >= 3; i--, rest = (rest / 10) | 0)
    message.setUint8(i, 0x30 + (rest % 10));
  w.fill(0);
  for (let i = 0; i < 3; i++) w[i] = message.getInt32(i * 4);
  w[15] = length * 8;
  compress();
  for (let i = 0; i < 8; i++) to.setInt32(offset + i * 4, int(v, i) + int(STATE, i));
}

/** The compression function of FIPS 180-4 (6.2.2) on `w`, from the first state, into `v`. */
function compress(): void {
  for (let i = 16; i < 64; i++) {
    const x = int(w, i - 15);
    const y = int(w, i - 2);
    const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
    const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
    w[i] = (int(w, i - 16) + s0 + int(w, i - 7) + s1) | 0;
  }
  let a = int(STATE, 0);
  let b = int(STATE, 1);
  let c = int(STATE, 2);
  let d = int(STATE, 3);
  let e = int(STATE, 4);
  let f = int(STATE, 5);
  let g = int(STATE, 6);
  let h = int(STATE, 7);
  for (let i = 0; i < 64; i++) {
    const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + int(K, i) + int(w, i)) | 0;
    const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + t2) | 0;
  }
  v[0] = a;
  v[1] = b;
  v[2] = c;
  v[3] = d;
  v[4] = e;
  v[5] = f;
  v[6] = g;
  v[7] = h;
}

function int(of: Int32Array, index: number): number {
  return of[index] as number;
}

/** The first 32 bits of the fractions of roots of the first primes (FIPS 180-4, 4.2.2 and 5.3.3). */
function fractions(count: number, exponent: number): Int32Array {
  const primes: number[] = [];
  for (let n = 2; primes.length < count; n++) if (primes.every((prime) => n % prime !== 0)) primes.push(n);
  return Int32Array.from(primes, (prime) => (prime ** exponent % 1) * 2 ** 32);
}
