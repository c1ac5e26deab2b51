import { base58btc } from 'multiformats/bases/base58';
import type { CID, MultihashDigest } from 'multiformats/cid';
import * as Digest from 'multiformats/hashes/digest';
import { multihashText, parseAnyCid } from './cid-text.ts';

/** A rule of a denylist, as a line says it (Compact Denylist Format, "Block item"). */
export type DenyRule = { allow: boolean } & (
  | { kind: 'cid'; cid: CID }
  /** `root` as {@link rootKey} gives it; `path` without a slash before and after. */
  | { kind: 'path'; root: string; path: string; prefix: boolean }
  | { kind: 'hash'; hash: MultihashDigest }
);

const SHA2_256 = 0x12;
const HEX = /^[0-9a-f]{64}$/i;
const HOST = /^[^\s/:?#@]{1,253}$/;

/**
 * Reads one line that is neither empty nor a comment. Hints after the rule are passed over, as none is defined.
 * @returns the rule, or in words what is wrong with it
 */
export function parseDenyRule(line: string): DenyRule | string {
  const [item = ''] = line.trim().split(/\s/);
  const allow = /^[!+-]/.test(item);
  const rule = allow ? item.slice(1) : item;
  if (rule.startsWith('//')) return parseHash(rule.slice(2), allow);
  const [before, namespace, name = '', ...names] = rule.split('/');
  if (before !== '' || (namespace !== 'ipfs' && namespace !== 'ipns')) {
    return 'a rule begins with /ipfs/, /ipns/ or //';
  }
  const path = decode(names.join('/'));
  if (path === undefined) return 'the path is not percent-encoded UTF-8';
  if (namespace === 'ipns') return parseName(name, path, names.length > 0, allow);
  const cid = parseAnyCid(name);
  if (cid === undefined) return `${JSON.stringify(name.slice(0, 80))} is not a CID`;
  if (names.length === 0) return { kind: 'cid', cid, allow };
  return path === '*' ? { kind: 'cid', cid, allow } : { ...pathRule(rootKey('ipfs', cid), path), allow };
}

/** What rules about paths below a root are found by: a CID counts by its multihash, whatever its version and codec. */
export function rootKey(namespace: 'ipfs' | 'ipns', root: CID | string): string {
  return `/${namespace}/${typeof root === 'string' ? root.toLowerCase() : multihashText(root)}`;
}

function parseName(name: string, path: string, hasPath: boolean, allow: boolean): DenyRule | string {
  const root = parseAnyCid(name) ?? name;
  if (typeof root === 'string' && !HOST.test(root))
    return `${JSON.stringify(name.slice(0, 80))} is not a name`;
  const key = rootKey('ipns', root);
  return hasPath
    ? { ...pathRule(key, path), allow }
    : { kind: 'path', root: key, path: '', prefix: true, allow };
}

function pathRule(root: string, path: string) {
  const prefix = path.endsWith('*');
  const plain = (prefix ? path.slice(0, -1) : path).replace(/^\/+|\/+$/g, '');
  return { kind: 'path', root, path: plain, prefix } as const;
}

function parseHash(text: string, allow: boolean): DenyRule | string {
  if (HEX.test(text)) return { kind: 'hash', hash: Digest.create(SHA2_256, Buffer.from(text, 'hex')), allow };
  try {
    const hash = Digest.decode(base58btc.baseDecode(text));
    if (hash.code === SHA2_256) return { kind: 'hash', hash, allow };
    return `double hashes are compared under sha2-256 only, not 0x${hash.code.toString(16)}`;
  } catch {
    return 'a double hash is 64 hex digits or a multihash in base58btc';
  }
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
