import { Cutter, type StrippedImage } from './cutter.ts';
import { ImageReader } from './image-reader.ts';

const TRAILER = 0x3b;
const IMAGE = 0x2c;
const EXTENSION = 0x21;
const GRAPHIC_CONTROL = 0xf9;
const PLAIN_TEXT = 0x01;
const COMMENT = 0xfe;
const APPLICATION = 0xff;
/** The two names of the one application extension that decides something: how often an animation runs. */
const LOOPS: ReadonlySet<string> = new Set(['NETSCAPE2.0', 'ANIMEXTS1.0']);

/**
 * Removes from a GIF (GIF89a) comments, plain text, XMP and every other application's data but the loop count, and
 * data behind the end. Frames, palettes and timing stay.
 * @throws OvnError 'malformed' or 'limit'
 */
export function stripGif(bytes: Uint8Array, name: string): StrippedImage {
  return new GifStripper(new ImageReader(bytes, name, 'GIF')).strip();
}

class GifStripper {
  readonly #reader: ImageReader;
  readonly #cutter: Cutter;
  /** A graphic control waits for the image it belongs to; that of a plain text goes with it. */
  #control: { start: number; end: number } | undefined;
  #frames = 0;

  constructor(reader: ImageReader) {
    this.#reader = reader;
    this.#cutter = new Cutter(reader.bytes);
  }

  strip(): StrippedImage {
    const reader = this.#reader;
    const [width, height] = [reader.u16le(6), reader.u16le(8)];
    reader.checkSize(width, height);
    let at = 13 + paletteLength(reader.u8(10));
    this.#cutter.keep(0, at);
    while (reader.u8(at) !== TRAILER) at = this.#takeBlock(at);
    if (this.#frames === 0) throw reader.malformed('holds no image');
    this.#cutter.keep(at, at + 1);
    this.#cutter.dropFrom(at + 1);
    return this.#cutter.finish({ width, height });
  }

  /** Returns where the next block begins. */
  #takeBlock(start: number): number {
    const reader = this.#reader;
    reader.countSegment();
    const introducer = reader.u8(start);
    if (introducer === IMAGE) return this.#takeImage(start);
    if (introducer !== EXTENSION) throw reader.malformed(`has no block at byte ${start}`);
    const end = this.#skipData(start + 2);
    this.#takeExtension(reader.u8(start + 1), start, end);
    return end;
  }

  #takeImage(start: number): number {
    const reader = this.#reader;
    reader.checkSize(reader.u16le(start + 5), reader.u16le(start + 7));
    const codes = start + 10 + paletteLength(reader.u8(start + 9));
    const codeSize = reader.u8(codes);
    if (codeSize < 1 || codeSize > 11)
      throw reader.malformed(`has an image that cannot be read at byte ${start}`);
    const end = this.#skipData(codes + 1);
    if (this.#control !== undefined) this.#cutter.keep(this.#control.start, this.#control.end);
    this.#control = undefined;
    this.#cutter.keep(start, end);
    this.#frames += 1;
    return end;
  }

  #takeExtension(label: number, start: number, end: number): void {
    if (label === GRAPHIC_CONTROL) {
      if (end - start !== 8) throw this.#reader.malformed(`has a broken graphic control at byte ${start}`);
      this.#control = { start, end };
      return;
    }
    if (label === PLAIN_TEXT) this.#control = undefined;
    if (label === APPLICATION && this.#isLoop(start, end)) this.#cutter.keep(start, end);
    else this.#cutter.drop(this.#kindOf(label, start, end));
  }

  /** A loop count and, in some files, a buffer size: a block of 3 bytes and one of 5, and nothing that hides behind. */
  #isLoop(start: number, end: number): boolean {
    const loopOnly = end - start === 19;
    const withBuffer = end - start === 25 && this.#reader.u8(start + 18) === 5;
    return (
      LOOPS.has(this.#applicationOf(start)) && this.#reader.u8(start + 14) === 3 && (loopOnly || withBuffer)
    );
  }

  #kindOf(label: number, start: number, end: number): string {
    if (label === COMMENT) return 'comment';
    if (label === PLAIN_TEXT) return 'text';
    const isXmp = label === APPLICATION && end - start > 14 && this.#applicationOf(start) === 'XMP DataXMP';
    return isXmp ? 'XMP' : 'application data';
  }

  #applicationOf(start: number): string {
    return this.#reader.u8(start + 2) === 11 ? this.#reader.text(start + 3, 11) : '';
  }

  /** Behind a chain of sub-blocks: each begins with its length, and one of length 0 ends them. */
  #skipData(from: number): number {
    let at = from;
    for (let length = this.#reader.u8(at); length !== 0; length = this.#reader.u8(at)) at += 1 + length;
    return at + 1;
  }
}

/** Bytes of the colour table that a descriptor's flags announce. */
function paletteLength(flags: number): number {
  return (flags & 0x80) === 0 ? 0 : 3 * 2 ** ((flags & 7) + 1);
}
