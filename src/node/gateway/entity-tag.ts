import type { CID } from 'multiformats/cid';

/** Raised when the bytes of a folder's listing change. */
const LISTING = 1;

/** A strong entity tag: each representation of a CID has its own, and its bytes never change. */
export function entityTag(cid: CID, representation: 'file' | 'raw' | 'car' | 'listing'): string {
  const suffix = { file: '', raw: '.raw', car: '.car', listing: `.listing-${LISTING}` }[representation];
  return `"${cid}${suffix}"`;
}

/** Whether `If-None-Match` names the tag, by weak comparison (RFC 9110, 13.1.2). */
export function isMatched(ifNoneMatch: string | undefined, tag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  return ifNoneMatch.split(',').some((each) => {
    const candidate = each.trim();
    return candidate === '*' || candidate.replace(/^W\//, '') === tag;
  });
}
