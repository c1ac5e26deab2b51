import { OvnError } from '../../errors.ts';
import { readVarint } from './protobuf.ts';

/** Cuts a stream of bytes into messages that have their length in front; no more than `limit` bytes are ever kept. */
export class FrameReader {
  readonly #limit: number;
  /**
   * What is not whole yet, in one piece of its own. Threat: each piece as it came would keep all that came along with it, so that a
   * peer that sends a byte at a time would cost thousands of times as much as it sends.
   */
  #kept = Buffer.alloc(0);
  #size = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Bytes of memory that it takes. */
  get held(): number {
    return this.#kept.length;
  }

  /** The messages that these bytes complete. @throws OvnError `limit` for one that claims to be longer than the limit */
  *push(bytes: Uint8Array): Generator<Uint8Array> {
    const all = this.#size === 0 ? bytes : this.#append(bytes);
    let start = 0;
    for (let frame = this.#find(all, start); frame !== undefined; frame = this.#find(all, start)) {
      yield all.subarray(frame.start, frame.end);
      start = frame.end;
    }
    if (start > 0 || this.#size === 0) this.#keep(all.subarray(start));
  }

  /** Where the first message lies; `undefined` where there is not all of it yet. */
  #find(all: Uint8Array, from: number): { start: number; end: number } | undefined {
    const length = readVarint(all, from);
    if (length === undefined) return undefined;
    const { value, end: start } = length;
    if (value > this.#limit)
      throw new OvnError('limit', `a message of ${value} bytes, where ${this.#limit} are accepted`);
    return start + value > all.length ? undefined : { start, end: start + value };
  }

  /** The room doubles, so that no byte is copied more than a few times. */
  #append(bytes: Uint8Array): Uint8Array {
    const size = this.#size + bytes.length;
    if (size > this.#kept.length) {
      const grown = Buffer.allocUnsafeSlow(Math.max(size, Math.min(2 * this.#kept.length, this.#limit)));
      grown.set(this.#kept.subarray(0, this.#size));
      this.#kept = grown;
    }
    this.#kept.set(bytes, this.#size);
    this.#size = size;
    return this.#kept.subarray(0, size);
  }

  /** In a new piece: what was yielded may still be in use. */
  #keep(rest: Uint8Array): void {
    this.#kept = Buffer.from(rest);
    this.#size = rest.length;
  }
}
