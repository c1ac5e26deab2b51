import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { NameLookups } from '../../../src/node/network/addresses-within.ts';
import { lookupWithin } from '../../../src/node/network/lookup-within.ts';
import type { Reach } from '../../../src/node/network/reach.ts';
import { HTTP_LIMITS, openHttp } from '../../../src/node/retrieve/http-client.ts';

const LEADS: Record<string, string[]> = {
  'here.example': ['127.0.0.1'],
  'also-here.example': ['192.0.2.1', '10.0.0.7', '127.0.0.1'],
};
const LOOKUPS: NameLookups = {
  host: async (name) => (LEADS[name] ?? []).map((address) => ({ address, family: 4 })),
  txt: async () => [],
};

let port: number;
let connections = 0;

beforeEach(async () => {
  const server = createServer((_, response) => response.end('here'));
  server.on('connection', () => connections++);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  port = (server.address() as AddressInfo).port;
  connections = 0;
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
});

async function ask(host: string, within: Reach | undefined): Promise<number> {
  const client = openHttp(HTTP_LIMITS, LOOKUPS);
  onTestFinished(() => client.close());
  const { signal } = new AbortController();
  const answer = await client.get(new URL(`http://${host}:${port}/`), { accept: '*/*', signal, within });
  answer.close();
  return answer.status;
}

describe('a host that somebody else named', () => {
  it.each<[string, Reach]>([
    ['here.example', 'public'],
    ['here.example', 'private'],
    ['localhost', 'private'],
    ['127.0.0.1', 'public'],
    ['[::1]', 'private'],
    ['[::ffff:127.0.0.1]', 'public'],
    ['unknown.example', 'loopback'],
  ])('%s is not asked where it lies farther in than %s', async (host, within) => {
    const refused = {
      code: 'refused',
      message: expect.stringContaining('leads to nowhere that may be asked'),
    };
    await expect(ask(host, within)).rejects.toMatchObject(refused);
    expect(connections).toBe(0);
  });

  it('is asked where it lies no farther in, by whatever name', async () => {
    expect(await ask('here.example', 'loopback')).toBe(200);
    expect(await ask('127.0.0.1', 'loopback')).toBe(200);
    expect(await ask('127.0.0.1', undefined)).toBe(200);
    expect(connections).toBe(3);
  });

  it.each<[Reach, string[]]>([
    ['public', ['192.0.2.1']],
    ['private', ['192.0.2.1', '10.0.0.7']],
    ['loopback', ['192.0.2.1', '10.0.0.7', '127.0.0.1']],
  ])(
    'is dialled at those of its addresses alone that lie no farther in than %s',
    async (within, expected) => {
      const lookUp = lookupWithin(within, LOOKUPS);
      const all = await new Promise<unknown>((resolve) => {
        lookUp('also-here.example', { all: true }, (_, found) => resolve(found));
      });
      expect(all).toEqual(expected.map((address) => ({ address, family: 4 })));
      const first = await new Promise<unknown>((resolve) => {
        lookUp('also-here.example', {}, (_, address, family) => resolve([address, family]));
      });
      expect(first).toEqual([expected[0], 4]);
    },
  );
});
