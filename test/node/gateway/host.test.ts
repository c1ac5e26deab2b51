import { describe, expect, it } from 'vitest';
import { readHost, readScheme } from '../../../src/node/gateway/host.ts';

const GATEWAYS = ['localhost', 'paper.example'];

describe('readHost', () => {
  it.each([
    ['localhost', { kind: 'gateway', base: 'localhost' }],
    ['LOCALHOST:8080', { kind: 'gateway', base: 'localhost:8080' }],
    [
      'bafy.ipfs.localhost:8080',
      { kind: 'subdomain', namespace: 'ipfs', label: 'bafy', base: 'localhost:8080' },
    ],
    ['K51.ipns.paper.example', { kind: 'subdomain', namespace: 'ipns', label: 'k51', base: 'paper.example' }],
    ['a.b.c.ipns.localhost', { kind: 'subdomain', namespace: 'ipns', label: 'a.b.c', base: 'localhost' }],
    ['ipfs.localhost', { kind: 'other', name: 'ipfs.localhost', host: 'ipfs.localhost' }],
    ['news.localhost', { kind: 'other', name: 'news.localhost', host: 'news.localhost' }],
    [
      'bafy.ipfs.evil.example',
      { kind: 'other', name: 'bafy.ipfs.evil.example', host: 'bafy.ipfs.evil.example' },
    ],
    ['evillocalhost', { kind: 'other', name: 'evillocalhost', host: 'evillocalhost' }],
    ['127.0.0.1:1', { kind: 'other', name: '127.0.0.1', host: '127.0.0.1:1' }],
    ['[::1]:1', { kind: 'other', name: '[::1]', host: '[::1]:1' }],
    ['', { kind: 'other', name: '', host: '' }],
  ])('takes %s apart', (host, expected) => {
    expect(readHost(host, GATEWAYS)).toEqual(expected);
  });

  it.each([
    [undefined, 'http'],
    ['https', 'https'],
    ['HTTPS, http', 'https'],
    ['javascript', 'http'],
  ])('takes %s for the scheme %s', (forwarded, scheme) => {
    expect(readScheme({ 'x-forwarded-proto': forwarded })).toBe(scheme);
  });
});
