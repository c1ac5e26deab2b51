import { multiaddr } from '@multiformats/multiaddr';
import { describe, expect, it } from 'vitest';
import { DialPolicy } from '../../../src/node/network/dial-policy.ts';

const LOOPBACK = ['/ip4/127.0.0.1/tcp/4001', '/ip4/127.3.2.1/udp/4001/quic-v1', '/ip6/::1/tcp/4001/ws'];
const PRIVATE = [
  '/ip4/10.0.0.9/tcp/4001',
  '/ip4/192.168.1.1/tcp/80',
  '/ip6/fe80::1/tcp/1',
  '/ip4/169.254.1.1/tcp/80',
];
const PUBLIC = ['/ip4/8.8.8.8/tcp/4001', '/ip6/2001:db8::1/tcp/4001'];
const NEVER = [
  '/ip4/224.0.0.1/udp/1',
  '/ip4/0.0.0.0/tcp/1',
  '/ip6/ff02::1/udp/1',
  '/dns4/example.com/tcp/4001',
  '/dnsaddr/example.com',
  '/ip4/127.0.0.1/tcp/1/p2p/12D3KooWNeNAWJ38pGBhm8sF8C7T7yehMAZmLFYpxR3TEFVF3GnS/p2p-circuit',
];

function allowed(policy: DialPolicy): string[] {
  return [...LOOPBACK, ...PRIVATE, ...PUBLIC, ...NEVER].filter((text) => policy.allows(multiaddr(text)));
}

describe('DialPolicy', () => {
  it.each([
    ['on loopback stays there', ['/ip4/127.0.0.1/tcp/0'], false, LOOPBACK],
    ['that listens nowhere stays on loopback', [], false, LOOPBACK],
    ['of a network stays in networks of that kind', ['/ip4/0.0.0.0/tcp/0'], false, [...LOOPBACK, ...PRIVATE]],
    ['of the public knocks at no private door', ['/ip4/0.0.0.0/tcp/0'], true, PUBLIC],
  ])('a node %s', (_, listen, isPublic, expected) => {
    const policy = new DialPolicy({ listen: listen.map((text) => multiaddr(text)), public: isPublic });
    expect(allowed(policy)).toEqual(expected);
  });

  it('allows whatever the user named, whoever is said to be there', () => {
    const policy = new DialPolicy({ listen: [], public: false });
    const id = '/p2p/12D3KooWNeNAWJ38pGBhm8sF8C7T7yehMAZmLFYpxR3TEFVF3GnS';
    policy.allow(multiaddr(`/ip4/8.8.8.8/tcp/4001${id}`));
    policy.allow(multiaddr('/dnsaddr/example.com'));
    expect(policy.allows(multiaddr('/ip4/8.8.8.8/tcp/4001'))).toBe(true);
    expect(policy.allows(multiaddr(`/dnsaddr/example.com${id}`))).toBe(true);
    expect(policy.allows(multiaddr('/ip4/8.8.8.8/tcp/4002'))).toBe(false);
    expect(policy.resolver().canResolve(multiaddr('/dnsaddr/example.com'))).toBe(true);
    expect(policy.resolver().canResolve(multiaddr('/dnsaddr/example.org'))).toBe(false);
  });
});
