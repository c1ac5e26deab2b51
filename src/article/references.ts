import { hasControl } from './characters.ts';

/** What an address in an article leads to. */
export type Reference =
  | { kind: 'external'; url: string }
  | { kind: 'fragment'; url: string }
  /** A file beside the source: percent-decoded, without `./`, query or fragment. */
  | { kind: 'local'; path: string }
  | { kind: 'other' };

const EXTERNAL = /^(?:https?:\/\/[^/?#\s\\]|ip[fn]s:\/\/[^/?#\s\\]|mailto:[^?\s])/i;
const SCHEME = /^[a-z][a-z0-9+.-]*:/i;
const FRAGMENT = /^#./;
const OTHER = { kind: 'other' } as const;

/**
 * Judges an address: only http(s), ipfs, ipns and mailto addresses lead out of a bundle. Absolute paths, `//host`, other schemes
 * and what cannot be decoded are `other`.
 */
export function classifyReference(address: string): Reference {
  if (EXTERNAL.test(address)) return { kind: 'external', url: address };
  if (FRAGMENT.test(address)) return { kind: 'fragment', url: address };
  if (SCHEME.test(address) || address.startsWith('/') || address.startsWith('\\')) return OTHER;
  const path = decode(address.replace(/[?#].*$/s, ''));
  const plain = path === undefined ? '' : withoutDots(path);
  return plain === '' ? OTHER : { kind: 'local', path: plain };
}

/** The same address when it leads out of a bundle to where a link may lead, else undefined. */
export function externalUrl(address: string): string | undefined {
  return EXTERNAL.test(address) && !/\s/.test(address) && !hasControl(address) ? address : undefined;
}

function decode(text: string): string | undefined {
  try {
    const path = decodeURIComponent(text.replace(/%(?![0-9a-f]{2})/gi, '%25'));
    return hasControl(path) || path.startsWith('/') ? undefined : path;
  } catch {
    return undefined;
  }
}

/** Drops `.` and resolves `..` where a folder precedes it; what leads up from the source's folder stays. */
function withoutDots(path: string): string {
  const kept: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '' || segment === '.') continue;
    if (segment === '..' && kept.length > 0 && kept.at(-1) !== '..') kept.pop();
    else kept.push(segment);
  }
  return kept.join('/');
}
