import * as v from 'valibot';
import { decodeBase64, encodeBase64 } from '../log/text.ts';

/** Bytes in JSON: base64 in its one spelling (RFC 4648, section 4). */
export const BASE64 = v.pipe(
  v.string(),
  v.check((text) => decodeBase64(text) !== undefined, 'not base64'),
);

/** The bytes of a text that {@link BASE64} admitted. */
export function fromBase64(text: string): Uint8Array {
  return decodeBase64(text) ?? new Uint8Array(0);
}

export const toBase64 = encodeBase64;
