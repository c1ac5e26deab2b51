import { hash } from 'node:crypto';
import type { MultihashDigest } from 'multiformats/cid';

/** 32-bit words of a digest that are kept: 128 bits, so that nobody finds two blocks that look the same here. */
const WORDS = 4;
const KEY_BYTES = WORDS * 4;
const FIRST_CAPACITY = 1024;
const FULLEST = 0.75;
const IDENTITY = 0x00;

/** A number for each of many digests. 0 stands for "not there". */
type Values = Uint8Array | Uint32Array;

/**
 * Numbers by digest, in typed arrays: 17 or 20 bytes a slot, so that a million blocks take some 40 MB and no work of the garbage
 * collector. A digest is known by its first 16 bytes, whatever the codec of the CID; nothing is ever removed.
 */
export class DigestTable {
  #keys: Uint32Array<ArrayBuffer>;
  #values: Values;
  #size = 0;
  readonly #make: (capacity: number) => Values;
  /** The digest that was looked up last. */
  readonly #key = new Uint32Array(WORDS);
  readonly #keyBytes = new Uint8Array(this.#key.buffer);

  /** `bits`: of the largest number that is kept. */
  constructor(bits: 8 | 32 = 8) {
    this.#make = (capacity) => (bits === 8 ? new Uint8Array(capacity) : new Uint32Array(capacity));
    this.#keys = new Uint32Array(FIRST_CAPACITY * WORDS);
    this.#values = this.#make(FIRST_CAPACITY);
  }

  /** How many digests have a number. */
  get size(): number {
    return this.#size;
  }

  /** Memory that it takes. */
  get bytes(): number {
    return this.#keys.byteLength + this.#values.byteLength;
  }

  get(digest: MultihashDigest): number {
    this.#load(digest);
    return this.#values[this.#find()] ?? 0;
  }

  /** @throws RangeError for 0, which says that nothing is there */
  set(digest: MultihashDigest, value: number): void {
    if (value === 0) throw new RangeError('0 is no value of a digest');
    this.#load(digest);
    let slot = this.#find();
    if (this.#values[slot] === 0) {
      if (++this.#size > this.#values.length * FULLEST) {
        this.#grow();
        slot = this.#find();
      }
      this.#keys.set(this.#key, slot * WORDS);
    }
    this.#values[slot] = value;
  }

  #load({ code, digest, bytes }: MultihashDigest): void {
    const long = code !== IDENTITY && digest.length >= KEY_BYTES;
    const source = long ? digest : hash('sha256', bytes, 'buffer');
    for (let at = 0; at < KEY_BYTES; at++) this.#keyBytes[at] = source[at] ?? 0;
  }

  /** The slot of the loaded digest, or the free one where it belongs. */
  #find(): number {
    const [a, b, c, d] = this.#key;
    const mask = this.#values.length - 1;
    let slot = (a ?? 0) & mask;
    while (this.#values[slot] !== 0) {
      const at = slot * WORDS;
      const keys = this.#keys;
      if (keys[at] === a && keys[at + 1] === b && keys[at + 2] === c && keys[at + 3] === d) return slot;
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  #grow(): void {
    const [keys, values, wanted] = [this.#keys, this.#values, Uint32Array.from(this.#key)];
    this.#keys = new Uint32Array(keys.length * 2);
    this.#values = this.#make(values.length * 2);
    for (let slot = 0; slot < values.length; slot++) {
      const value = values[slot] ?? 0;
      if (value === 0) continue;
      this.#key.set(keys.subarray(slot * WORDS, slot * WORDS + WORDS));
      const free = this.#find();
      this.#keys.set(this.#key, free * WORDS);
      this.#values[free] = value;
    }
    this.#key.set(wanted);
  }
}
