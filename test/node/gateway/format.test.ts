import { describe, expect, it } from 'vitest';
import { chooseFormat } from '../../../src/node/gateway/format.ts';

const CAR = 'application/vnd.ipld.car';
const RAW = 'application/vnd.ipld.raw';

function choose(query: string, accept?: string): string {
  return chooseFormat(new URLSearchParams(query), accept);
}

describe('chooseFormat', () => {
  it.each([
    ['', undefined, 'site'],
    ['', 'text/html,application/xhtml+xml,*/*;q=0.8', 'site'],
    ['', CAR, 'car'],
    ['', `text/html, ${CAR};q=0.1`, 'car'],
    ['', `${RAW};q=0.5, ${CAR}; version=1; order=dfs; dups=n`, 'car'],
    ['', `${CAR};q=0.5, ${RAW}`, 'raw'],
    ['', `${CAR};q=0`, 'site'],
    ['', `${CAR};q=x`, 'site'],
    ['', `${CAR};dups=y;version=2, ${RAW};q=0.2`, 'raw'],
    ['', `${CAR};dups=y`, 'car'],
    ['', 'application/vnd.ipfs.ipns-record', 'ipns-record'],
    ['format=ipns-record', RAW, 'ipns-record'],
    ['', `${CAR};version="1"`, 'car'],
    ['format=raw', CAR, 'raw'],
    ['format=car&car-version=1&car-order=dfs&car-dups=n&dag-scope=all', undefined, 'car'],
  ])('?%s with Accept: %s is %s', (query, accept, format) => {
    expect(choose(query, accept)).toBe(format);
  });

  it.each([
    ['format=tar', undefined, 400],
    ['format=', undefined, 400],
    ['format=constructor', undefined, 400],
    ['', `${CAR};version=2`, 406],
    ['', `${CAR};dups=x`, 406],
    ['', `${CAR};order=bfs`, 406],
  ])('?%s with Accept: %s is refused with %i', (query, accept, status) => {
    expect(() => choose(query, accept)).toThrow(expect.objectContaining({ status }));
  });
});
