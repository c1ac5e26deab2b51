import type { StrippedImage } from './cutter.ts';
import { stripGif } from './gif.ts';
import type { ImageType } from './image-type.ts';
import { stripJpeg } from './jpeg.ts';
import { stripPng } from './png.ts';
import { stripWebp } from './webp.ts';

/** The image types that are made of pixels. */
export type RasterType = Exclude<ImageType, 'image/svg+xml'>;

const STRIPPERS: Record<RasterType, (bytes: Uint8Array, name: string) => StrippedImage> = {
  'image/jpeg': stripJpeg,
  'image/png': stripPng,
  'image/gif': stripGif,
  'image/webp': stripWebp,
};

/** Removes the metadata of an image whose type is known. @throws OvnError 'malformed' or 'limit' */
export function stripRaster(type: RasterType, bytes: Uint8Array, name: string): StrippedImage {
  return STRIPPERS[type](bytes, name);
}
