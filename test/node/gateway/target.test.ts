import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Refusal } from '../../../src/node/gateway/messages.ts';
import { parseTarget, pathTo } from '../../../src/node/gateway/target.ts';

describe('parseTarget', () => {
  it.each([
    ['/', [], true, ''],
    ['/a/b', ['a', 'b'], false, ''],
    ['/a/b/?x=1?y', ['a', 'b'], true, '?x=1?y'],
    ['/%C3%A9t%C3%A9%20%25', ['été %'], false, ''],
    ['/\\evil.example', ['\\evil.example'], false, ''],
    ['/...', ['...'], false, ''],
  ])('takes %s apart', (target, segments, folder, search) => {
    expect(parseTarget(target)).toMatchObject({ segments, folder, search });
  });

  it.each([
    ['', 'not a path'],
    ['*', 'not a path'],
    ['http://evil.example/', 'not a path'],
    ['/a b', 'not a path'],
    ['/é', 'not a path'],
    ['/#', 'not a path'],
    ['//', 'two slashes'],
    ['//evil.example', 'two slashes'],
    ['/a//b', 'two slashes'],
    ['/.', '"."'],
    ['/a/../b', '".."'],
    ['/a/%2e%2E/b', '".."'],
    ['/a%2Fb', 'slash'],
    ['/a%00', 'zero byte'],
    ['/%', 'percent'],
    ['/%zz', 'percent'],
    ['/%C3', 'percent'],
    ['/%ED%A0%80', 'percent'],
    [`/${'a'.repeat(4096)}`, 'longer than'],
    ['/a'.repeat(129), 'more than'],
  ])('refuses %s', (target, reason) => {
    expect(() => parseTarget(target)).toThrow(
      expect.objectContaining({ status: 400, message: expect.stringContaining(reason) }),
    );
  });

  it('gives names of which the same path can be made, and only refuses otherwise', () => {
    fc.assert(
      fc.property(fc.webPath(), (path) => {
        const target = path === '' ? '/' : path;
        try {
          const { segments } = parseTarget(target);
          expect(parseTarget(pathTo(segments)).segments).toEqual(segments);
        } catch (error) {
          expect(error).toBeInstanceOf(Refusal);
        }
      }),
    );
  });
});

describe('pathTo', () => {
  it('makes a path that no browser takes for another host', () => {
    const name = fc
      .string({ unit: 'grapheme', minLength: 1 })
      .filter((text) => text !== '.' && text !== '..');
    fc.assert(
      fc.property(fc.array(name, { minLength: 1 }), (names) => {
        const path = pathTo(names);
        const url = new URL(path, 'http://paper.example/');
        expect(url.host).toBe('paper.example');
        expect(url.pathname).toBe(path);
      }),
    );
  });
});
