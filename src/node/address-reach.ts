import { BlockList } from 'node:net';

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

/** `undefined` of an address that is nobody's. */
export function reachOfAddress(address: string, family: 'ipv4' | 'ipv6'): Reach | undefined {
  if (LOOPBACK.check(address, family)) return 'loopback';
  if (PRIVATE.check(address, family)) return 'private';
  return NOWHERE.check(address, family) ? undefined : 'public';
}

function subnets(...nets: [address: string, prefix: number, family: 'ipv4' | 'ipv6'][]): BlockList {
  const list = new BlockList();
  for (const [address, prefix, family] of nets) list.addSubnet(address, prefix, family);
  return list;
}
