import { hash } from 'node:crypto';
import { base32 } from 'multiformats/bases/base32';
import { CID } from 'multiformats/cid';
import * as Digest from 'multiformats/hashes/digest';
import { DAG_PB, RAW } from '../../unixfs/codecs.ts';
import { multihashText, parseAnyCid } from './cid-text.ts';
import { type DenyRule, rootKey } from './deny-rule.ts';
import { DigestTable } from './digest-table.ts';

type PathRule = Pick<Extract<DenyRule, { kind: 'path' }>, 'path' | 'prefix'> & { place: number };

const SHA2_256 = 0x12;
const LIBP2P_KEY = 0x72;
/** Of a rule that allows again what one before it denies. */
const ALLOWS = 1;

/**
 * The rules of denylists (Compact Denylist Format 1), in the order in which they were added: of those that match, the last one decides.
 * Rules about a CID count for its multihash. A rule about a CID denies every path below it too, because its block is not given.
 */
export class Denylist {
  readonly #blocks = new DigestTable(32);
  readonly #hashes = new DigestTable(32);
  readonly #paths = new Map<string, PathRule[]>();
  readonly #roots: CID[] = [];
  #count = 0;

  /** How many rules there are. */
  get size(): number {
    return this.#count;
  }

  add(rule: DenyRule): void {
    const place = ++this.#count * 2 + (rule.allow ? ALLOWS : 0);
    if (rule.kind === 'hash') this.#hashes.set(rule.hash, place);
    else if (rule.kind === 'cid') this.#addRoot(rule.cid, place);
    else this.#addPath(rule, place);
  }

  /** Whether a block is denied by its CID, under whatever codec it is asked for. */
  deniesBlock(cid: CID): boolean {
    return denies(this.#placeOfBlock(cid));
  }

  /** Whether a path is: `/ipfs/<cid>/a/b` or `/ipns/<name>/a`, percent-encoded as in an address. */
  deniesPath(path: string): boolean {
    if (this.#count === 0) return false;
    const [, namespace, name = '', ...names] = path.split('/').map(decodeName);
    if (namespace !== 'ipfs' && namespace !== 'ipns') return false;
    const cid = parseAnyCid(name);
    if (namespace === 'ipfs' && cid === undefined) return false;
    if (namespace === 'ipfs' && cid !== undefined && this.deniesBlock(cid)) return true;
    const below = names.join('/').replace(/\/+$/, '');
    const places = cid === undefined ? this.#placesOfHost(name, below) : this.#places(namespace, cid, below);
    return denies(Math.max(0, ...places));
  }

  /** The CIDs that are denied and named in clear. */
  *deniedRoots(): Generator<CID> {
    for (const cid of this.#roots) if (this.deniesBlock(cid)) yield cid;
  }

  #addRoot(cid: CID, place: number): void {
    if ((place & ALLOWS) === 0) this.#roots.push(cid);
    this.#blocks.set(cid.multihash, place);
  }

  #addPath({ root, path, prefix }: Extract<DenyRule, { kind: 'path' }>, place: number): void {
    const rules = this.#paths.get(root) ?? [];
    rules.push({ path, prefix, place });
    this.#paths.set(root, rules);
  }

  #placeOfBlock(cid: CID): number {
    const plain = this.#blocks.get(cid.multihash);
    if (this.#hashes.size === 0) return plain;
    // The legacy form names one codec; the same bytes under another one would be the way around it.
    const legacy = [...new Set([cid.code, DAG_PB, RAW])].map((code) => `${base32Of(cid, code)}/`);
    return Math.max(plain, ...[multihashText(cid), ...legacy].map((text) => this.#placeOfHash(text)));
  }

  #places(namespace: 'ipfs' | 'ipns', cid: CID, below: string): number[] {
    const end = below === '' ? '' : `/${below}`;
    const [text, legacy] = [multihashText(cid), base32Of(cid, namespace === 'ipns' ? LIBP2P_KEY : cid.code)];
    const whole = namespace === 'ipns' ? this.#hashed(text, `${legacy}/`) : [];
    const matching = this.#matching(rootKey(namespace, cid), below);
    return [...matching, ...whole, ...this.#hashed(`${text}${end}`, `${legacy}/${below}`)];
  }

  #placesOfHost(host: string, below: string): number[] {
    const end = below === '' ? '' : `/${below}`;
    return hostsOf(host).flatMap((name) => [
      ...this.#matching(rootKey('ipns', name), below),
      ...this.#hashed(`/ipns/${name}`, `${name}/`, `/ipns/${name}${end}`, `${name}/${below}`),
    ]);
  }

  #matching(root: string, below: string): number[] {
    const rules = this.#paths.get(root) ?? [];
    return rules
      .filter(({ path, prefix }) => (prefix ? below.startsWith(path) : below === path))
      .map(({ place }) => place);
  }

  #hashed(...texts: string[]): number[] {
    return this.#hashes.size === 0 ? [] : texts.map((text) => this.#placeOfHash(text));
  }

  #placeOfHash(text: string): number {
    return this.#hashes.get(Digest.create(SHA2_256, hash('sha256', text, 'buffer')));
  }
}

function denies(place: number): boolean {
  return place !== 0 && (place & ALLOWS) === 0;
}

function base32Of({ multihash }: CID, code: number): string {
  return CID.createV1(code, multihash).toString(base32);
}

/** What is not percent-encoded well stands for itself. */
function decodeName(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

/** A host, and the one that it stands for where it is one label of a subdomain (`my--paper-example` for `my-paper.example`). */
function hostsOf(host: string): string[] {
  const name = host.toLowerCase();
  if (name.includes('.')) return [name];
  return [name, name.replaceAll(/--|-/g, (found) => (found === '--' ? '-' : '.'))];
}
