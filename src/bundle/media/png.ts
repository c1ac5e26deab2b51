import { crc32 } from 'node:zlib';
import { Cutter, type StrippedImage } from './cutter.ts';
import { displayedSize, readOrientation, writeOrientation } from './exif.ts';
import { ImageReader } from './image-reader.ts';

/** What decides how the image looks or moves (PNG 3rd edition, section 11). */
const KEPT: ReadonlySet<string> = new Set(
  'IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB iCCP cICP mDCV mDCv cLLI cLLi sBIT bKGD pHYs acTL fcTL fdAT'.split(
    ' ',
  ),
);
const KINDS: Record<string, string> = {
  tEXt: 'text',
  zTXt: 'text',
  iTXt: 'text',
  tIME: 'time',
  caBX: 'C2PA',
};
const XMP_KEYWORD = 'XML:com.adobe.xmp\0';
/** Bit depths by colour type (table 11.1). */
const DEPTHS: Record<number, readonly number[]> = {
  0: [1, 2, 4, 8, 16],
  2: [8, 16],
  3: [1, 2, 4, 8],
  4: [8, 16],
  6: [8, 16],
};

export interface Chunk {
  type: string;
  start: number;
  data: number;
  /** Behind the CRC. */
  end: number;
}

/**
 * Removes from a PNG what is not image: texts, time, EXIF but for the orientation, chunks that are not known, and data
 * behind IEND. Pixels, colour (ICC too) and animation stay.
 * @throws OvnError 'malformed' (a wrong CRC, too) or 'limit'
 */
export function stripPng(bytes: Uint8Array, name: string): StrippedImage {
  return new PngStripper(new ImageReader(bytes, name, 'PNG')).strip();
}

class PngStripper {
  readonly #reader: ImageReader;
  readonly #cutter: Cutter;
  #orientation = 0;
  #hasPixels = false;

  constructor(reader: ImageReader) {
    this.#reader = reader;
    this.#cutter = new Cutter(reader.bytes);
  }

  strip(): StrippedImage {
    this.#cutter.keep(0, 8);
    const size = this.#readHeader();
    for (const chunk of pngChunks(this.#reader)) this.#take(chunk);
    if (!this.#hasPixels) throw this.#reader.malformed('holds no image');
    return this.#cutter.finish(displayedSize(size.width, size.height, this.#orientation));
  }

  #readHeader(): { width: number; height: number } {
    const reader = this.#reader;
    if (reader.u32(8) !== 13 || reader.text(12, 4) !== 'IHDR')
      throw reader.malformed('does not begin with IHDR');
    const [width, height, depth, colour] = [reader.u32(16), reader.u32(20), reader.u8(24), reader.u8(25)];
    const plain = reader.u8(26) === 0 && reader.u8(27) === 0 && reader.u8(28) <= 1;
    if (!plain || !DEPTHS[colour]?.includes(depth))
      throw reader.malformed('has a header that does not exist');
    reader.checkSize(width, height);
    return { width, height };
  }

  #take(chunk: Chunk): void {
    if (chunk.type === 'IHDR' && chunk.start !== 8) throw this.#reader.malformed('has two headers');
    if (chunk.type === 'IDAT') this.#hasPixels = true;
    if (chunk.type === 'eXIf') this.#takeExif(chunk);
    else if (KEPT.has(chunk.type)) this.#cutter.keep(chunk.start, chunk.end);
    else if (/^[A-Z]/.test(chunk.type))
      throw this.#reader.malformed(`has an unknown critical chunk (${chunk.type})`);
    else this.#cutter.drop(this.#kindOf(chunk));
    if (chunk.type === 'IEND') this.#cutter.dropFrom(chunk.end);
  }

  #takeExif({ start, data, end }: Chunk): void {
    const counts = this.#orientation === 0;
    if (counts) this.#orientation = readOrientation(this.#reader.bytes.subarray(data, end - 4));
    if (!counts || this.#orientation === 1) this.#cutter.drop('EXIF');
    else this.#cutter.replace(start, end, makeChunk('eXIf', writeOrientation(this.#orientation)), 'EXIF');
  }

  #kindOf({ type, data, end }: Chunk): string {
    const keyword = this.#reader.text(data, Math.min(XMP_KEYWORD.length, end - data));
    return type === 'iTXt' && keyword === XMP_KEYWORD ? 'XMP' : (KINDS[type] ?? type);
  }
}

/** The chunks of a PNG, each with its CRC checked, the last one its IEND. */
export function* pngChunks(reader: ImageReader): Generator<Chunk> {
  let type = '';
  for (let start = 8; type !== 'IEND'; ) {
    reader.countSegment();
    const length = reader.u32(start);
    type = reader.text(start + 4, 4);
    if (!/^[A-Za-z]{4}$/.test(type)) throw reader.malformed(`has no chunk at byte ${start}`);
    const end = start + 12 + length;
    reader.need(start, 12 + length);
    const sum = crc32(reader.bytes.subarray(start + 4, end - 4));
    if (sum !== reader.u32(end - 4))
      throw reader.malformed(`is damaged: wrong checksum of ${type} at byte ${start}`);
    yield { type, start, data: start + 8, end };
    start = end;
  }
}

function makeChunk(type: string, data: Uint8Array): Uint8Array {
  const chunk = Buffer.alloc(12 + data.length);
  chunk.writeUInt32BE(data.length, 0);
  chunk.write(type, 4, 'latin1');
  chunk.set(data, 8);
  chunk.writeUInt32BE(crc32(chunk.subarray(4, 8 + data.length)), 8 + data.length);
  return chunk;
}
