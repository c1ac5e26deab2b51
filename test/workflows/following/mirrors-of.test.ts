import { describe, expect, it } from 'vitest';
import { mirrorsWithin } from '../../../src/workflows/following/mirrors-of.ts';

const PEER = '12D3KooWGkcMtZDJof4H1Xyp5mDguSDDTxRTQYN5yUMqBxiVia7J';
const PUBLIC = [
  'https://mirror.example/',
  'https://8.8.8.8/',
  `/ip4/8.8.8.8/tcp/4001/p2p/${PEER}`,
  `/dns4/mirror.example/tcp/4001/p2p/${PEER}`,
];
const PLAIN_NAME = ['http://mirror.example/'];
const PRIVATE = [
  'http://192.168.1.7/',
  'http://169.254.169.254/',
  'https://nas.local/',
  `/dns4/router/tcp/4001/p2p/${PEER}`,
  'https://[fd00::7]/',
  `/ip4/10.0.0.7/tcp/4001/p2p/${PEER}`,
];
const LOOPBACK = [
  'http://127.0.0.1:5001/',
  'http://localhost:5001/',
  'https://localhost.:5001/',
  `/dns4/localhost/tcp/4001/p2p/${PEER}`,
  `/ip6/::1/tcp/4001/p2p/${PEER}`,
];
const NOWHERE = ['http://0.0.0.0/', 'ftp://mirror.example/', 'kept', ''];
const ALL = [...PUBLIC, ...PLAIN_NAME, ...PRIVATE, ...LOOPBACK, ...NOWHERE];

describe('mirrorsWithin', () => {
  it.each([
    ['nobody', [], PUBLIC],
    ['what is no place', ['kept', 'named'], PUBLIC],
    ['a public address', ['https://paper.example/'], PUBLIC],
    [
      'one of the own network',
      ['https://paper.example/', 'http://10.1.2.3/'],
      [...PUBLIC, ...PLAIN_NAME, ...PRIVATE],
    ],
    [
      'this machine',
      [`/ip4/127.0.0.1/tcp/1/p2p/${PEER}`],
      [...PUBLIC, ...PLAIN_NAME, ...PRIVATE, ...LOOPBACK],
    ],
  ])('lets a manifest name mirrors no farther in than %s that was asked', (_, asked, expected) => {
    expect(mirrorsWithin(ALL, asked)).toEqual(expected);
  });

  it('takes no more than 32', () => {
    const many = Array.from({ length: 40 }, (_, index) => `https://mirror${index}.example/`);
    expect(mirrorsWithin(many, [])).toEqual(many.slice(0, 32));
    expect(mirrorsWithin(undefined, [])).toEqual([]);
  });
});
