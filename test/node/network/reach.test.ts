import { describe, expect, it } from 'vitest';
import { reachOfHost } from '../../../src/node/network/reach.ts';

describe('reachOfHost', () => {
  it.each([
    ['http://127.0.0.1/', 'loopback'],
    ['http://2130706433/', 'loopback'],
    ['http://[::1]/', 'loopback'],
    ['http://[::ffff:127.0.0.1]/', 'loopback'],
    ['http://localhost/', 'loopback'],
    ['http://LOCALHOST./', 'loopback'],
    ['http://a.localhost./', 'loopback'],
    ['http://10.1.2.3/', 'private'],
    ['http://[::ffff:10.1.2.3]/', 'private'],
    ['http://[fec0::1]/', 'private'],
    ['http://198.18.0.1/', 'private'],
    ['http://router/', 'private'],
    ['http://nas.local/', 'private'],
    ['http://metadata.google.internal./', 'private'],
    ['http://0.0.0.0/', undefined],
    ['http://[::]/', undefined],
    ['http://[::127.0.0.1]/', undefined],
    ['http://[2002:7f00:1::]/', undefined],
    ['http://[64:ff9b::7f00:1]/', undefined],
    ['http://[64:ff9b::10.1.2.3]/', undefined],
    ['http://[64:ff9b:1::8.8.8.8]/', 'private'],
    ['http://[64:ff9b::8.8.8.8]/', 'public'],
    ['http://8.8.8.8/', 'public'],
    ['http://[2001:db8::1]/', 'public'],
    ['http://mirror.example/', 'public'],
    ['http://locals.example/', 'public'],
  ])('%s lies: %s', (url, reach) => {
    expect(reachOfHost(new URL(url).hostname)).toBe(reach);
  });
});
