import type { CID } from 'multiformats/cid';
import { beforeEach, describe, expect, it } from 'vitest';
import { rawCid } from '../../../src/unixfs/hash.ts';
import { type Folder, Site, textOf } from './site.ts';

const PAGES = { 'index.html': 'front', '404.html': 'not there', there: 'is there', old: { 'a.txt': 'a' } };

describe('the _redirects of a site', () => {
  let site: Site;
  beforeEach(() => {
    site = new Site();
  });

  /** The site of a folder on an origin of its own. */
  async function own(folder: Folder): Promise<{ host: string; cid: CID }> {
    const { cid } = await site.add(folder);
    return { host: `${cid}.ipfs.localhost`, cid };
  }

  it('lead where nothing lies, and nowhere else', async () => {
    const _redirects =
      '/there /elsewhere\n/new/* /old/:splat 200\n/caf\u00e9 /caf\u00e9s 302\n/gone /404.html 410\n/* /404.html 404';
    const { host } = await own({ ...PAGES, _redirects });
    expect(await textOf(await site.get('/there', { host }))).toBe('is there');
    expect(await textOf(await site.get('/new/a.txt', { host }))).toBe('a');
    expect(await site.get('/caf%C3%A9', { host })).toMatchObject({
      status: 302,
      headers: { location: '/caf%C3%A9s' },
    });
    for (const [path, status] of [
      ['/gone', 410],
      ['/lost', 404],
      ['/new/lost', 404],
    ] as const) {
      const response = await site.get(path, { host, range: 'bytes=0-1' });
      expect([path, response.status]).toEqual([path, status]);
      if (path !== '/new/lost') expect(await textOf(response)).toBe('not there');
    }
  });

  it('give pages that may be kept as long as all others', async () => {
    const { host } = await own({ ...PAGES, _redirects: '/* /404.html 404' });
    const response = await site.get('/lost', { host });
    const etag = `"${rawCid(Buffer.from('not there'))}"`;
    expect(response.headers).toMatchObject({ etag, 'cache-control': 'public, max-age=29030400, immutable' });
    // What is not there stays so, whatever a client knows already.
    expect((await site.get('/lost', { host, 'if-none-match': etag })).status).toBe(404);
    expect((await site.get('/there/?format=raw', { host })).status).toBe(200);
    expect((await site.get('/lost?format=raw', { host })).headers['etag']).toBeUndefined();
  });

  it('can make every address one page', async () => {
    const { host } = await own({ ...PAGES, _redirects: '/* / 200' });
    const response = await site.get('/anything/at/all', { host });
    expect(await textOf(response)).toBe('front');
    expect((await site.get('/anything', { host, 'if-none-match': response.headers['etag'] })).status).toBe(
      304,
    );
  });

  it('hold for the paper itself, and for no path that shares its origin', async () => {
    const folder = { ...PAGES, _redirects: '/moved /there 301' };
    const cid = await site.publish(folder);
    expect((await site.get('/moved')).headers['location']).toBe('/there');
    expect((await site.get(`/ipfs/${cid}/moved`)).status).toBe(404);
  });

  it.each([
    ['a forced rule', '/a /b 301!', 'could not parse _redirects: line 1'],
    [
      'a file that is too large',
      `#${'x'.repeat(64 * 1024)}`,
      'redirects file size cannot exceed 65536 bytes',
    ],
    ['a folder', { x: 'x' }, 'could not parse _redirects:'],
  ])('are told to be wrong: %s', async (_, _redirects, message) => {
    const { host } = await own({ ...PAGES, _redirects });
    expect((await site.get('/there', { host })).status).toBe(200);
    const response = await site.get('/lost', { host });
    expect(response.status).toBe(500);
    expect(await textOf(response)).toContain(message);
    expect(site.defects).toEqual([]);
  });

  it('may have the largest size', async () => {
    const _redirects = `/moved /there\n#${'x'.repeat(64 * 1024 - 15)}`;
    expect(_redirects).toHaveLength(64 * 1024);
    const { host } = await own({ ...PAGES, _redirects });
    expect((await site.get('/moved', { host })).status).toBe(301);
  });
});
