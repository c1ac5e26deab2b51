import { Refusal } from './messages.ts';

/** A request target in its parts. */
export interface Target {
  /** Decoded names of the path; none of them is empty, `.`, `..`, or holds `/`. */
  segments: string[];
  /** Whether the path ends with `/`. */
  folder: boolean;
  /** As it was sent, encoded. */
  path: string;
  /** With its `?`, as it was sent; empty where there is none. */
  search: string;
  query: URLSearchParams;
}

/** Characters of a request target, and names in its path. */
const MAX_TARGET = 4096;
const MAX_SEGMENTS = 128;

/** What RFC 3986 lets stand in a path or a query, and what browsers leave there as it is. */
const TARGET = /^\/[\x21\x22\x24-\x7e]*$/;

/**
 * Takes a request target apart. Names are decoded after the path is split, once, and nothing is normalised: whoever asks
 * for what a path could mean otherwise is refused.
 * @throws Refusal 400
 */
export function parseTarget(target: string): Target {
  if (target.length > MAX_TARGET) throw refuse(`The address is longer than ${MAX_TARGET} characters.`);
  if (!TARGET.test(target))
    throw refuse('The address is not a path with its special characters percent-encoded.');
  const [path = '', ...rest] = target.split('?');
  const search = target.slice(path.length);
  const folder = path.endsWith('/');
  const names = path.slice(1, folder ? -1 : undefined);
  const segments = path === '/' ? [] : names.split('/').map(decodeSegment);
  if (segments.length > MAX_SEGMENTS)
    throw refuse(`The address has more than ${MAX_SEGMENTS} names in its path.`);
  return { segments, folder, path, search, query: new URLSearchParams(rest.join('?')) };
}

/**
 * The path to names, absolute. It begins with one `/` and is followed by none, so that no browser takes its first name
 * for a host.
 */
export function pathTo(segments: readonly string[]): string {
  return `/${segments.map(encodeURIComponent).join('/')}`;
}

/** An address with what may not stand there encoded; what is encoded already stays so. */
export function asciiAddress(text: string): string {
  return text.replace(/[^\x21-\x7e]/gu, encodeURIComponent);
}

function decodeSegment(segment: string): string {
  const name = decode(segment);
  if (name === '') throw refuse('The address has two slashes in a row.');
  if (name === '.' || name === '..') throw refuse('The address has a "." or ".." in its path.');
  if (/[/\0]/.test(name)) throw refuse('The address has a name with a slash or a zero byte in it.');
  return name;
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw refuse('The address has a percent sign that begins no encoded UTF-8 character.');
  }
}

function refuse(message: string): Refusal {
  return new Refusal(400, message);
}
