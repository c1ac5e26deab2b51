import { base32 } from 'multiformats/bases/base32';
import { base36 } from 'multiformats/bases/base36';
import { base58btc } from 'multiformats/bases/base58';
import { CID } from 'multiformats/cid';
import { decode } from 'multiformats/hashes/digest';

/** Codec of the CID of a key. */
const LIBP2P_KEY = 0x72;

/** Characters of one label of a host name (RFC 1035, 2.3.4). */
export const MAX_LABEL = 63;

const IDENTITY = 0x00;
const SHA2_256 = 0x12;

/** A CID in any base that names have in addresses; `undefined` where it is none. */
export function parseCid(text: string): CID | undefined {
  try {
    const [prefix] = text;
    if (prefix === 'k') return CID.parse(text, base36);
    return CID.parse(text);
  } catch {
    return undefined;
  }
}

/** The label of a CID in a host name: base32, else base36 where only that is short enough; `undefined` where neither is. */
export function labelOfCid(cid: CID): string | undefined {
  const v1 = cid.toV1();
  return [base32, base36].map((base) => v1.toString(base)).find((label) => label.length <= MAX_LABEL);
}

/**
 * An IPNS name in its one form (base36 of CIDv1, codec libp2p-key), from any: a CID of whatever codec and base, or the bare
 * multihash in base58 (`12D3Koo…`, `Qm…`); `undefined` where it is none.
 */
export function canonicalName(text: string): string | undefined {
  const multihash = parseCid(text)?.multihash ?? parseMultihash(text);
  if (multihash?.code !== IDENTITY && multihash?.code !== SHA2_256) return undefined;
  return CID.createV1(LIBP2P_KEY, multihash).toString(base36);
}

function parseMultihash(text: string) {
  try {
    return decode(base58btc.decode(`z${text}`));
  } catch {
    return undefined;
  }
}

/** A host name as one label, so that one certificate is good for all (Subdomain Gateway Specification, DNSLink inlining). */
export function inlineHost(host: string): string {
  return host.replaceAll('-', '--').replaceAll('.', '-');
}

/** The host name that a label stands for; a name that has dots stands for itself. */
export function outlineHost(label: string): string {
  if (label.includes('.')) return label;
  return label.replace(/--|-/g, (dashes) => (dashes === '-' ? '.' : '-'));
}

const HOST_NAME = /^(?=.{1,253}$)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/;

/** Whether it is a host name that can have a DNSLink: lower case, with a dot. */
export function isHostName(text: string): boolean {
  return HOST_NAME.test(text);
}
