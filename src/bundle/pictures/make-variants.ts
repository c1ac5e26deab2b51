import type { ImageType } from '../media/image-type.ts';
import { MEDIA_LIMITS } from '../media/limits.ts';
import type { LoadCodec } from './codecs.ts';
import { decodeJpeg, encodeJpeg, readJpegFacts } from './jpeg-picture.ts';
import { makeUpright } from './orient.ts';
import type { PictureFacts } from './picture-facts.ts';
import type { Pixels } from './pixels.ts';
import { decodePng, encodePng, readPngFacts } from './png-picture.ts';
import { type StillType, sparesEnough, WIDTHS, worthAVariant } from './recipe.ts';
import { resize, shrink } from './resize.ts';
import { decodeWebp, encodeWebp, readWebpFacts } from './webp-picture.ts';

/** A smaller rendition of a picture, of the same type. */
export interface Variant {
  bytes: Uint8Array;
  width: number;
  height: number;
}

/** A picture that `prepareImage` has let pass. */
export interface Original {
  bytes: Uint8Array;
  type: ImageType;
  /** Pixels as displayed. */
  width: number;
  height: number;
  /** As messages name it. */
  name: string;
}

/** Pixels that are resized at most: what is larger is made smaller by boxes before, or has no variants. */
const RESIZED_PIXELS = 16_000_000;

interface Format {
  facts(bytes: Uint8Array, name: string): PictureFacts;
  decode(bytes: Uint8Array, name: string, facts: PictureFacts, load: LoadCodec): Promise<Pixels> | Pixels;
  encode(
    pixels: Pixels,
    facts: PictureFacts,
    load: LoadCodec,
  ): Promise<Uint8Array | undefined> | Uint8Array | undefined;
}

const FORMATS: Record<StillType, Format> = {
  'image/jpeg': { facts: readJpegFacts, decode: decodeJpeg, encode: encodeJpeg },
  'image/png': { facts: readPngFacts, decode: decodePng, encode: encodePng },
  'image/webp': { facts: readWebpFacts, decode: decodeWebp, encode: encodeWebp },
};

/**
 * Decodes a picture, which shows that it can be, and makes its variants: the same bytes on every machine, the widest first. A GIF,
 * an SVG, an animation and a JPEG in CMYK have none, and of these only the still of an animated PNG is decoded.
 *
 * @throws OvnError 'malformed' or 'limit', naming the picture, for what is not the picture that its header says
 */
export async function makeVariants(original: Original, load: LoadCodec): Promise<Variant[]> {
  const decoded = await decode(original, load);
  if (decoded === undefined || decoded.facts.only !== undefined) return [];
  return await resizeAll(original, decoded, load);
}

/** Decodes a picture as {@link makeVariants} does, and nothing else. @throws OvnError as that does */
export async function requireDecodable(original: Original, load: LoadCodec): Promise<void> {
  await decode(original, load);
}

interface Decoded {
  format: Format;
  facts: PictureFacts;
  pixels: Pixels;
}

async function decode({ bytes, name, type }: Original, load: LoadCodec): Promise<Decoded | undefined> {
  const format = (FORMATS as Partial<Record<ImageType, Format>>)[type];
  if (format === undefined) return undefined;
  const facts = format.facts(bytes, name);
  if (facts.only === 'cmyk' || (facts.only === 'animated' && type === 'image/webp')) return undefined;
  return { format, facts, pixels: await format.decode(bytes, name, facts, load) };
}

async function resizeAll(
  original: Original,
  { format, facts, pixels }: Decoded,
  load: LoadCodec,
): Promise<Variant[]> {
  const { width, height } = original;
  const widths = WIDTHS.filter((each) => worthAVariant(width, each));
  const small = shrink(pixels, Math.floor(width / (2 * WIDTHS[0])));
  if (small.width * small.height > RESIZED_PIXELS) return [];
  const variants: Variant[] = [];
  let size = original.bytes.length;
  let from = small;
  for (const each of widths) {
    const to = { width: each, height: Math.max(1, Math.round((height * each) / width)) };
    from = from === small ? resizeUpright(small, to, facts, load) : resize(from, to.width, to.height, load);
    const bytes = await format.encode(from, facts, load);
    if (bytes === undefined || !sparesEnough(bytes.length, size) || bytes.length > MEDIA_LIMITS.bytes)
      continue;
    size = bytes.length;
    variants.push({ bytes, ...to });
  }
  return variants;
}

/** The first of them is turned; those made from it stand upright already. */
function resizeUpright(
  pixels: Pixels,
  { width, height }: { width: number; height: number },
  { orientation }: PictureFacts,
  load: LoadCodec,
): Pixels {
  const [storedWidth, storedHeight] = orientation >= 5 ? [height, width] : [width, height];
  return makeUpright(resize(pixels, storedWidth, storedHeight, load), orientation);
}
