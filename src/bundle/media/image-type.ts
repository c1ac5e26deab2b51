/** The kinds of image that a bundle can hold. */
export type ImageType = 'image/jpeg' | 'image/png' | 'image/gif' | 'image/webp' | 'image/svg+xml';

/** File name extensions that each type goes by; the first is the one that bundles use. */
export const EXTENSIONS: Record<ImageType, readonly [string, ...string[]]> = {
  'image/jpeg': ['jpg', 'jpeg', 'jpe', 'jfif'],
  'image/png': ['png', 'apng'],
  'image/gif': ['gif'],
  'image/webp': ['webp'],
  'image/svg+xml': ['svg'],
};

const PHOTO = 'convert it to JPEG or WebP';
const GRAPHIC = 'convert it to PNG or WebP';
const HEIF_BRANDS = /^(hei[cxms]|hev[cxms]|mif1|msf1)$/;

/** A known kind of file that a bundle does not take, and what to do with it. */
export interface ForeignType {
  name: string;
  advice: string;
}

/** The type of an image, judged by its first bytes alone; undefined when it is none that a bundle can hold. */
export function imageTypeOf(bytes: Uint8Array): ImageType | undefined {
  const head = headOf(bytes);
  if (head.startsWith('\xff\xd8\xff')) return 'image/jpeg';
  if (head.startsWith('\x89PNG\r\n\x1a\n')) return 'image/png';
  if (head.startsWith('GIF87a') || head.startsWith('GIF89a')) return 'image/gif';
  if (head.startsWith('RIFF') && head.startsWith('WEBP', 8)) return 'image/webp';
  return looksLikeSvg(bytes, head) ? 'image/svg+xml' : undefined;
}

/** What a file is that {@link imageTypeOf} does not know; undefined when nobody can tell. */
export function foreignTypeOf(bytes: Uint8Array): ForeignType | undefined {
  const head = headOf(bytes);
  if (head.startsWith('ftyp', 4)) return isoMediaType(head.slice(8, 12));
  if (head.startsWith('II*\0') || head.startsWith('MM\0*')) return { name: 'a TIFF image', advice: PHOTO };
  if (head.startsWith('BM')) return { name: 'a BMP image', advice: GRAPHIC };
  if (head.startsWith('\0\0\x01\0')) return { name: 'an icon file (ICO)', advice: GRAPHIC };
  if (head.startsWith('\xff\x0a') || head.startsWith('JXL ', 4))
    return { name: 'a JPEG XL image', advice: PHOTO };
  if (head.startsWith('jP  ', 4)) return { name: 'a JPEG 2000 image', advice: PHOTO };
  if (head.startsWith('8BPS')) return { name: 'a Photoshop document', advice: PHOTO };
  if (head.startsWith('%PDF')) return { name: 'a PDF', advice: 'export its page as PNG or SVG' };
  if (head.startsWith('\x1f\x8b')) return { name: 'compressed (SVGZ?)', advice: 'unpack it to plain SVG' };
  if (head.startsWith('\xff\xfe<\0') || head.startsWith('\xfe\xff\0<'))
    return { name: 'text in UTF-16', advice: 'save it as UTF-8' };
  return undefined;
}

function isoMediaType(brand: string): ForeignType {
  if (brand === 'avif' || brand === 'avis') return { name: 'an AVIF image', advice: PHOTO };
  if (HEIF_BRANDS.test(brand)) return { name: 'a HEIC image', advice: PHOTO };
  return { name: 'a video or another ISO media file', advice: 'export one frame of it as JPEG' };
}

/** XML that has an `svg` element somewhere; whether it is the root, and well-formed, shows when it is parsed. */
function looksLikeSvg(bytes: Uint8Array, head: string): boolean {
  if (!/^(\xef\xbb\xbf)?[\t\r\n ]*</.test(head)) return false;
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return text.includes('<svg') || text.includes(':svg');
}

function headOf(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes.subarray(0, 16));
}
