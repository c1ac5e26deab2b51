import type { CID } from 'multiformats/cid';
import { beforeEach, describe, expect, it } from 'vitest';
import { OvnError } from '../../../src/errors.ts';
import { bytesOf, Site, textOf } from './site.ts';

const NAME = 'k51qzi5uqu5dk3v4rmjber23h16xnr23bsggmqqil9z2gduiis5se8dht36dam';
const PEER_ID = '12D3KooWLQzUv2FHWGVPXTXSZpdHs7oHbXub2G5WC8Tx4NQhyd2d';
const RECORD = Buffer.from('a record');

describe('names', () => {
  let site: Site;
  let root: CID;
  let asked: string[];
  beforeEach(async () => {
    asked = [];
    site = new Site({
      resolveName: async (path) => {
        asked.push(path);
        if (path === `/ipns/${NAME}`) return { path: `/ipfs/${root}/in`, ttl: 60.7 };
        if (path === '/ipns/news.example') return { path: `/ipfs/${root}`, ttl: 0 };
        if (path === '/ipns/no-dns.example')
          throw new OvnError('usage', 'no DNS is asked unless it is named');
        if (path === '/ipns/late.example') throw new DOMException('late', 'TimeoutError');
        throw new OvnError('not-found', `no record of ${path} is here`);
      },
      nameRecord: async (name) =>
        name === NAME
          ? { bytes: RECORD, ttl: 1800, validUntil: new Date(Date.now() + 86_400_000) }
          : undefined,
      lookUpSite: async (host) => {
        if (host === 'broken.example' || host.endsWith('.localhost'))
          throw new OvnError('io', 'the resolver does not answer');
        return host === 'mapped.example' ? `/ipfs/${root}/in/` : undefined;
      },
    });
    root = (await site.add({ in: { 'a.txt': 'a', list: { x: 'x' } }, 'b.txt': 'b' })).cid;
  });

  it('lead to what they stand for, for as long as their record says', async () => {
    const response = await site.get(`/ipns/${NAME}/a.txt`);
    expect(await textOf(response)).toBe('a');
    expect(response.headers).toMatchObject({
      'cache-control': 'public, max-age=60, stale-while-revalidate=2678400',
      'x-ipfs-path': `/ipns/${NAME}/a.txt`,
    });
    expect(response.headers['x-ipfs-roots']?.split(',')).toHaveLength(3);
    expect((await site.get(`/ipns/${NAME}/list/`)).headers['cache-control']).toContain('max-age=60,');
    expect((await site.get(`/ipns/${NAME}/list`)).headers['location']).toBe(`/ipns/${NAME}/list/`);
  });

  it('are asked for each time', async () => {
    for (let i = 0; i < 2; i++) await site.get(`/ipns/${NAME}/a.txt`);
    expect(asked).toEqual([`/ipns/${NAME}`, `/ipns/${NAME}`]);
  });

  it('have one form', async () => {
    expect(await site.get(`/ipns/${PEER_ID}/list/?x=1`)).toMatchObject({
      status: 302,
      headers: { location: `/ipns/${NAME}/list/?x=1` },
    });
    expect(await textOf(await site.get('/a.txt', { host: `${NAME}.ipns.localhost` }))).toBe('a');
  });

  it('of domains lead by DNSLink', async () => {
    const response = await site.get('/ipns/news.example/b.txt');
    expect(await textOf(response)).toBe('b');
    expect(response.headers['cache-control']).toBe('no-cache');
    for (const label of ['news-example', 'news.example'])
      expect(await textOf(await site.get('/b.txt', { host: `${label}.ipns.localhost` }))).toBe('b');
  });

  it('of hosts that are mapped are sites of their own', async () => {
    const host = 'mapped.example:80';
    const response = await site.get('/list/', { host });
    const html = await textOf(response);
    expect(response.headers['x-ipfs-path']).toBe('/ipns/mapped.example/list/');
    expect(response.headers['cache-control']).toBe('no-cache');
    expect(html).toContain(
      '/ipns/<a href="//mapped.example:80/">mapped.example</a>/<a href="//mapped.example:80/list">list</a>',
    );
    expect(html).toContain('href="https://cid.ipfs.tech/#');
    expect((await site.get(`/ipfs/${root}`, { host })).status).toBe(404);
    expect((await site.get(`/routing/v1/ipns/${NAME}`, { host })).status).toBe(404);
    expect(await textOf(await site.get('/a.txt', { host: 'mapped-example.ipns.localhost' }))).toBe('a');
  });

  it.each([
    ['/ipns/unknown.example/', 502],
    ['/ipns/no-dns.example/', 501],
    ['/ipns/late.example/', 504],
    ['/ipns/k2k4r8ol4m8kkcqz509c1rcjwunebj02gcnm5excpx842u736nja8ger', 502],
    ['/ipns/nonsense', 400],
    ['/ipns', 400],
    ['/ipns/news.example/missing', 404],
  ])('that lead nowhere are answered so: %s %i', async (target, status) => {
    const response = await site.get(target);
    expect(response.status).toBe(status);
    expect(response.headers['cache-control']).toBe('no-store');
    expect(site.defects).toEqual([]);
  });

  it('of hosts whose DNS does not answer are no defect of ours', async () => {
    expect((await site.get('/', { host: 'broken.example' })).status).toBe(502);
    expect((await site.get('/ipns/broken.example')).status).toBe(502);
    expect((await site.get(`/ipfs/${root}/b.txt`, { host: 'news.localhost' })).status).toBe(200);
    expect(site.defects).toEqual([]);
  });

  it('are not resolved without a way to do it', async () => {
    expect((await new Site().get(`/ipns/${NAME}`)).status).toBe(501);
  });

  describe('have records', () => {
    it.each([
      [`/ipns/${NAME}?format=ipns-record`, {}],
      [`/ipns/${NAME}`, { accept: 'application/vnd.ipfs.ipns-record' }],
      [`/routing/v1/ipns/${NAME}`, {}],
      [`/routing/v1/ipns/${PEER_ID}`, {}],
    ])('%s', async (target, headers) => {
      const response = await site.get(target, headers);
      expect(response.headers).toMatchObject({
        'content-type': 'application/vnd.ipfs.ipns-record',
        'content-disposition': `attachment; filename="${NAME}.ipns-record"`,
        'cache-control': 'public, max-age=1800',
      });
      expect(await bytesOf(response)).toEqual(RECORD);
      const again = { ...headers, 'if-none-match': response.headers['etag'] };
      expect((await site.get(target, again)).status).toBe(304);
      expect((await site.get(target, headers, 'HEAD')).body).toBeUndefined();
      expect(asked).toEqual([]);
    });

    it('by the file name that is asked for', async () => {
      const { headers } = await site.get(`/ipns/${NAME}?format=ipns-record&filename=test%D1%82.ipns-record`);
      expect(headers['content-disposition']).toBe(
        `attachment; filename="test_.ipns-record"; filename*=UTF-8''test%D1%82.ipns-record`,
      );
    });

    it.each([
      [`/ipns/${NAME}/list?format=ipns-record`, 400],
      ['/ipns/news.example?format=ipns-record', 400],
      ['/ipfs/bafkqaaa?format=ipns-record', 400],
      ['/routing/v1/ipns/nonsense', 400],
      ['/routing/v1/providers/x', 400],
      ['/routing/v1/ipns/k2k4r8ol4m8kkcqz509c1rcjwunebj02gcnm5excpx842u736nja8ger', 404],
    ])('but not %s: %i', async (target, status) => {
      expect((await site.get(target)).status).toBe(status);
    });
  });
});
