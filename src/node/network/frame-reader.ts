import { OvnError } from '../../errors.ts';
import { readVarint } from './protobuf.ts';

/** Cuts a stream of bytes into messages that have their length in front; no more than `limit` bytes are ever kept. */
export class FrameReader {
  readonly #limit: number;
  #parts: Uint8Array[] = [];
  #held = 0;
  /** Bytes that the frame under way needs, its length included; 0 before that is known. */
  #needed = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** The messages that these bytes complete. @throws OvnError `limit` for one that claims to be longer than the limit */
  *push(bytes: Uint8Array): Generator<Uint8Array> {
    this.#parts.push(bytes);
    this.#held += bytes.length;
    while (this.#held > 0 && this.#held >= this.#needed) {
      const all = this.#join();
      const length = readVarint(all, 0);
      if (length === undefined) return;
      if (length.value > this.#limit)
        throw new OvnError('limit', `a message of ${length.value} bytes, where ${this.#limit} are accepted`);
      this.#needed = length.end + length.value;
      if (this.#held < this.#needed) return;
      yield all.subarray(length.end, this.#needed);
      this.#drop(all);
    }
  }

  #join(): Uint8Array {
    const [first] = this.#parts;
    const all = this.#parts.length === 1 && first !== undefined ? first : Buffer.concat(this.#parts);
    this.#parts = [all];
    return all;
  }

  #drop(all: Uint8Array): void {
    this.#parts = [all.subarray(this.#needed)];
    this.#held -= this.#needed;
    this.#needed = 0;
  }
}
