import { describe, expect, it } from 'vitest';
import { createGateway } from '../../../src/node/gateway/gateway.ts';
import type { GatewayEffects } from '../../../src/node/gateway/messages.ts';

const NAME = 'k51qzi5uqu5dk3v4rmjber23h16xnr23bsggmqqil9z2gduiis5se8dht36dam';
const TYPE = 'application/vnd.ipfs.ipns-record';

describe('PUT /routing/v1/ipns', () => {
  async function put(
    body: AsyncIterable<Uint8Array> | Uint8Array[],
    effects: Partial<GatewayEffects> = {},
    headers: Record<string, string> = { 'content-type': TYPE },
    target = `/routing/v1/ipns/${NAME}`,
  ) {
    const gateway = createGateway({ read: async () => undefined, head: () => undefined, ...effects });
    const pieces = (async function* () {
      yield* body;
    })();
    return gateway({ method: 'PUT', target, headers, body: pieces, signal: new AbortController().signal });
  }

  it('hands the record on, under the one form of its name', async () => {
    const given: [string, string][] = [];
    const response = await put(
      [Buffer.from('a re'), Buffer.from('cord')],
      {
        putNameRecord: async (name, bytes) => {
          given.push([name, Buffer.from(bytes).toString()]);
          return { status: 200, message: 'kept' };
        },
      },
      { 'content-type': TYPE },
      '/routing/v1/ipns/12D3KooWLQzUv2FHWGVPXTXSZpdHs7oHbXub2G5WC8Tx4NQhyd2d',
    );
    expect(response).toMatchObject({ status: 200, headers: { 'cache-control': 'no-store' } });
    expect(given).toEqual([[NAME, 'a record']]);
  });

  it.each([400, 403, 409] as const)('passes a refusal on (%i)', async (status) => {
    const response = await put([Buffer.from('x')], {
      putNameRecord: async () => ({ status, message: 'It is not taken.' }),
    });
    expect(response.status).toBe(status);
  });

  it('reads no more than a record can have', async () => {
    let read = 0;
    const endless = (async function* () {
      for (;;) {
        read += 1024;
        yield new Uint8Array(1024);
      }
    })();
    const effects: Partial<GatewayEffects> = {
      putNameRecord: () => Promise.reject(new Error('nothing should be handed on')),
    };
    const response = await put(endless, effects);
    expect(response).toMatchObject({ status: 413, headers: { connection: 'close' } });
    expect(read).toBe(11 * 1024);
  });

  it('refuses another type, another method, and everything where names are not looked after', async () => {
    const putNameRecord = async () => ({ status: 200, message: '' }) as const;
    expect((await put([], { putNameRecord }, { 'content-type': 'text/plain' })).status).toBe(415);
    expect((await put([])).status).toBe(501);
    const gateway = createGateway({ read: async () => undefined, head: () => undefined, putNameRecord });
    const request = { target: `/routing/v1/ipns/${NAME}`, headers: {}, signal: new AbortController().signal };
    expect(await gateway({ ...request, method: 'POST' })).toMatchObject({
      status: 405,
      headers: { allow: 'GET, HEAD, PUT' },
    });
  });

  it('neither gives nor takes the record of a name that is denied', async () => {
    const served = {
      generation: 0,
      allows: () => true,
      refusal: () => undefined,
      refusesPath: (path: string) => (path === `/ipns/${NAME}` ? ('denied' as const) : undefined),
    };
    const effects = {
      served,
      putNameRecord: () => Promise.reject(new Error('asked for')),
      nameRecord: () => Promise.reject(new Error('asked for')),
    };
    expect((await put([Buffer.from('x')], effects)).status).toBe(451);
    const gateway = createGateway({ read: async () => undefined, head: () => undefined, ...effects });
    const request = { headers: {}, signal: new AbortController().signal };
    for (const method of ['GET', 'HEAD'])
      expect(await gateway({ ...request, method, target: `/routing/v1/ipns/${NAME}` })).toMatchObject({
        status: 451,
      });
  });

  it('lets others answer first', async () => {
    const extra: GatewayEffects['extra'] = async ({ target }) =>
      target === '/.well-known/openvoicenews'
        ? { status: 200, headers: {}, body: Buffer.from('{}') }
        : undefined;
    const gateway = createGateway({ read: async () => undefined, head: () => undefined, extra });
    const request = { method: 'GET', headers: {}, signal: new AbortController().signal };
    expect((await gateway({ ...request, target: '/.well-known/openvoicenews' })).status).toBe(200);
    expect((await gateway({ ...request, target: '/.well-known/other' })).status).toBe(404);
    const elsewhere = { host: 'news-example.ipns.localhost' };
    const foreign = await gateway({ ...request, headers: elsewhere, target: '/.well-known/openvoicenews' });
    expect(foreign.status).toBe(501);
  });
});
