import serialize from 'canonicalize';
import { OvnError } from '../errors.ts';

/** Deepest nesting that is written. No format needs a tenth of it; a cycle runs into it. */
const DEEPEST = 100;

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Bounds that are checked before anything is parsed. */
export interface CanonicalLimits {
  /** Largest input, in bytes. */
  limit: number;
  /** Deepest nesting of arrays and objects; a document `{}` has depth 1. */
  maxDepth: number;
}

/**
 * Canonical JSON text of a value (RFC 8785). Only plain objects, arrays, well-formed strings, booleans, null
 * and safe integers are admitted: what JSON would change or drop without a word is refused.
 *
 * @throws {OvnError} `malformed`, naming the member that has no place in canonical JSON.
 */
export function canonicalize(value: unknown): string {
  const objection = objectionTo(value, DEEPEST);
  if (objection !== undefined) throw notCanonical(objection);
  return write(value);
}

/** The canonical text of a value to which there is no objection. */
function write(value: unknown): string {
  return isInOrder(value) ? JSON.stringify(value) : (serialize(value) as string);
}

/** Whether every object has its members in the order of RFC 8785, section 3.2.3, so that what JSON makes of it is canonical. */
function isInOrder(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (Array.isArray(value)) return value.every(isInOrder);
  let before: string | undefined;
  for (const key of Object.keys(value)) {
    if (before !== undefined && before >= key) return false;
    if (!isInOrder((value as Record<string, unknown>)[key])) return false;
    before = key;
  }
  return true;
}

/** The same as UTF-8: the bytes that are stored and hashed. See {@link canonicalize}. */
export function canonicalBytes(value: unknown): Uint8Array {
  return encoder.encode(canonicalize(value));
}

/** The canonical bytes of a document with a member still to come: all but that member is written once. */
export class CanonicalDraft {
  readonly #name: string;
  /** Members that sort before and behind the one to come, without the braces. */
  readonly #before: Uint8Array;
  readonly #behind: Uint8Array;

  /**
   * @param name of the member to come, which `value` has not yet.
   * @throws {OvnError} as {@link canonicalize} does.
   */
  constructor(value: object, name: string) {
    const objection = objectionTo(value, DEEPEST);
    if (objection !== undefined) throw notCanonical(objection);
    const members = Object.entries(value);
    this.#name = name;
    this.#before = membersOf(members.filter(([key]) => key < name));
    this.#behind = membersOf(members.filter(([key]) => key > name));
  }

  /** Equal to {@link canonicalBytes} of the document as it is. */
  get bytes(): Uint8Array {
    return braced([this.#before, this.#behind]);
  }

  /** Equal to {@link canonicalBytes} of the document with the member. */
  complete(value: unknown): Uint8Array {
    const member = Buffer.from(`${JSON.stringify(this.#name)}:${canonicalize(value)}`, 'utf8');
    return braced([this.#before, member, this.#behind]);
  }
}

const BRACES = [Buffer.from('{'), Buffer.from('}')] as const;
const COMMA = Buffer.from(',');

function membersOf(members: [string, unknown][]): Uint8Array {
  return Buffer.from(write(Object.fromEntries(members)).slice(1, -1), 'utf8');
}

function braced(runs: readonly Uint8Array[]): Uint8Array {
  const parts = runs.filter(({ length }) => length > 0).flatMap((run) => [COMMA, run]);
  return Buffer.concat([BRACES[0], ...parts.slice(1), BRACES[1]]);
}

/**
 * Reads canonical JSON strictly: limits first, then the bytes must be exactly the canonical form of what they
 * say. Repeated members, white space, other escapes, large or fractional numbers and a byte order mark are
 * all refused by that comparison.
 *
 * @throws {OvnError} `limit` when larger or deeper than allowed, else `malformed`.
 */
export function parseCanonical(bytes: Uint8Array, { limit, maxDepth }: CanonicalLimits): unknown {
  if (bytes.length > limit) throw new OvnError('limit', `${bytes.length} bytes; at most ${limit} are read`);
  if (deeperThan(bytes, maxDepth)) throw new OvnError('limit', `nested more than ${maxDepth} levels deep`);
  const text = decode(bytes);
  const value = parse(text);
  const objection = objectionTo(value, maxDepth);
  if (objection !== undefined) throw new OvnError('malformed', `not canonical JSON: ${objection}`);
  requireEqual(text, write(value));
  return value;
}

/**
 * Why a value is not admitted, led by the path to it; `undefined` when it is. Strings are built only on the
 * way out of a refusal.
 */
function objectionTo(value: unknown, depth: number): string | undefined {
  switch (typeof value) {
    case 'string':
      return value.isWellFormed() ? undefined : 'a text with half of a surrogate pair';
    case 'number':
      return Number.isSafeInteger(value) ? undefined : `the number ${value}, which is not a safe integer`;
    case 'boolean':
      return undefined;
    case 'object':
      if (value === null) return undefined;
      if (depth === 0) return 'nesting that is too deep, or without end';
      return Array.isArray(value) ? arrayObjection(value, depth - 1) : objectObjection(value, depth - 1);
    default:
      return `a value of type ${typeof value}`;
  }
}

function arrayObjection(value: unknown[], depth: number): string | undefined {
  if (Object.keys(value).length !== value.length) return 'an array with holes or members of its own';
  for (let at = 0; at < value.length; at++) {
    const objection = objectionTo(value[at], depth);
    if (objection !== undefined) return `[${at}] ${objection}`;
  }
  return undefined;
}

function objectObjection(value: object, depth: number): string | undefined {
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return 'an object that is not a plain one';
  for (const key of Object.keys(value)) {
    // A copy by assignment would take it for the object's prototype.
    if (key === '__proto__') return 'a member named "__proto__"';
    if (!key.isWellFormed()) return 'a member whose name has half of a surrogate pair';
    const objection = objectionTo((value as Record<string, unknown>)[key], depth);
    if (objection !== undefined) return `${JSON.stringify(key)} ${objection}`;
  }
  return undefined;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * Whether brackets outside of strings nest deeper than `maxDepth`. Bytes that are no JSON are left for the
 * parser.
 */
function deeperThan(bytes: Uint8Array, maxDepth: number): boolean {
  let depth = 0;
  let inString = false;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === QUOTE) inString = !inString;
    else if (inString) at += byte === BACKSLASH ? 1 : 0;
    else if (byte === 0x5b || byte === 0x7b) depth++;
    else if (byte === 0x5d || byte === 0x7d) depth--;
    if (depth > maxDepth) return true;
  }
  return false;
}

function notCanonical(objection: string): OvnError {
  return new OvnError('malformed', `not for canonical JSON: ${objection}`);
}

function decode(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw new OvnError('malformed', 'not UTF-8');
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new OvnError('malformed', 'not JSON');
  }
}

function requireEqual(text: string, canonical: string): void {
  if (text === canonical) return;
  let at = 0;
  while (text[at] === canonical[at]) at++;
  throw new OvnError('malformed', `not canonical JSON (RFC 8785): differs from character ${at} on`);
}
