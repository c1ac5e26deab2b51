const HTML = /^\s*(?:<!doctype html|<html[\s>])/i;

/** Bytes at the front by which a file is known. */
const MAGIC: readonly (readonly [type: string, at: number, bytes: string])[] = [
  ['image/png', 0, '\x89PNG\r\n\x1a\n'],
  ['image/jpeg', 0, '\xff\xd8\xff'],
  ['image/gif', 0, 'GIF8'],
  ['image/webp', 8, 'WEBP'],
  ['application/pdf', 0, '%PDF-'],
];

const TEXT_LENGTH = 512;

/**
 * The media type of a file that has no name, by the front of it: HTML, some images, PDF, text. Whatever would run
 * in a page is text here, since nothing calls it by its name.
 */
export function sniffType(front: Uint8Array): string | undefined {
  const head = Buffer.from(front.buffer, front.byteOffset, Math.min(front.length, TEXT_LENGTH)).toString(
    'latin1',
  );
  for (const [type, at, bytes] of MAGIC) if (head.startsWith(bytes, at)) return type;
  if (!isText(front.subarray(0, TEXT_LENGTH), front.length > TEXT_LENGTH)) return undefined;
  return HTML.test(head) ? 'text/html; charset=utf-8' : 'text/plain; charset=utf-8';
}

/** Whether it is UTF-8 without control characters other than those of text. */
function isText(front: Uint8Array, isCut: boolean): boolean {
  if (front.some((byte) => byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d)) return false;
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(front, { stream: isCut });
    return true;
  } catch {
    return false;
  }
}
