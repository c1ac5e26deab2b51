import { BlockList } from 'node:net';
import type { ConnectionGater, MultiaddrResolver } from '@libp2p/interface';
import type { Multiaddr } from '@multiformats/multiaddr';
import { dnsaddrResolver } from 'libp2p';

/** How far an address lies: this machine, networks of one's own, everywhere. */
export type Reach = 'loopback' | 'private' | 'public';

const LOOPBACK = subnets(['127.0.0.0', 8, 'ipv4'], ['::1', 128, 'ipv6']);

const PRIVATE = subnets(
  ['10.0.0.0', 8, 'ipv4'],
  ['100.64.0.0', 10, 'ipv4'],
  ['169.254.0.0', 16, 'ipv4'],
  ['172.16.0.0', 12, 'ipv4'],
  ['192.168.0.0', 16, 'ipv4'],
  ['fc00::', 7, 'ipv6'],
  ['fe80::', 10, 'ipv6'],
);

/** Neither a place of this machine nor one of anybody: multicast, broadcast, "this network", reserved. */
const NOWHERE = subnets(
  ['0.0.0.0', 8, 'ipv4'],
  ['224.0.0.0', 3, 'ipv4'],
  ['::', 128, 'ipv6'],
  ['ff00::', 8, 'ipv6'],
);

/** Which addresses may be dialled: those that the user named, and of what others name those within reach. */
export class DialPolicy {
  readonly #reach: Reach;
  readonly #named = new Set<string>();

  /** A node that listens on loopback alone stays there; only a public one follows the word of others everywhere. */
  constructor({ listen, public: isPublic }: { listen: readonly Multiaddr[]; public: boolean }) {
    const isLocal = listen.every((address) => reachOf(address) === 'loopback');
    this.#reach = isPublic ? 'public' : isLocal ? 'loopback' : 'private';
  }

  /** Allows an address because the user named it, a DNS name too. */
  allow(address: Multiaddr): void {
    this.#named.add(transportPart(address));
  }

  /**
   * Threat: any peer can put any address into what others learn from it. It must not make us knock at hosts of our own
   * network, look names up, or reach out at all where the user asked for nothing of the kind.
   */
  allows(address: Multiaddr): boolean {
    if (this.#named.has(transportPart(address))) return true;
    const reach = reachOf(address);
    if (this.#reach === 'public') return reach === 'public';
    return reach === 'loopback' || (reach === 'private' && this.#reach === 'private');
  }

  /** Looks up the addresses behind a DNS name that the user named; of others' names nothing is asked at all. */
  resolver(): MultiaddrResolver {
    return {
      canResolve: (address) => dnsaddrResolver.canResolve(address) && this.allows(address),
      resolve: async (address, options) => {
        const found = await dnsaddrResolver.resolve(address, options);
        for (const one of found) this.allow(one);
        return found;
      },
    };
  }

  gater(): ConnectionGater {
    return { denyDialMultiaddr: (address) => !this.allows(address) };
  }
}

/** `undefined` of a name, a relay, and whatever is no address of one machine. */
export function reachOf(address: Multiaddr): Reach | undefined {
  const components = address.getComponents();
  const host = components[0];
  if (host?.value === undefined || components.some(({ name }) => name === 'p2p-circuit')) return undefined;
  if (host.name !== 'ip4' && host.name !== 'ip6') return undefined;
  const family = host.name === 'ip4' ? 'ipv4' : 'ipv6';
  if (LOOPBACK.check(host.value, family)) return 'loopback';
  if (PRIVATE.check(host.value, family)) return 'private';
  return NOWHERE.check(host.value, family) ? undefined : 'public';
}

/** The address without whose it is. */
function transportPart(address: Multiaddr): string {
  return address.toString().replace(/\/p2p\/[^/]+$/, '');
}

function subnets(...nets: [address: string, prefix: number, family: 'ipv4' | 'ipv6'][]): BlockList {
  const list = new BlockList();
  for (const [address, prefix, family] of nets) list.addSubnet(address, prefix, family);
  return list;
}
