import { OvnError } from '../errors.ts';
import { HASH_SIZE } from './tree-hash.ts';

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const LINE_FEED = 0x0a;
const SPACE = 0x20;

/**
 * The text of a signed note and what is made of such: UTF-8 without control characters but the line feed
 * (C2SP signed-note, "Format").
 *
 * @param what the document, for the message.
 * @throws {OvnError} `limit` above so many bytes, else `malformed`.
 */
export function decodeText(bytes: Uint8Array, limit: number, what: string): string {
  if (bytes.length > limit) throw new OvnError('limit', `${what}: ${bytes.length} bytes; at most ${limit}`);
  if (bytes.some((byte) => byte < SPACE && byte !== LINE_FEED)) {
    throw new OvnError('malformed', `${what}: a control character in it`);
  }
  try {
    return decoder.decode(bytes);
  } catch {
    throw new OvnError('malformed', `${what}: not UTF-8`);
  }
}

/** The number of a decimal without sign or leading zeros; `undefined` for other texts and above 2^53 - 1. */
export function parseDecimal(text: string): number | undefined {
  const value = /^(?:0|[1-9][0-9]{0,15})$/.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(value) ? value : undefined;
}

/** The bytes of a base64 text (RFC 4648, section 4) in its one spelling; `undefined` for other texts. */
export function decodeBase64(text: string): Uint8Array | undefined {
  const bytes = Buffer.from(text, 'base64');
  // Node passes over characters that do not belong there, and over spare bits.
  return bytes.toString('base64') === text ? bytes : undefined;
}

/** The 32 bytes of a hash in base64; `undefined` for other texts. */
export function decodeHash(text: string): Uint8Array | undefined {
  const bytes = decodeBase64(text);
  return bytes?.length === HASH_SIZE ? bytes : undefined;
}

/** Base64 (RFC 4648, section 4) with padding. */
export function encodeBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64');
}
