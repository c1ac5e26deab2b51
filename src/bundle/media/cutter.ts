/** An image without its metadata, before anything is said about its type. */
export interface StrippedImage {
  bytes: Uint8Array;
  /** Pixels, as displayed. */
  width: number;
  height: number;
  /** What was taken out, in the order of the file, each kind once. */
  removed: string[];
}

/**
 * Collects what of a file is kept. Nothing is copied before {@link Cutter.finish}, and nothing at all when the whole
 * file is kept.
 */
export class Cutter {
  readonly #source: Uint8Array;
  readonly #pieces: Uint8Array[] = [];
  readonly #removed = new Set<string>();
  #start = 0;
  #end = 0;
  #length = 0;

  constructor(source: Uint8Array) {
    this.#source = source;
  }

  /** Bytes of the result so far. */
  get length(): number {
    return this.#length;
  }

  /** Keeps the source's bytes from `start` to before `end`. */
  keep(start: number, end: number): void {
    if (start !== this.#end) {
      this.#flush();
      this.#start = start;
    }
    this.#end = end;
    this.#length += end - start;
  }

  /** Puts bytes that are not in the source at this place. They may be changed until {@link Cutter.finish}. */
  insert(bytes: Uint8Array): void {
    this.#flush();
    this.#pieces.push(bytes);
    this.#length += bytes.length;
  }

  /** Keeps a copy of the source's bytes, which the caller may change until {@link Cutter.finish}. */
  copy(start: number, end: number): Uint8Array {
    const bytes = new Uint8Array(this.#source.subarray(start, end));
    this.insert(bytes);
    return bytes;
  }

  /** Puts `bytes` in place of a part of the source, and notes the kind of what is lost if they are not the same. */
  replace(start: number, end: number, bytes: Uint8Array, kind: string): void {
    if (Buffer.compare(this.#source.subarray(start, end), bytes) !== 0) this.drop(kind);
    this.insert(bytes);
  }

  /** Notes that something of this kind was not kept. */
  drop(kind: string): void {
    this.#removed.add(kind);
  }

  /** Notes what lies behind the image's own end. */
  dropFrom(end: number): void {
    if (end < this.#source.length) this.drop('trailing data');
  }

  finish(size: { width: number; height: number }): StrippedImage {
    this.#flush();
    const [only] = this.#pieces;
    const whole = this.#pieces.length === 1 && only?.length === this.#source.length;
    const bytes = whole ? this.#source : concat(this.#pieces, this.#length);
    return { bytes, width: size.width, height: size.height, removed: [...this.#removed] };
  }

  #flush(): void {
    if (this.#end > this.#start) this.#pieces.push(this.#source.subarray(this.#start, this.#end));
    this.#start = 0;
    this.#end = 0;
  }
}

function concat(pieces: readonly Uint8Array[], length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}
