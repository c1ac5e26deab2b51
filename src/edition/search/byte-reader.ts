/** What a file of the index says against its own rules. */
export class BadIndex extends Error {}

const LARGEST = 2 ** 32;

/** Reads what `ByteWriter` writes, and nothing else. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /**
   * A whole number, at most `limit`.
   *
   * @throws {BadIndex}
   */
  number(limit: number): number {
    let value = 0;
    for (let scale = 1; scale <= LARGEST; scale *= 0x80) {
      const byte = this.#bytes[this.#at++];
      if (byte === undefined) break;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) {
        if (value > limit || (byte === 0 && scale > 1)) break;
        return value;
      }
    }
    throw new BadIndex('no number');
  }

  /** So many bytes; they stay the file's. */
  bytes(length: number): Uint8Array {
    const start = this.#at;
    this.#at += length;
    if (this.#at > this.#bytes.length) throw new BadIndex('too short');
    return this.#bytes.subarray(start, this.#at);
  }

  /** Bytes that are left: nothing of a list can have more parts. */
  get left(): number {
    return this.#bytes.length - this.#at;
  }

  /** @throws {BadIndex} where something is left. */
  end(): void {
    if (this.left > 0) throw new BadIndex('too long');
  }
}
