import { lookup, resolveTxt } from 'node:dns/promises';
import { type Multiaddr, multiaddr } from '@multiformats/multiaddr';
import { FARTHER, type Reach, reachOf } from './reach.ts';

const FAMILIES: Record<string, 0 | 4 | 6> = { dns: 0, dns4: 4, dns6: 6 };
/** Whoever answers there shows by a certificate that it is his name: the name has to stay. */
const PROVEN = ['tls', 'wss', 'https'];

/** Names that one leads to, one behind the other, and addresses of each. */
const MOST_STEPS = 3;
const MOST_ADDRESSES = 16;

/** What is asked where names lead; the system's resolver, but in tests. */
export interface NameLookups {
  host(name: string, family: 0 | 4 | 6): Promise<readonly { address: string; family: number }[]>;
  txt(name: string): Promise<readonly (readonly string[])[]>;
}

const SYSTEM: NameLookups = {
  host: (name, family) => lookup(name, { all: true, family }),
  txt: (name) => resolveTxt(name),
};

/**
 * What of a peer's address that somebody else named may be dialled: names are looked up, and what lies farther in than `reach` is left out.
 *
 * Threat: he may name any address, and may let a name lead to any. It must not make us knock at hosts of our own network.
 *
 * @throws where a name cannot be looked up.
 */
export async function addressesWithin(
  address: Multiaddr,
  reach: Reach,
  lookups: NameLookups = SYSTEM,
  steps = MOST_STEPS,
): Promise<Multiaddr[]> {
  const [host, ...layers] = address.getComponents();
  if (host?.value === undefined || layers.some(({ name }) => name === 'p2p-circuit')) return [];
  const isNear = (each: Multiaddr): boolean => FARTHER[reach].includes(reachOf(each));
  if (host.name === 'dnsaddr') {
    const named = steps === 0 ? [] : await lookUpPeer(host.value, address, lookups);
    const found = named.map((each) => addressesWithin(each, reach, lookups, steps - 1));
    return (await Promise.all(found)).flat().slice(0, MOST_ADDRESSES);
  }
  const family = FAMILIES[host.name];
  if (family === undefined) return [address].filter(isNear);
  const behind = address.toString().slice(`/${host.name}/${host.value}`.length);
  const found = (await lookups.host(host.value, family)).slice(0, MOST_ADDRESSES);
  const addresses = found.map((each) => multiaddr(`/ip${each.family}/${each.address}${behind}`));
  if (!layers.some(({ name }) => PROVEN.includes(name))) return addresses.filter(isNear);
  return addresses.length > 0 && addresses.every(isNear) ? [address] : [];
}

/** The addresses of a peer that a `dnsaddr` name gives. */
async function lookUpPeer(name: string, address: Multiaddr, { txt }: NameLookups): Promise<Multiaddr[]> {
  const peer = address.getComponents().find((component) => component.name === 'p2p')?.value;
  const texts = (await txt(`_dnsaddr.${name}`)).map((parts) => parts.join(''));
  const found = texts.flatMap((text) => parseAddress(/^dnsaddr=(\/.+)$/.exec(text)?.[1] ?? ''));
  const isMeant = (each: Multiaddr): boolean => each.getComponents().at(-1)?.value === peer;
  return found.filter((each) => peer === undefined || isMeant(each)).slice(0, MOST_ADDRESSES);
}

function parseAddress(text: string): Multiaddr[] {
  try {
    return text === '' ? [] : [multiaddr(text)];
  } catch {
    return [];
  }
}
