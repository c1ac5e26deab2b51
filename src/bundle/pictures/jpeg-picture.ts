import createDecoder from '@jsquash/jpeg/codec/dec/mozjpeg_dec.js';
import createEncoder from '@jsquash/jpeg/codec/enc/mozjpeg_enc.js';
import { readOrientation } from '../media/exif.ts';
import { oversizedImage } from '../media/image-error.ts';
import { ImageReader } from '../media/image-reader.ts';
import { jpegSegments, MARKER, type Segment } from '../media/jpeg-segments.ts';
import { attempt } from './attempt.ts';
import type { LoadCodec } from './codecs.ts';
import { type CodecFactory, startCodec } from './emscripten.ts';
import { NO_FACTS, type PictureFacts, requireSize } from './picture-facts.ts';
import { type Pixels, pixelsOf } from './pixels.ts';

interface JpegDecoder {
  decode(bytes: Uint8Array, turns: boolean): Pixels | null;
}

interface JpegEncoder {
  encode(data: Uint8Array, width: number, height: number, options: typeof OPTIONS): Uint8Array;
}

/** Pixels of all scans together: each is a pass over the picture, of which a file can ask for many with few bytes. */
const MOST_WORK = 2_500_000_000;
/** A block of 8 x 8 pixels takes a bit or more in the scan that comes first. */
const PIXELS_OF_A_BYTE = 512;
const EXIF = 'Exif\0\0';
const ICC = 'ICC_PROFILE\0';
/** What libjpeg makes up pixels for. Filling bytes before the end, which cameras write, are no such thing. */
const MADE_UP = /^(?:Premature end|Corrupt JPEG data(?!: \d+ extraneous bytes before marker 0xd9))/;
const GRAYSCALE = 1;
const YCBCR = 3;

/** mozjpeg's, as Squoosh has them, but for the quality. */
const OPTIONS = {
  quality: 80,
  baseline: false,
  arithmetic: false,
  progressive: true,
  optimize_coding: true,
  smoothing: 0,
  color_space: YCBCR,
  quant_table: 3,
  trellis_multipass: false,
  trellis_opt_zero: false,
  trellis_opt_table: false,
  trellis_loops: 1,
  auto_subsample: true,
  chroma_subsample: 2,
  separate_chroma_quality: false,
  chroma_quality: 75,
};

/** Reads a JPEG's headers. @throws OvnError 'malformed' or 'limit' for one that cannot be whole, or would take too long */
export function readJpegFacts(bytes: Uint8Array, name: string): PictureFacts {
  const reader = new ImageReader(bytes, name, 'JPEG');
  const facts = { ...NO_FACTS, colour: [] as Uint8Array[] };
  let scans = 0;
  for (const segment of jpegSegments(reader)) {
    if (segment.marker === MARKER.SOS) scans += 1;
    else takeSegment(segment, reader, facts);
  }
  const pixels = facts.width * facts.height;
  if (pixels * scans > MOST_WORK)
    throw oversizedImage(name, `${scans} scans of ${facts.width} x ${facts.height} pixels`);
  if (bytes.length * PIXELS_OF_A_BYTE < pixels)
    throw reader.malformed(
      `says ${facts.width} x ${facts.height} pixels, and ${bytes.length} bytes cannot hold them`,
    );
  return facts;
}

function takeSegment({ marker, start, data, end }: Segment, reader: ImageReader, facts: PictureFacts): void {
  const identified = (identifier: string): boolean =>
    end - data >= identifier.length && reader.text(data, identifier.length) === identifier;
  if (marker === MARKER.SOF0 || marker === MARKER.SOF1 || marker === MARKER.SOF2) {
    facts.height = reader.u16(data + 1);
    facts.width = reader.u16(data + 3);
    facts.isGray = reader.u8(data + 5) === 1;
    if (reader.u8(data + 5) === 4) facts.only = 'cmyk';
  } else if (marker === MARKER.APP1 && identified(EXIF))
    facts.orientation = readOrientation(reader.bytes.subarray(data + EXIF.length, end));
  else if (marker === MARKER.APP2 && identified(ICC)) facts.colour.push(reader.bytes.subarray(start, end));
}

/** Decodes a JPEG as it is stored. @throws OvnError 'malformed' where any of its pixels is not there */
export async function decodeJpeg(
  bytes: Uint8Array,
  name: string,
  facts: PictureFacts,
  load: LoadCodec,
): Promise<Pixels> {
  const reader = new ImageReader(bytes, name, 'JPEG');
  const { codec, said } = await startCodec<JpegDecoder>(
    createDecoder as unknown as CodecFactory,
    load('jpegDecoder'),
  );
  const decoded = attempt(() => codec.decode(bytes, false));
  const complaint = decoded === undefined ? (said[0] ?? 'nothing comes out of it') : said.find(isMadeUp);
  if (decoded === undefined || complaint !== undefined)
    throw reader.malformed(`cannot be decoded (${complaint})`);
  requireSize(reader, facts, decoded);
  return pixelsOf(decoded);
}

/** A progressive JPEG with the original's colour profile. */
export async function encodeJpeg(
  pixels: Pixels,
  { isGray, colour }: PictureFacts,
  load: LoadCodec,
): Promise<Uint8Array> {
  const { codec } = await startCodec<JpegEncoder>(
    createEncoder as unknown as CodecFactory,
    load('jpegEncoder'),
  );
  const options = { ...OPTIONS, color_space: isGray ? GRAYSCALE : YCBCR };
  const coded = codec.encode(pixels.data, pixels.width, pixels.height, options).slice();
  const profileAt = coded[3] === MARKER.APP0 ? 4 + (coded[4] ?? 0) * 256 + (coded[5] ?? 0) : 2;
  return Buffer.concat([coded.subarray(0, profileAt), ...colour, coded.subarray(profileAt)]);
}

function isMadeUp(line: string): boolean {
  return MADE_UP.test(line);
}
