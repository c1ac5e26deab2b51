import { describe, expect, it } from 'vitest';
import { parsePlace, urlsOf } from '../../../src/node/mirrors/place.ts';
import { withPasswords } from '../../../src/node/retrieve/passwords.ts';

const PEER = '/ip4/192.0.2.1/tcp/4001/p2p/12D3KooWGkcMtZDJof4H1Xyp5mDguSDDTxRTQYN5yUMqBxiVia7J';

describe('a place with a password in its address', () => {
  it.each([
    'https://me:secret@mirror.example',
    'http://secret@mirror.example/a',
    'https://:secret@mirror.example',
  ])('is neither kept nor shown: %s', (text) => {
    const parse = () => parsePlace(text);
    expect(parse).toThrow(/holds a user or a password/);
    expect(parse).not.toThrow(/secret/);
  });

  it('is asked over HTTP with it, and named without', async () => {
    const addresses = ['https://me:s%40cret@mirror.example/', 'https://other.example', PEER, 'kept'];
    expect(urlsOf(addresses)).toEqual(['https://mirror.example/', 'https://other.example/']);
    const asked: string[] = [];
    const get = async (url: URL) => {
      asked.push(url.href);
      return { status: 404, headers: {}, body: (async function* () {})(), close: () => undefined };
    };
    const client = withPasswords({ get, close: () => undefined }, addresses);
    const request = { accept: '*/*', signal: new AbortController().signal };
    for (const url of ['https://mirror.example/a', 'https://other.example/a', 'http://mirror.example/a'])
      await client.get(new URL(url), request);
    expect(asked).toEqual([
      'https://me:s%40cret@mirror.example/a',
      'https://other.example/a',
      'http://mirror.example/a',
    ]);
  });
});
