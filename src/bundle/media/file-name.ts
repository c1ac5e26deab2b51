import { hash } from 'node:crypto';

const LONGEST_NAME = 40;

/**
 * The name of a file below `media/` of a bundle: `<name>-<8 hex of sha256>.<extension>`, so that two files never
 * share one and a changed file has another.
 * @param reference path of the source file; its base name without extension is what stays recognisable
 * @param bytes the prepared bytes
 * @param extension without dot
 */
export function mediaFileName(reference: string, bytes: Uint8Array, extension: string): string {
  return nameByDigest(reference, hash('sha256', bytes, 'hex'), extension);
}

/** As {@link mediaFileName}, of a file whose sha256 (hex) is known. */
export function nameByDigest(reference: string, digest: string, extension: string): string {
  return `${slugOf(reference)}-${digest.slice(0, 8)}.${extension}`;
}

function slugOf(reference: string): string {
  const base = reference.slice(Math.max(reference.lastIndexOf('/'), reference.lastIndexOf('\\')) + 1);
  const stem = base.replace(/\.[^.]*$/, '');
  const words = stem
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .split(/[^a-z0-9]+/);
  const slug = words
    .filter((word) => word !== '')
    .join('-')
    .slice(0, LONGEST_NAME);
  return slug.replace(/-$/, '') || 'image';
}
