import { OvnError } from '../errors.ts';

/** A varint of more bytes than this is beyond exact integers. */
const MAX_VARINT = 7;

/** Takes exact numbers of bytes from a stream that comes in any portions, and knows how far it is. */
export class ByteSource {
  readonly #chunks: AsyncIterator<Uint8Array>;
  readonly #limit: number;
  #chunk: Uint8Array = new Uint8Array(0);
  #used = 0;
  #offset = 0;

  /** `limit`: bytes after which the stream is refused. */
  constructor(chunks: AsyncIterable<Uint8Array>, limit: number) {
    this.#chunks = chunks[Symbol.asyncIterator]();
    this.#limit = limit;
  }

  /** Bytes taken so far. */
  get offset(): number {
    return this.#offset;
  }

  /** Whether the stream has ended here. */
  async isAtEnd(): Promise<boolean> {
    while (this.#used === this.#chunk.length) {
      const next = await this.#chunks.next();
      if (next.done === true) return true;
      this.#chunk = next.value;
      this.#used = 0;
    }
    return false;
  }

  /**
   * The next so many bytes, where possible without a copy.
   * @throws OvnError `malformed` with the offset when the stream breaks off, `limit`
   */
  async take(length: number): Promise<Uint8Array> {
    const first = await this.#takeSome(length);
    if (first.length === length) return first;
    const pieces = [first];
    for (let missing = length - first.length; missing > 0; ) {
      const piece = await this.#takeSome(missing);
      pieces.push(piece);
      missing -= piece.length;
    }
    return new Uint8Array(Buffer.concat(pieces));
  }

  /** Passes over bytes; throws as {@link take}. */
  async skip(length: number): Promise<void> {
    for (let missing = length; missing > 0; ) missing -= (await this.#takeSome(missing)).length;
  }

  /** Passes over everything that is left. */
  async drain(): Promise<void> {
    while (!(await this.isAtEnd())) await this.#takeSome(this.#chunk.length - this.#used);
  }

  /**
   * The next unsigned varint, in its shortest form.
   * @throws OvnError `malformed`, `limit`
   */
  async varint(): Promise<number> {
    let value = 0;
    for (let index = 0; index < MAX_VARINT; index++) {
      const [byte = 0] = await this.take(1);
      value += (byte & 0x7f) * 0x80 ** index;
      if (byte >= 0x80) continue;
      if (byte === 0 && index > 0) break;
      return value;
    }
    throw new OvnError('malformed', `no proper varint before byte ${this.#offset}`);
  }

  /** Lets go of the stream. */
  async close(): Promise<void> {
    await this.#chunks.return?.();
  }

  /** From one to `length` bytes; none only where none are asked for. */
  async #takeSome(length: number): Promise<Uint8Array> {
    if (length === 0) return this.#chunk.subarray(0, 0);
    if (await this.isAtEnd()) throw new OvnError('malformed', `the file breaks off at byte ${this.#offset}`);
    const bytes = this.#chunk.subarray(this.#used, this.#used + length);
    this.#used += bytes.length;
    this.#offset += bytes.length;
    if (this.#offset > this.#limit)
      throw new OvnError('limit', `the file is larger than ${this.#limit} bytes`);
    return bytes;
  }
}
