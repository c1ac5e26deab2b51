import { base32 } from 'multiformats/bases/base32';
import { base36 } from 'multiformats/bases/base36';
import { CID } from 'multiformats/cid';
import { looksLikeDomain, parseHost } from '../names/host.ts';
import { ANY_BASE, formatName, type Name, parseName } from '../names/name.ts';

/** Codec of the CID of a key. */
const LIBP2P_KEY = 0x72;

/** Characters of one label of a host name (RFC 1035, 2.3.4). */
export const MAX_LABEL = 63;

/** A CID in any base that names have in addresses; `undefined` where it is none. */
export function parseCid(text: string): CID | undefined {
  try {
    return text.startsWith('Qm') ? CID.parse(text) : CID.parse(text, ANY_BASE);
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
 * An IPNS name in its one form, base36 with the codec libp2p-key, from any form; a CID of the same hash and another codec counts too
 * (Subdomain Gateway Specification, "Host"). `undefined` where it is none.
 */
export function canonicalName(text: string): string | undefined {
  const name = parseName(text) ?? withKeyCodec(text);
  return name === undefined ? undefined : formatName(name);
}

function withKeyCodec(text: string): Name | undefined {
  const cid = parseCid(text);
  return cid === undefined ? undefined : parseName(`${CID.createV1(LIBP2P_KEY, cid.multihash)}`);
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

/** Whether it is a host name that can have a DNSLink, in its one spelling: lower case, with a dot. */
export function isHostName(text: string): boolean {
  return parseHost(text) === text && looksLikeDomain(text);
}
