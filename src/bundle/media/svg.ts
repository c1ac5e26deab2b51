import { isUtf8 } from 'node:buffer';
import type { StrippedImage } from './cutter.ts';
import { malformedImage, oversizedImage } from './image-error.ts';
import { MEDIA_LIMITS } from './limits.ts';
import { type Edit, scanSvg } from './svg-scanner.ts';
import { svgSize } from './svg-size.ts';

/**
 * Removes from an SVG what does not show: metadata, comments, processing instructions, and what drawing programs keep
 * for themselves. What could run, or load anything, is refused, not removed: without it the picture would be another.
 * @throws OvnError 'malformed' or 'limit'
 */
export function stripSvg(bytes: Uint8Array, name: string): StrippedImage {
  if (!isUtf8(bytes)) throw malformedImage(name, 'the SVG is not UTF-8', 'save it as UTF-8');
  const whole = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  const text = whole.startsWith('\ufeff') ? whole.slice(1) : whole;
  const { edits, removed, root } = scanSvg(text, name);
  const size = svgSize(root);
  checkSize(size, name);
  const isUntouched = edits.length === 0 && text === whole;
  return { bytes: isUntouched ? bytes : applyEdits(text, edits, name), ...size, removed: [...removed] };
}

function applyEdits(text: string, edits: readonly Edit[], name: string): Uint8Array {
  let clean = '';
  let at = 0;
  for (const edit of edits) {
    clean += text.slice(at, edit.start) + edit.text;
    at = edit.end;
  }
  clean += text.slice(at);
  checkClean(clean, name);
  return new TextEncoder().encode(clean);
}

/** What stood on both sides of a removed part now stands together, and must not have become something else. */
function checkClean(text: string, name: string): void {
  if (scanSvg(text, name).edits.length > 0)
    throw malformedImage(name, 'the SVG hides markup in its metadata');
}

function checkSize({ width, height }: { width: number; height: number }, name: string): void {
  if (Math.max(width, height) <= MEDIA_LIMITS.side) return;
  throw oversizedImage(name, `the SVG says that it is ${width} x ${height} pixels`);
}
