import { BlockList } from 'node:net';
import { type Multiaddr, multiaddr } from '@multiformats/multiaddr';

/** How far an address lies: this machine, networks of one's own, everywhere. */
export type Reach = 'loopback' | 'private' | 'public';

/** How far somebody's word leads: no farther in than where he is himself. `undefined` is nowhere that can be told. */
export const FARTHER: Record<Reach, readonly (Reach | undefined)[]> = {
  public: ['public'],
  private: ['public', 'private'],
  loopback: ['public', 'private', 'loopback'],
};

type Net = [address: string, prefix: number, family: 'ipv4' | 'ipv6'];

const LOOPBACK_NETS: Net[] = [
  ['127.0.0.0', 8, 'ipv4'],
  ['::1', 128, 'ipv6'],
];

const PRIVATE_NETS: Net[] = [
  ['10.0.0.0', 8, 'ipv4'],
  ['100.64.0.0', 10, 'ipv4'],
  ['169.254.0.0', 16, 'ipv4'],
  ['172.16.0.0', 12, 'ipv4'],
  ['192.0.0.0', 24, 'ipv4'],
  ['192.168.0.0', 16, 'ipv4'],
  ['198.18.0.0', 15, 'ipv4'],
  ['64:ff9b:1::', 48, 'ipv6'],
  ['fc00::', 7, 'ipv6'],
  ['fe80::', 10, 'ipv6'],
  ['fec0::', 10, 'ipv6'],
];

/** Neither a place of this machine nor one of anybody: multicast, broadcast, "this network", reserved, IPv4 in IPv6 of former times. */
const NOWHERE_NETS: Net[] = [
  ['0.0.0.0', 8, 'ipv4'],
  ['224.0.0.0', 3, 'ipv4'],
  ['::', 96, 'ipv6'],
  ['2002::', 16, 'ipv6'],
  ['ff00::', 8, 'ipv6'],
];

const LOOPBACK = subnets(LOOPBACK_NETS);
const PRIVATE = subnets(PRIVATE_NETS);
const NOWHERE = subnets([
  ...NOWHERE_NETS,
  ...[...LOOPBACK_NETS, ...PRIVATE_NETS, ...NOWHERE_NETS].filter(isIpv4).map(translated),
]);

function isIpv4([, , family]: Net): boolean {
  return family === 'ipv4';
}

/** As a NAT64 shows it (RFC 6052): only public addresses may be shown so. */
function translated([address, prefix]: Net): Net {
  return [`64:ff9b::${address}`, 96 + prefix, 'ipv6'];
}

/** Names that lead to this machine, and those that mean something in networks of one's own only (RFC 6761, 6762, 8375). */
const THIS_MACHINE = /^(?:.+\.)?localhost$/;
const OWN_NETWORK = /^[^.]+$|\.(?:local|internal|lan|home\.arpa)$/;

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

/** Where a host of a URL lies. A name counts as public, but for those of this machine and of networks of one's own. */
export function reachOfHost(host: string): Reach | undefined {
  const plain = host.toLowerCase().replace(/^\[|\]$|\.$/g, '');
  try {
    return reachOf(multiaddr(`/${plain.includes(':') ? 'ip6' : 'ip4'}/${plain}`));
  } catch {
    if (THIS_MACHINE.test(plain)) return 'loopback';
    return OWN_NETWORK.test(plain) ? 'private' : 'public';
  }
}

function subnets(nets: readonly Net[]): BlockList {
  const list = new BlockList();
  for (const [address, prefix, family] of nets) list.addSubnet(address, prefix, family);
  return list;
}
