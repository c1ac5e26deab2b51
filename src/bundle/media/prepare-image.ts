import { malformedImage, oversizedImage } from './image-error.ts';
import { EXTENSIONS, foreignTypeOf, type ImageType, imageTypeOf } from './image-type.ts';
import { MEDIA_LIMITS } from './limits.ts';
import { stripRaster } from './raster.ts';
import { stripSvg } from './svg.ts';

/** An image as it goes into a bundle. */
export interface PreparedImage {
  /** The file without metadata; every pixel as it was. */
  bytes: Uint8Array;
  type: ImageType;
  /** Without dot. */
  extension: string;
  /** Pixels, as displayed: after the orientation was applied. */
  width: number;
  height: number;
  /** What was taken out, such as 'EXIF' or 'XMP'; empty when the file was clean. */
  removed: string[];
}

/**
 * Makes an image fit to be published (design section 3, "Bundle"): judged by its content, metadata removed without
 * touching a pixel. The same bytes come out when the result is prepared again.
 * @param name the file's name as the author knows it: its extension must agree with the content
 * @throws OvnError 'malformed' when it is no image, is broken, or is not the image it claims to be; 'limit' when it
 *   is larger than MEDIA_LIMITS
 */
export function prepareImage(bytes: Uint8Array, name: string): PreparedImage {
  const source = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  checkFileSize(source, name);
  const type = recogniseType(source, name);
  checkExtension(type, name);
  const stripped = type === 'image/svg+xml' ? stripSvg(source, name) : stripRaster(type, source, name);
  return { ...stripped, type, extension: EXTENSIONS[type][0] };
}

function checkFileSize(bytes: Uint8Array, name: string): void {
  if (bytes.length === 0) throw malformedImage(name, 'is empty');
  if (bytes.length <= MEDIA_LIMITS.bytes) return;
  throw oversizedImage(name, `${bytes.length} bytes are more than ${MEDIA_LIMITS.bytes / 2 ** 20} MiB`);
}

function recogniseType(bytes: Uint8Array, name: string): ImageType {
  const type = imageTypeOf(bytes);
  if (type !== undefined) return type;
  const foreign = foreignTypeOf(bytes);
  if (foreign === undefined) throw malformedImage(name, 'is none of JPEG, PNG, GIF, WebP and SVG');
  throw malformedImage(name, `is ${foreign.name}, which not every reader can see`, foreign.advice);
}

/** A file that lies about its type is refused: something else may be behind it than the author believes. */
function checkExtension(type: ImageType, name: string): void {
  const extension = /\.([a-z][a-z0-9]*)$/i.exec(name)?.[1]?.toLowerCase();
  if (extension === undefined || EXTENSIONS[type].includes(extension)) return;
  const right = EXTENSIONS[type][0];
  const advice = `rename it to end in .${right}, if that is what it is to be`;
  throw malformedImage(name, `lies about its type: named .${extension}, but its content is ${type}`, advice);
}
