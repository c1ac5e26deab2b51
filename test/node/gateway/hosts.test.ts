import { describe, expect, it } from 'vitest';
import { hostGuard } from '../../../src/node/gateway/hosts.ts';

describe('hostGuard', () => {
  it.each(['127.0.0.1', '::1', '127.0.0.53', '::ffff:127.0.0.1'])(
    'admits the names of this machine at %s',
    (address) => {
      const admits = hostGuard(address);
      for (const host of [
        'localhost',
        'localhost:8080',
        'LOCALHOST',
        'paper.localhost:1',
        '127.0.0.1:8080',
        '[::1]:8080',
      ]) {
        expect(admits(host), host).toBe(true);
      }
      expect(admits(address.includes(':') ? `[${address}]:80` : `${address}:80`)).toBe(true);
    },
  );

  it.each([
    undefined,
    '',
    'evil.example',
    'evil.example:8080',
    'localhost.evil.example',
    'evillocalhost',
    '127.0.0.1.evil.example',
    'localhost:x',
    'localhost@evil.example',
    '127.0.0.2',
    '10.0.0.1',
  ])('refuses %s on loopback', (host) => {
    expect(hostGuard('127.0.0.1')(host)).toBe(false);
  });

  it('admits every name at an address that others reach', () => {
    expect(hostGuard('0.0.0.0')('paper.example')).toBe(true);
    expect(hostGuard('192.0.2.1')(undefined)).toBe(true);
  });
});
