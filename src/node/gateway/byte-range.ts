import { Refusal, type RequestHeaders } from './messages.ts';

/** Bytes from `start` up to and without `end`. */
export interface ByteRange {
  start: number;
  end: number;
}

const RANGES = /^bytes=(\d{0,15}-\d{0,15}(?:\s*,\s*\d{0,15}-\d{0,15}){0,15})$/;
const RANGE = /^(\d*)-(\d*)$/;

/**
 * The range that is to be sent: the first one of several that the file has; `undefined` where the whole file is: without a range, with
 * one that cannot be read, or under an `If-Range` that names other bytes (RFC 9110, 14.2; a server need not send several).
 * @throws Refusal 416 when all of them lie behind the end
 */
export function chooseRange(headers: RequestHeaders, size: number, etag: string): ByteRange | undefined {
  const match = RANGES.exec(headers.range ?? '');
  const condition = headers['if-range'];
  if (match === null || (condition !== undefined && condition !== etag)) return undefined;
  const ranges = (match[1] ?? '').split(',').map((text) => parseRange(text.trim(), size));
  if (ranges.includes(undefined)) return undefined;
  const range = ranges.find((each) => each !== undefined && each.start < each.end);
  if (range !== undefined) return range;
  throw new Refusal(416, `The file has ${size} bytes.`, { 'content-range': `bytes */${size}` });
}

/** A range within the file, an empty one where it lies behind the end; `undefined` where it is none. */
function parseRange(text: string, size: number): ByteRange | undefined {
  const [, first = '', last = ''] = RANGE.exec(text) ?? [];
  if (first === '' ? last === '' : last !== '' && Number(last) < Number(first)) return undefined;
  return first === '' ? suffix(Number(last), size) : section(Number(first), last, size);
}

function section(start: number, last: string, size: number): ByteRange {
  return { start, end: last === '' ? size : Math.min(Number(last) + 1, size) };
}

function suffix(length: number, size: number): ByteRange {
  return { start: Math.max(0, size - length), end: size };
}
