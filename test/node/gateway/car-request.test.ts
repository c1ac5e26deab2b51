import { describe, expect, it } from 'vitest';
import { carTypeOf, readCarRequest } from '../../../src/node/gateway/car-request.ts';

const CAR = 'application/vnd.ipld.car';
const ALL = { scope: 'all', bytes: undefined, dups: false };

function read(query: string, accept?: string) {
  return readCarRequest(new URLSearchParams(query), accept);
}

describe('readCarRequest', () => {
  it.each([
    ['', undefined, ALL],
    ['car-version=1&car-order=dfs&car-dups=n&dag-scope=all', undefined, ALL],
    ['car-order=unk', undefined, ALL],
    ['car-dups=y', undefined, { ...ALL, dups: true }],
    ['', `${CAR}; version=1; order=dfs; dups=y`, { ...ALL, dups: true }],
    ['car-dups=n', `${CAR};dups=y`, ALL],
    ['car-dups=y', `${CAR};dups=n`, { ...ALL, dups: true }],
    ['dag-scope=block', undefined, { ...ALL, scope: 'block' }],
    ['dag-scope=entity', undefined, { ...ALL, scope: 'entity' }],
    ['entity-bytes=0:*', undefined, { ...ALL, scope: 'entity', bytes: { from: 0, to: undefined } }],
    ['entity-bytes=512:-256', undefined, { ...ALL, scope: 'entity', bytes: { from: 512, to: -256 } }],
    ['dag-scope=all&entity-bytes=0:9', undefined, ALL],
  ])('reads ?%s with Accept: %s', (query, accept, expected) => {
    expect(read(query, accept)).toEqual(expected);
  });

  it.each([
    ['car-version=2', 406],
    ['car-order=bfs', 406],
    ['car-dups=x', 406],
    ['dag-scope=some', 400],
    ['dag-scope=', 400],
    ['entity-bytes=', 400],
    ['entity-bytes=*:9', 400],
    ['entity-bytes=0', 400],
    ['entity-bytes=9999999999999999:*', 400],
  ])('refuses ?%s with %i', (query, status) => {
    expect(() => read(query)).toThrow(expect.objectContaining({ status }));
  });

  it('tells the type in full', () => {
    expect(carTypeOf(read(''))).toBe(`${CAR}; version=1; order=dfs; dups=n`);
    expect(carTypeOf(read('car-dups=y'))).toBe(`${CAR}; version=1; order=dfs; dups=y`);
  });
});
