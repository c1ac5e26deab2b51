import type { CID } from 'multiformats/cid';
import { gatewaySource } from '../../node/retrieve/gateway-source.ts';
import type { BlockSource } from '../../node/retrieve/source.ts';
import type { NetworkSettings } from '../../repo/network-settings.ts';

/** Who may be asked, by address. */
export type Others = Pick<NetworkSettings, 'peers' | 'gateways' | 'routers'>;

/** Whether anybody is named at all. */
export function namesAnybody({ peers = [], gateways = [], routers = [] }: Others): boolean {
  return peers.length + gateways.length + routers.length > 0;
}

/** What both name, each once. */
export function mergeOthers(a: Others, b: Others): Others {
  const both = (x: string[] = [], y: string[] = []) => [...new Set([...x, ...y])];
  return {
    peers: both(a.peers, b.peers),
    gateways: both(a.gateways, b.gateways),
    routers: both(a.routers, b.routers),
  };
}

/** Sources of what is below a root. @throws {OvnError} `usage` for an address that is none */
export async function openSources(
  { gateways = [] }: Others,
  _root: CID,
  _signal: AbortSignal,
): Promise<BlockSource[]> {
  return gateways.map((address) => gatewaySource(address));
}
