const BASE58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();

export type Bytes = Uint8Array<ArrayBuffer>;

export async function sha256(...parts: Bytes[]): Promise<Bytes> {
  const [only] = parts;
  const whole = parts.length === 1 && only !== undefined ? only : concat(parts);
  return new Uint8Array(await crypto.subtle.digest('SHA-256', whole));
}

export function concat(parts: readonly Uint8Array[]): Bytes {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

export function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}

export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

export function fromUtf8(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}

export function toUtf8(text: string): Bytes {
  return encoder.encode(text);
}

export function toBase64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}

/** The bytes of a base64 text in its one spelling; `undefined` for other texts. */
export function fromBase64(text: string): Bytes | undefined {
  try {
    const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
    return toBase64(bytes) === text ? bytes : undefined;
  } catch {
    return undefined;
  }
}

/** So many bytes out of multibase base58btc (`z…`); `undefined` where it does not say exactly so many. */
export function fromBase58(text: string, length: number): Bytes | undefined {
  if (!/^z[1-9A-HJ-NP-Za-km-z]+$/.test(text) || text.length > 2 * length) return undefined;
  let value = 0n;
  for (const digit of text.slice(1)) value = value * 58n + BigInt(BASE58.indexOf(digit));
  const bytes = new Uint8Array(length);
  for (let at = length - 1; at >= 0; at--, value >>= 8n) bytes[at] = Number(value & 255n);
  const zeros = /^z(1*)/.exec(text)?.[1]?.length ?? 0;
  const leading = bytes.findIndex((byte) => byte !== 0);
  return value === 0n && zeros === (leading === -1 ? length : leading) ? bytes : undefined;
}
