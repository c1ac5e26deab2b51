import { type Bytes, fromUtf8 } from './bytes.ts';
import { Refused } from './failure.ts';

/**
 * Canonical JSON (RFC 8785) of a value that was read by {@link parseCanonical}. JavaScript orders and escapes
 * texts as it demands.
 */
export function canonicalize(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalize).join(',')}]`;
  if (typeof value === 'number' && !Number.isSafeInteger(value)) throw new Refused(`the number ${value}`);
  if (typeof value === 'string') requireWellFormed(value);
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, member]) => `${canonicalize(nameOf(name))}:${canonicalize(member)}`).join(',')}}`;
}

/**
 * Reads canonical JSON strictly: the bytes must be what their own content is written as (docs/format.md,
 * section 2).
 */
export function parseCanonical(bytes: Bytes, limit: number, maxDepth: number): unknown {
  if (bytes.length > limit) throw new Refused(`${bytes.length} bytes; at most ${limit} are read`);
  const text = fromUtf8(bytes);
  if (text === undefined) throw new Refused('not UTF-8');
  requireDepth(text, maxDepth);
  if (canonicalize(parse(text)) === text) return parse(text);
  throw new Refused('not canonical JSON (RFC 8785)');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Refused('not JSON');
  }
}

/** Before parsing, so that no nesting exhausts the stack. */
function requireDepth(text: string, maxDepth: number): void {
  let depth = 0;
  for (const [bracket] of text.replaceAll(/"(?:[^"\\]|\\.)*"/gs, '').matchAll(/[[\]{}]/g)) {
    depth += bracket === '[' || bracket === '{' ? 1 : -1;
    if (depth > maxDepth) throw new Refused(`nested more than ${maxDepth} levels deep`);
  }
}

function nameOf(name: string): string {
  if (name === '__proto__') throw new Refused('a member named "__proto__"');
  return name;
}

function requireWellFormed(text: string): void {
  if (!text.isWellFormed()) throw new Refused('a text with half of a surrogate pair');
}
