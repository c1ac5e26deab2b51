import { findPackageJSON } from 'node:module';
import type { Transport } from '@libp2p/interface';
import { tcp } from '@libp2p/tcp';
import { webSockets } from '@libp2p/websockets';
import type { Multiaddr } from '@multiformats/multiaddr';
import type { Libp2pOptions } from 'libp2p';
import { NETWORK_LIMITS } from './limits.ts';

type TransportFactories = NonNullable<Libp2pOptions['transports']>;

export interface Transports {
  transports: TransportFactories;
  /** The addresses that can be listened on with what is here. */
  listen: Multiaddr[];
  missing: string[];
}

/** Not a literal, so that neither the compiler nor the bundler looks for what is rarely installed. */
const QUIC_MODULE: string = '@chainsafe/libp2p-quic';

/** The ways to carry connections. QUIC is native code: without it the rest works, and `missing` says so. */
export async function loadTransports(options: {
  listen: readonly Multiaddr[];
  quic: boolean;
}): Promise<Transports> {
  const transports: TransportFactories = [
    tcp({
      maxConnections: NETWORK_LIMITS.connections,
      inboundSocketInactivityTimeout: NETWORK_LIMITS.idleConnection,
      outboundSocketInactivityTimeout: NETWORK_LIMITS.idleConnection,
    }),
    webSockets(),
  ];
  const others = options.listen.filter((address) => !isQuic(address));
  if (!options.quic && others.length === options.listen.length)
    return { transports, listen: others, missing: [] };
  const quic = await loadQuic();
  if (quic !== undefined)
    return { transports: [...transports, quic], listen: [...options.listen], missing: [] };
  return { transports, listen: others, missing: [`quic: ${QUIC_MODULE} is not installed`] };
}

async function loadQuic(): Promise<TransportFactories[number] | undefined> {
  if (!isInstalled(QUIC_MODULE)) return undefined;
  const { quic } = (await import(QUIC_MODULE)) as { quic(): (components: object) => Transport };
  return quic();
}

function isInstalled(module: string): boolean {
  try {
    return findPackageJSON(module, import.meta.url) !== undefined;
  } catch {
    return false;
  }
}

function isQuic(address: Multiaddr): boolean {
  return address.getComponents().some(({ name }) => name === 'quic' || name === 'quic-v1');
}
