import { Buffer, isUtf8 } from 'node:buffer';
import { OvnError } from '../errors.ts';

/** Bytes of one source, at most. */
export const SOURCE_LIMIT = 1024 * 1024;

const BOM = 0xfeff;
const FENCE = /^---[ \t]*\n/;
const CLOSING = /^(?:---|\.\.\.)[ \t]*$/gm;

/** A source cut at its front matter's fences. */
export interface SourceParts {
  yaml: string;
  /** The very text after the closing fence's line. */
  body: string;
  /** 1-based line of the source at which the body starts. */
  bodyLine: number;
}

/**
 * The text of a source: UTF-8, without byte order mark, lines ended by LF; nothing else is touched (design, "Source text").
 * @throws OvnError `limit` above 1 MiB, `source` when the bytes are not UTF-8.
 */
export function normaliseSource(bytes: Uint8Array, file = 'source'): string {
  if (bytes.byteLength > SOURCE_LIMIT) {
    throw new OvnError('limit', `${file}: a source is at most 1 MiB, this one has ${bytes.byteLength} bytes`);
  }
  if (!isUtf8(bytes)) throw notUtf8(bytes, file);
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  const unmarked = text.charCodeAt(0) === BOM ? text.slice(1) : text;
  return unmarked.includes('\r') ? unmarked.replace(/\r\n?/g, '\n') : unmarked;
}

/** Cuts a normalised source into front matter and body; undefined when it does not start with a fenced front matter. */
export function splitSource(text: string): SourceParts | undefined {
  const opening = FENCE.exec(text);
  if (opening === null) return undefined;
  CLOSING.lastIndex = opening[0].length;
  const closing = CLOSING.exec(text);
  if (closing === null) return undefined;
  const yaml = text.slice(opening[0].length, closing.index);
  return { yaml, body: text.slice(closing.index + closing[0].length + 1), bodyLine: countLines(yaml) + 3 };
}

function countLines(text: string): number {
  let lines = 0;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) lines++;
  return lines;
}

function notUtf8(bytes: Uint8Array, file: string): OvnError {
  const line = firstBadLine(bytes);
  const message = 'expected UTF-8 text, found bytes that are not';
  return new OvnError('source', `${file}:${line}: ${message}`, {
    hint: 'Save the file as UTF-8.',
    findings: [{ severity: 'error', file, line, message }],
  });
}

/** No byte of a multi-byte character is LF, so lines can be judged one by one. */
function firstBadLine(bytes: Uint8Array): number {
  let line = 1;
  for (let start = 0; start < bytes.length; line++) {
    const end = bytes.indexOf(0x0a, start);
    if (end === -1 || !isUtf8(bytes.subarray(start, end))) return line;
    start = end + 1;
  }
  return line;
}
