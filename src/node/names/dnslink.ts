import type { LookUpTxt } from './resolve-name.ts';

const PREFIX = '_dnslink.';
const LINK = /^dnslink=(\/ip[fn]s\/\S.*)$/;

/** A domain's link. */
export interface Dnslink {
  /** `/ipfs/…` or `/ipns/…`, as it was written. */
  value: string;
  /** Seconds. */
  ttl: number;
}

/**
 * The link of a domain (DNSLink specification): in the text records of `_dnslink.<host>`, where there is none, of the host itself.
 * Of several the first in code-unit order counts, so that everybody sees the same.
 */
export async function lookUpDnslink(
  host: string,
  lookUpTxt: LookUpTxt,
  options: { signal: AbortSignal },
): Promise<Dnslink | undefined> {
  const bare = host.startsWith(PREFIX) ? host.slice(PREFIX.length) : host;
  for (const asked of [`${PREFIX}${bare}`, bare]) {
    const { texts = [], ttl = 0 } = (await lookUpTxt(asked, options)) ?? {};
    const [value] = texts
      .map((text) => LINK.exec(text)?.[1] ?? '')
      .filter((link) => link !== '')
      .sort();
    if (value !== undefined) return { value, ttl };
  }
  return undefined;
}

/** The line of a zone that makes a domain lead to a path. */
export function dnslinkLine(host: string, path: string): string {
  return `${PREFIX}${host}. 300 IN TXT "dnslink=${path}"`;
}
