import createDecoder from '@jsquash/webp/codec/dec/webp_dec.js';
import createEncoder from '@jsquash/webp/codec/enc/webp_enc.js';
import { readOrientation } from '../media/exif.ts';
import { ImageReader } from '../media/image-reader.ts';
import { bitstreamSize, riffChunks } from '../media/webp-chunks.ts';
import { attempt } from './attempt.ts';
import type { LoadCodec } from './codecs.ts';
import { type CodecFactory, startCodec } from './emscripten.ts';
import { NO_FACTS, type PictureFacts, requireSize } from './picture-facts.ts';
import { type Pixels, pixelsOf } from './pixels.ts';
import { withProfile } from './webp-profile.ts';

interface WebpDecoder {
  decode(bytes: Uint8Array): Pixels | null;
}

interface WebpEncoder {
  encode(data: Uint8Array, width: number, height: number, options: typeof OPTIONS): Uint8Array | null;
}

const ANIMATION = 0x02;

/** libwebp's, as Squoosh has them, but for the quality. */
const OPTIONS = {
  quality: 80,
  target_size: 0,
  target_PSNR: 0,
  method: 4,
  sns_strength: 50,
  filter_strength: 60,
  filter_sharpness: 0,
  filter_type: 1,
  partitions: 0,
  segments: 4,
  pass: 1,
  show_compressed: 0,
  preprocessing: 0,
  autofilter: 0,
  partition_limit: 0,
  alpha_compression: 1,
  alpha_filtering: 1,
  alpha_quality: 100,
  lossless: 0,
  exact: 0,
  image_hint: 0,
  emulate_jpeg_size: 0,
  thread_level: 0,
  low_memory: 0,
  near_lossless: 100,
  use_delta_palette: 0,
  use_sharp_yuv: 0,
};

/** Reads a WebP's chunks. An animation has no size here: nothing of it is decoded. */
export function readWebpFacts(bytes: Uint8Array, name: string): PictureFacts {
  const reader = new ImageReader(bytes, name, 'WebP');
  const facts = { ...NO_FACTS, colour: [] as Uint8Array[] };
  for (const chunk of riffChunks(reader, 12, 8 + reader.u32le(4))) {
    const { id, start, data, length } = chunk;
    if (id === 'VP8X' && (reader.u8(data) & ANIMATION) !== 0) facts.only = 'animated';
    if (id === 'ICCP') facts.colour.push(bytes.subarray(start, data + length));
    if (id === 'EXIF') facts.orientation = readOrientation(bytes.subarray(data, data + length));
    if (id !== 'VP8 ' && id !== 'VP8L') continue;
    Object.assign(facts, bitstreamSize(reader, chunk), { isLossless: id === 'VP8L' });
  }
  return facts;
}

/** Decodes a still WebP as it is stored. @throws OvnError 'malformed' */
export async function decodeWebp(
  bytes: Uint8Array,
  name: string,
  facts: PictureFacts,
  load: LoadCodec,
): Promise<Pixels> {
  const reader = new ImageReader(bytes, name, 'WebP');
  const { codec } = await startCodec<WebpDecoder>(
    createDecoder as unknown as CodecFactory,
    load('webpDecoder'),
  );
  const decoded = attempt(() => codec.decode(bytes));
  if (decoded === undefined) throw reader.malformed('cannot be decoded: its pixels are broken');
  requireSize(reader, facts, decoded);
  return pixelsOf(decoded);
}

/** A WebP with the original's colour profile, lossless where the original is. */
export async function encodeWebp(
  pixels: Pixels,
  { isLossless, colour }: PictureFacts,
  load: LoadCodec,
): Promise<Uint8Array | undefined> {
  const { codec } = await startCodec<WebpEncoder>(
    createEncoder as unknown as CodecFactory,
    load('webpEncoder'),
  );
  const options = { ...OPTIONS, lossless: isLossless ? 1 : 0 };
  const coded = codec.encode(pixels.data, pixels.width, pixels.height, options)?.slice();
  const [profile] = colour;
  return coded === undefined || profile === undefined ? coded : withProfile(coded, profile, pixels);
}
