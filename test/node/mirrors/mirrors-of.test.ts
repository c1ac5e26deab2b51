import { describe, expect, it } from 'vitest';
import { mirrorsOf, mirrorsWithin } from '../../../src/node/mirrors/mirrors-of.ts';

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
  it.each<[string, string[], string[], string]>([
    ['nobody', [], PUBLIC, 'public'],
    ['what is no place', ['kept', 'named'], PUBLIC, 'public'],
    ['a public address', ['https://paper.example/'], PUBLIC, 'public'],
    [
      'one of the own network',
      ['https://paper.example/', 'http://10.1.2.3/'],
      [...PUBLIC, ...PLAIN_NAME, ...PRIVATE],
      'private',
    ],
    [
      'this machine',
      [`/ip4/127.0.0.1/tcp/1/p2p/${PEER}`],
      [...PUBLIC, ...PLAIN_NAME, ...PRIVATE, ...LOOPBACK],
      'loopback',
    ],
  ])('lets a manifest name mirrors no farther in than %s that the user named', (_, named, places, within) => {
    expect(mirrorsWithin(mirrorsOf(ALL), named)).toEqual({ places, within });
  });

  it('leaves out what the user named himself', () => {
    const [first = '', ...others] = PUBLIC;
    expect(mirrorsWithin(PUBLIC, [first]).places).toEqual(others);
  });
});

describe('mirrorsOf', () => {
  it('takes no more than 32', () => {
    const many = Array.from({ length: 40 }, (_, index) => `https://mirror${index}.example/`);
    expect(mirrorsOf(many)).toEqual(many.slice(0, 32));
    expect(mirrorsOf(undefined)).toEqual([]);
  });

  it('takes each address once, and none that is no place', () => {
    const twice = ['https://mirror.example', '/dns4/mirror.example/tcp/443/https', 'https://mirror.example/'];
    expect(mirrorsOf([...twice, 'kept', 'ftp://mirror.example/'])).toEqual(['https://mirror.example/']);
  });
});
