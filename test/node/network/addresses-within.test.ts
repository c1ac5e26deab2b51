import { multiaddr } from '@multiformats/multiaddr';
import { describe, expect, it } from 'vitest';
import { addressesWithin, type NameLookups } from '../../../src/node/network/addresses-within.ts';
import type { Reach } from '../../../src/node/network/reach.ts';

const PEER = '/p2p/12D3KooWNeNAWJ38pGBhm8sF8C7T7yehMAZmLFYpxR3TEFVF3GnS';
const OTHER = '/p2p/12D3KooWGkcMtZDJof4H1Xyp5mDguSDDTxRTQYN5yUMqBxiVia7J';

const HOSTS: Record<string, string[]> = {
  'pins.example': ['8.8.8.8', '2001:db8::1'],
  'rebound.example': ['8.8.8.8', '10.0.0.7', '127.0.0.1'],
  'inside.example': ['192.168.1.7'],
};
const TEXTS: Record<string, string[]> = {
  '_dnsaddr.pins.example': [
    `dnsaddr=/ip4/8.8.4.4/tcp/4001${PEER}`,
    `dnsaddr=/ip4/10.0.0.7/tcp/22${PEER}`,
    `dnsaddr=/ip4/8.8.4.4/tcp/4001${OTHER}`,
    `dnsaddr=/dns4/rebound.example/tcp/4001${PEER}`,
    'dnsaddr=nothing',
    'v=spf1',
  ],
  '_dnsaddr.circle.example': [
    `dnsaddr=/dnsaddr/circle.example${PEER}`,
    `dnsaddr=/dnsaddr/circle.example${PEER}`,
  ],
};

/** The addresses that may be dialled, without whose they are, and the names that were looked up. */
async function within(text: string, reach: Reach) {
  const asked: string[] = [];
  const lookups: NameLookups = {
    async host(name, family) {
      asked.push(name);
      const found = (HOSTS[name] ?? []).map((address) => ({
        address,
        family: address.includes(':') ? 6 : 4,
      }));
      return found.filter((each) => family === 0 || each.family === family);
    },
    async txt(name) {
      asked.push(name);
      return (TEXTS[name] ?? []).map((each) => [each.slice(0, 9), each.slice(9)]);
    },
  };
  const found = await addressesWithin(multiaddr(text + PEER), reach, lookups);
  return { addresses: found.map((each) => each.toString().replace(PEER, '')), asked };
}

describe('addressesWithin', () => {
  it.each([
    ['/ip4/8.8.8.8/tcp/4001', ['/ip4/8.8.8.8/tcp/4001']],
    ['/ip4/10.0.0.7/tcp/22', []],
    ['/ip4/127.0.0.1/tcp/5001', []],
    ['/ip6/::ffff:7f00:1/tcp/5001', []],
    ['/ip4/0.0.0.0/tcp/5001', []],
    [`/ip4/8.8.8.8/tcp/4001${OTHER}/p2p-circuit`, []],
    ['/dns/pins.example/tcp/4001', ['/ip4/8.8.8.8/tcp/4001', '/ip6/2001:db8::1/tcp/4001']],
    ['/dns6/pins.example/tcp/4001/ws', ['/ip6/2001:db8::1/tcp/4001/ws']],
    ['/dns4/rebound.example/tcp/4001', ['/ip4/8.8.8.8/tcp/4001']],
    ['/dns4/inside.example/tcp/4001', []],
    ['/dns4/unknown.example/tcp/4001', []],
    ['/dns4/pins.example/tcp/443/tls/ws', ['/dns4/pins.example/tcp/443/tls/ws']],
    ['/dns4/rebound.example/tcp/443/wss', []],
    ['/dns4/unknown.example/tcp/443/wss', []],
    ['/dnsaddr/pins.example', ['/ip4/8.8.4.4/tcp/4001', '/ip4/8.8.8.8/tcp/4001']],
  ])('of %s, as a public place names it, takes %j', async (text, expected) => {
    expect((await within(text, 'public')).addresses).toEqual(expected);
  });

  it('takes what lies in the own network from who is there', async () => {
    expect((await within('/dns4/rebound.example/tcp/1', 'private')).addresses).toHaveLength(2);
    expect((await within('/dns4/rebound.example/tcp/1', 'loopback')).addresses).toHaveLength(3);
    expect((await within('/dns4/inside.example/tcp/443/wss', 'private')).addresses).toHaveLength(1);
  });

  it('ends where names lead in circles', async () => {
    const { addresses, asked } = await within('/dnsaddr/circle.example', 'public');
    expect(addresses).toEqual([]);
    expect(asked).toHaveLength(1 + 2 + 4);
  });
});
