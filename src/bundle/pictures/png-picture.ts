import { createInflate } from 'node:zlib';
import { readOrientation } from '../media/exif.ts';
import { ImageReader } from '../media/image-reader.ts';
import { pngChunks } from '../media/png.ts';
import { attempt } from './attempt.ts';
import type { LoadCodec } from './codecs.ts';
import { NO_FACTS, type PictureFacts, requireSize } from './picture-facts.ts';
import type { Pixels } from './pixels.ts';
import { decodePngPixels, encodePng as encodePixels } from './png-codec.ts';

/** Chunks that say what colours mean; they stand before the pixels. */
const COLOUR: ReadonlySet<string> = new Set([
  'gAMA',
  'cHRM',
  'sRGB',
  'iCCP',
  'cICP',
  'mDCV',
  'mDCv',
  'cLLI',
  'cLLi',
]);
/** Channels by colour type (PNG 3rd edition, table 11.1). */
const CHANNELS: Record<number, number> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };
/** Where each pass of an interlaced picture begins, and its steps (8.1): x, y, x step, y step. */
const PASSES = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;
/** Bytes behind the last row that some programs leave, and decoders pass over. */
const SLACK = 65_536;
const UNPACKED_AT_A_TIME = 262_144;
const HEADER_END = 33;

/** Reads a PNG's chunks. */
export function readPngFacts(bytes: Uint8Array, name: string): PictureFacts {
  const reader = new ImageReader(bytes, name, 'PNG');
  const facts = { ...NO_FACTS, isLossless: true, colour: [] as Uint8Array[] };
  facts.width = reader.u32(16);
  facts.height = reader.u32(20);
  facts.isGray = [0, 4].includes(reader.u8(25));
  for (const { type, start, data, end } of pngChunks(reader)) {
    if (type === 'acTL') facts.only = 'animated';
    if (type === 'eXIf') facts.orientation = readOrientation(bytes.subarray(data, end - 4));
    if (COLOUR.has(type)) facts.colour.push(bytes.subarray(start, end));
  }
  return facts;
}

/** Decodes a PNG as it is stored; of an animated one, the picture that stands for it. @throws OvnError 'malformed' */
export async function decodePng(
  bytes: Uint8Array,
  name: string,
  facts: PictureFacts,
  load: LoadCodec,
): Promise<Pixels> {
  const reader = new ImageReader(bytes, name, 'PNG');
  await checkRows(reader, facts);
  const decoded = attempt(() => decodePngPixels(bytes, load('png')));
  if (decoded === undefined) throw reader.malformed('cannot be decoded: its pixels are broken');
  requireSize(reader, facts, decoded);
  return decoded;
}

/** A PNG with what the original says of colours; nothing where that does not fit, because it speaks of gray alone. */
export function encodePng(
  pixels: Pixels,
  { isGray, colour }: PictureFacts,
  load: LoadCodec,
): Uint8Array | undefined {
  const hasProfile = colour.some((chunk) => Buffer.from(chunk.subarray(4, 8)).toString('latin1') === 'iCCP');
  if (isGray && hasProfile) return undefined;
  const coded = encodePixels(pixels, load('png'));
  return Buffer.concat([coded.subarray(0, HEADER_END), ...colour, coded.subarray(HEADER_END)]);
}

/** The rows unpack to what the header says, and not to gigabytes: nobody has to begin with one that does not. */
async function checkRows(reader: ImageReader, facts: PictureFacts): Promise<void> {
  const expected = rowBytes(reader, facts);
  const unpacked = await unpackedBytes(packedRows(reader), expected + SLACK);
  if (unpacked === undefined)
    throw reader.malformed(
      `cannot be decoded: its pixels are damaged, or unpack to more than ${facts.width} x ${facts.height} of them`,
    );
  if (unpacked < expected) throw reader.malformed('cannot be decoded: pixels are missing at its end');
}

function packedRows(reader: ImageReader): Uint8Array {
  const packed: Uint8Array[] = [];
  for (const { type, data, end } of pngChunks(reader)) {
    if (type === 'IDAT') packed.push(reader.bytes.subarray(data, end - 4));
  }
  return Buffer.concat(packed);
}

/** What so many bytes of rows unpack to; nothing where they are damaged, or it is more than `most`. They are never all in memory. */
async function unpackedBytes(packed: Uint8Array, most: number): Promise<number | undefined> {
  const inflate = createInflate({ chunkSize: UNPACKED_AT_A_TIME });
  inflate.end(packed);
  let bytes = 0;
  try {
    for await (const part of inflate as AsyncIterable<Uint8Array>) {
      bytes += part.length;
      if (bytes > most) return undefined;
    }
    return bytes;
  } catch {
    return undefined;
  }
}

/** Bytes of all rows with their filters, unpacked. */
function rowBytes(reader: ImageReader, { width, height }: PictureFacts): number {
  const bits = reader.u8(24) * (CHANNELS[reader.u8(25)] ?? 4);
  const passes = reader.u8(28) === 1 ? PASSES : ([[0, 0, 1, 1]] as const);
  let bytes = 0;
  for (const [x, y, stepX, stepY] of passes) {
    const columns = Math.ceil((width - x) / stepX);
    const rows = Math.ceil((height - y) / stepY);
    if (columns > 0 && rows > 0) bytes += rows * (1 + Math.ceil((columns * bits) / 8));
  }
  return bytes;
}
