import { Cutter, type StrippedImage } from './cutter.ts';
import { displayedSize, readOrientation, writeOrientation } from './exif.ts';
import { ImageReader } from './image-reader.ts';
import { bitstreamSize, type Chunk, riffChunks } from './webp-chunks.ts';

const FLAG = { icc: 0x20, alpha: 0x10, exif: 0x08, xmp: 0x04, animation: 0x02 } as const;
const PIXELS: ReadonlySet<string> = new Set(['VP8 ', 'VP8L']);
const KINDS: Record<string, string> = { EXIF: 'EXIF', 'XMP ': 'XMP', ICCP: 'second ICC profile' };
const FRAME_HEADER = 16;

interface Size {
  width: number;
  height: number;
}

/**
 * Removes from a WebP (RFC 9649) EXIF but for the orientation, XMP, chunks that are not known, and data behind the
 * RIFF container; the sizes and flags that speak of them are set anew. Pixels, alpha, animation and ICC profile stay.
 * @throws OvnError 'malformed' or 'limit'
 */
export function stripWebp(bytes: Uint8Array, name: string): StrippedImage {
  return new WebpStripper(new ImageReader(bytes, name, 'WebP')).strip();
}

class WebpStripper {
  readonly #reader: ImageReader;
  readonly #cutter: Cutter;
  /** The VP8X chunk of the result: flags are corrected when everything has been seen. */
  #extended: Uint8Array | undefined;
  #flags = 0;
  #size: Size | undefined;
  #orientation = 0;
  #hasProfile = false;
  #hasPixels = false;

  constructor(reader: ImageReader) {
    this.#reader = reader;
    this.#cutter = new Cutter(reader.bytes);
  }

  strip(): StrippedImage {
    const end = 8 + this.#reader.u32le(4);
    this.#reader.need(0, end);
    const header = this.#cutter.copy(0, 12);
    for (const chunk of riffChunks(this.#reader, 12, end)) this.#take(chunk);
    this.#cutter.dropFrom(end);
    if (this.#size === undefined || !this.#hasPixels) throw this.#reader.malformed('holds no image');
    writeU32le(header, 4, this.#cutter.length - 8);
    this.#correctFlags();
    return this.#cutter.finish(displayedSize(this.#size.width, this.#size.height, this.#orientation));
  }

  #take(chunk: Chunk): void {
    if (chunk.id === 'VP8X') this.#takeExtendedHeader(chunk);
    else if (PIXELS.has(chunk.id)) this.#takeImage(chunk);
    else if (this.#extended === undefined) this.#dropChunk(chunk);
    else this.#takeExtended(chunk);
  }

  /** Chunks that mean something only in a file that begins with VP8X. */
  #takeExtended(chunk: Chunk): void {
    const isProfile = chunk.id === 'ICCP' && !this.#hasProfile;
    if (isProfile) this.#hasProfile = true;
    if (chunk.id === 'EXIF') this.#takeExif(chunk);
    else if (chunk.id === 'ANMF') this.#takeFrame(chunk);
    else if (isProfile || chunk.id === 'ANIM' || chunk.id === 'ALPH') this.#keep(chunk);
    else this.#dropChunk(chunk);
  }

  #takeExtendedHeader({ start, data, length }: Chunk): void {
    const reader = this.#reader;
    if (start !== 12 || length !== 10) throw reader.malformed(`has a misplaced header at byte ${start}`);
    this.#flags = reader.u8(data);
    this.#size = { width: reader.u24le(data + 4) + 1, height: reader.u24le(data + 7) + 1 };
    reader.checkSize(this.#size.width, this.#size.height);
    this.#extended = this.#cutter.copy(start, data + length);
  }

  #takeImage(chunk: Chunk): void {
    const size = bitstreamSize(this.#reader, chunk);
    if (this.#hasPixels || this.#isAnimated) throw this.#reader.malformed('has an image too many');
    this.#size ??= size;
    this.#checkSame(size, this.#size);
    this.#hasPixels = true;
    this.#keep(chunk);
  }

  /** One frame of an animation is itself a list of chunks, behind 16 bytes of place and time. */
  #takeFrame({ start, data, length }: Chunk): void {
    const reader = this.#reader;
    if (!this.#isAnimated || length < FRAME_HEADER)
      throw reader.malformed(`has a misplaced frame at byte ${start}`);
    const frame = { width: reader.u24le(data + 6) + 1, height: reader.u24le(data + 9) + 1 };
    const header = this.#cutter.copy(start, data + FRAME_HEADER);
    const before = this.#cutter.length;
    let images = 0;
    for (const chunk of riffChunks(reader, data + FRAME_HEADER, data + length)) {
      images += this.#takeFramePart(chunk, frame);
    }
    if (images !== 1) throw reader.malformed(`has a frame without one image at byte ${start}`);
    writeU32le(header, 4, FRAME_HEADER + this.#cutter.length - before);
    this.#hasPixels = true;
  }

  /** Returns how many images the chunk is: 1 or 0. */
  #takeFramePart(chunk: Chunk, frame: Size): number {
    const isImage = PIXELS.has(chunk.id);
    if (isImage) this.#checkSame(bitstreamSize(this.#reader, chunk), frame);
    if (isImage || chunk.id === 'ALPH') this.#keep(chunk);
    else this.#dropChunk(chunk);
    return isImage ? 1 : 0;
  }

  /** Decoders look at EXIF only when VP8X announces it, and then at the first. */
  #takeExif(chunk: Chunk): void {
    const end = chunk.data + chunk.length;
    const counts = this.#orientation === 0 && (this.#flags & FLAG.exif) !== 0;
    if (counts) this.#orientation = readOrientation(this.#reader.bytes.subarray(chunk.data, end));
    if (!counts || this.#orientation === 1) this.#dropChunk(chunk);
    else this.#cutter.replace(chunk.start, end, makeExif(this.#orientation), 'EXIF');
  }

  #correctFlags(): void {
    if (this.#extended === undefined) return;
    const icc = this.#hasProfile ? FLAG.icc : 0;
    const exif = this.#orientation > 1 ? FLAG.exif : 0;
    this.#extended[8] = (this.#flags & (FLAG.alpha | FLAG.animation)) | icc | exif;
    this.#extended.fill(0, 9, 12);
  }

  get #isAnimated(): boolean {
    return (this.#flags & FLAG.animation) !== 0;
  }

  #checkSame(image: Size, announced: Size): void {
    this.#reader.checkSize(image.width, image.height);
    const same = image.width === announced.width && image.height === announced.height;
    if (!same) throw this.#reader.malformed('announces another size than its image has');
  }

  #keep({ start, data, length }: Chunk): void {
    this.#cutter.keep(start, data + length);
    if (length % 2 === 1) this.#cutter.insert(new Uint8Array(1));
  }

  #dropChunk({ id }: Chunk): void {
    this.#cutter.drop(KINDS[id] ?? `chunk ${id.trim()}`);
  }
}

function makeExif(orientation: number): Uint8Array {
  const tiff = writeOrientation(orientation);
  return Buffer.concat([Buffer.from(`EXIF${String.fromCharCode(tiff.length)}\0\0\0`, 'latin1'), tiff]);
}

function writeU32le(bytes: Uint8Array, at: number, value: number): void {
  new DataView(bytes.buffer, bytes.byteOffset).setUint32(at, value, true);
}
