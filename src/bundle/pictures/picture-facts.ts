import type { ImageReader } from '../media/image-reader.ts';

/** What a picture says of itself ahead of its pixels; read from a file that `prepareImage` gave. */
export interface PictureFacts {
  /** Pixels as they are stored, before they are turned. */
  width: number;
  height: number;
  /** EXIF's orientation, 1 to 8. */
  orientation: number;
  /** One channel of brightness, without colours. */
  isGray: boolean;
  /** Its pixels are kept to the bit (WebP; a PNG's always are). */
  isLossless: boolean;
  /** What says what its colours mean: an ICC profile, or chunks of a PNG. As segments or chunks of its format, whole. */
  colour: Uint8Array[];
  /** Why there are no variants of it; it may be decoded all the same. */
  only: 'animated' | 'cmyk' | undefined;
}

export const NO_FACTS: PictureFacts = {
  width: 0,
  height: 0,
  orientation: 1,
  isGray: false,
  isLossless: false,
  colour: [],
  only: undefined,
};

/** The decoder's pixels must be as many as the header says: a file that says two things shows each reader another picture. */
export function requireSize(
  reader: ImageReader,
  { width, height }: PictureFacts,
  decoded: { width: number; height: number },
): void {
  if (decoded.width === width && decoded.height === height) return;
  throw reader.malformed(
    `says ${width} x ${height} pixels, and ${decoded.width} x ${decoded.height} come out of it`,
  );
}
