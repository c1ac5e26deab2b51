import type { ConnectionGater, MultiaddrResolver } from '@libp2p/interface';
import type { Multiaddr } from '@multiformats/multiaddr';
import { dnsaddrResolver } from 'libp2p';
import { type Reach, reachOf } from './reach.ts';

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

/** The address without whose it is. */
function transportPart(address: Multiaddr): string {
  return address.toString().replace(/\/p2p\/[^/]+$/, '');
}
