import { Refusal, type RequestHeaders } from './messages.ts';

/** Bytes from `start` up to and without `end`. */
export interface ByteRange {
  start: number;
  end: number;
}

const SINGLE = /^bytes=(\d{0,15})-(\d{0,15})$/;

/**
 * The one range that is asked for; `undefined` where the whole file is to be sent: without a range, with several, with one that
 * cannot be read, or under an `If-Range` that names other bytes (RFC 9110, 14.2).
 * @throws Refusal 416 when the range lies behind the end
 */
export function chooseRange(headers: RequestHeaders, size: number, etag: string): ByteRange | undefined {
  const match = SINGLE.exec(headers.range ?? '');
  const condition = headers['if-range'];
  if (match === null || (condition !== undefined && condition !== etag)) return undefined;
  const [, first = '', last = ''] = match;
  if (first === '' ? last === '' : last !== '' && Number(last) < Number(first)) return undefined;
  const range = first === '' ? suffix(Number(last), size) : section(Number(first), last, size);
  if (range.start < range.end) return range;
  throw new Refusal(416, `The file has ${size} bytes.`, { 'content-range': `bytes */${size}` });
}

function section(start: number, last: string, size: number): ByteRange {
  return { start, end: last === '' ? size : Math.min(Number(last) + 1, size) };
}

function suffix(length: number, size: number): ByteRange {
  return { start: Math.max(0, size - length), end: size };
}
