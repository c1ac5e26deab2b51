import { hash } from 'node:crypto';
import type { CID } from 'multiformats/cid';

/** Raised when the bytes of a folder's listing change. */
const LISTING = 2;

/** A strong entity tag: each representation of a CID has its own, and its bytes never change. */
export function entityTag(cid: CID, representation: 'file' | 'raw'): string {
  return representation === 'raw' ? `"${cid}.raw"` : `"${cid}"`;
}

/** The tag of a listing that names the folder it is mounted at: the same folder is listed with other addresses elsewhere. */
export function listingTag(cid: CID, address: string): string {
  return `"DirIndex-ovn${LISTING}-${digest(address)}_CID-${cid}"`;
}

/** The tag of a CAR: the same end of a path has other blocks by another path, scope, range or with duplicates. */
export function carTag(cid: CID, scope: string, ...rest: string[]): string {
  return `"${cid}.car.${scope}.${digest(rest.join('\0'))}"`;
}

function digest(text: string): string {
  return hash('sha256', text, 'hex').slice(0, 16);
}

/** Whether `If-None-Match` names the tag, by weak comparison (RFC 9110, 13.1.2). */
export function isMatched(ifNoneMatch: string | undefined, tag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  return ifNoneMatch.split(',').some((each) => {
    const candidate = each.trim();
    return candidate === '*' || candidate.replace(/^W\//, '') === tag;
  });
}
