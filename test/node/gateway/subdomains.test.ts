import type { CID } from 'multiformats/cid';
import { CID as Cid } from 'multiformats/cid';
import { create } from 'multiformats/hashes/digest';
import { beforeEach, describe, expect, it } from 'vitest';
import { Site, textOf } from './site.ts';

const TOO_LONG = `${Cid.createV1(0x55, create(0x13, new Uint8Array(64)))}`;

describe('hosts with subdomains', () => {
  let site: Site;
  let root: CID;
  beforeEach(async () => {
    site = new Site({ gatewayHosts: ['Paper.example'] });
    await site.publish({ 'index.html': 'own' });
    root = (await site.add({ 'a b': { 'index.html': 'inner' }, ipfs: { 'file.txt': 'in ipfs' } })).cid;
  });

  function get(host: string, target: string, headers: Record<string, string> = {}) {
    return site.get(target, { host, ...headers });
  }

  it.each([
    ['', '/'],
    ['/', '/'],
    ['/a%20b/?x=%22', '/a%20b/?x=%22'],
    ['/Espa%C3%B1a+=%252C', '/Espa%C3%B1a+=%252C'],
  ])('send pages away from the origin that all share: %j', async (path, tail) => {
    for (const host of ['localhost:8080', 'paper.example']) {
      const { status, headers } = await get(host, `/ipfs/${root}${path}`);
      expect(status).toBe(301);
      expect(headers['location']).toBe(`http://${root}.ipfs.${host}${tail}`);
    }
  });

  it('send CIDs of version 0 away in base 32, and to https behind a proxy that speaks it', async () => {
    const { headers } = await get('localhost', '/ipfs/QmbWqxBEKC3P8tqsKc98xmWNzrzDtRLMiMPL8wBuTGsMnR/x', {
      'x-forwarded-proto': 'https',
    });
    expect(headers['location']).toMatch(/^https:\/\/bafybei[a-z2-7]+\.ipfs\.localhost\/x$/);
  });

  it('send names away in base 36, and domains in one label', async () => {
    const name = '12D3KooWLQzUv2FHWGVPXTXSZpdHs7oHbXub2G5WC8Tx4NQhyd2d';
    expect((await get('localhost', `/ipns/${name}`)).headers['location']).toBe(
      'http://k51qzi5uqu5dk3v4rmjber23h16xnr23bsggmqqil9z2gduiis5se8dht36dam.ipns.localhost/',
    );
    const long = `${'a'.repeat(60)}.example`;
    expect((await get('localhost', `/ipns/${long}/`)).headers['location']).toBe(
      `http://${long}.ipns.localhost/`,
    );
    expect((await get('localhost', '/ipns/en.wikipedia-on-ipfs.org/wiki/')).headers['location']).toBe(
      'http://en-wikipedia--on--ipfs-org.ipns.localhost/wiki/',
    );
  });

  it('give programs blocks and CARs without sending them away', async () => {
    expect((await get('localhost', `/ipfs/${root}?format=raw`)).status).toBe(200);
    expect((await get('localhost', `/ipfs/${root}`, { accept: 'application/vnd.ipld.car' })).status).toBe(
      200,
    );
  });

  it('show the paper itself at /', async () => {
    expect(await textOf(await get('paper.example', '/'))).toBe('own');
  });

  it('give each publication an origin of its own', async () => {
    const host = `${root}.ipfs.localhost:8080`;
    const response = await get(host, '/a%20b/');
    expect(await textOf(response)).toBe('inner');
    expect(response.headers).toMatchObject({
      'x-ipfs-path': `/ipfs/${root}/a%20b/`,
      'cache-control': 'public, max-age=29030400, immutable',
    });
    expect(response.headers['content-security-policy']).not.toContain('sandbox');
    expect((await get(host, '/a%20b')).headers['location']).toBe('/a%20b/');
    expect(await textOf(await get(host, '/ipfs/file.txt'))).toBe('in ipfs');
    expect((await get(host, `/ipfs/${root}/`)).status).toBe(404);
    expect((await get(host, '/routing/v1/ipns/x')).status).toBe(404);
  });

  it('give a single file an origin of its own', async () => {
    const file = await site.add('hello');
    expect(await textOf(await get(`${file.cid}.ipfs.localhost`, '/'))).toBe('hello');
  });

  it('list a folder with addresses of its origin, and a way to the gateway', async () => {
    const html = await textOf(await get(`${root}.ipfs.localhost:1`, '/'));
    expect(html).toContain('<a href="/a%20b">a b</a>');
    expect(html).toContain(`/ipfs/<a href="//localhost:1/ipfs/${root}">${root}</a>`);
    expect(html).not.toContain('>..<');
    expect(await textOf(await get(`${root}.ipfs.localhost:1`, '/ipfs/'))).toContain(
      '<a href="/ipfs/..">..</a>',
    );
  });

  it('have one name for each publication', async () => {
    const upper = `${root}`.toUpperCase();
    expect((await get(`${upper}.ipfs.localhost`, '/')).status).toBe(200);
    const base36 = root.toString((await import('multiformats/bases/base36')).base36);
    expect(await get(`${base36}.ipfs.localhost`, '/x?y')).toMatchObject({
      status: 301,
      headers: { location: `http://${root}.ipfs.localhost/x?y` },
    });
  });

  it.each([
    ['localhost', `/ipfs/${TOO_LONG}/`],
    [`${TOO_LONG}.ipfs.localhost`, '/'],
  ])('refuse what is too long for a label (%#)', async (host, path) => {
    const response = await get(host, path);
    expect(response.status).toBe(400);
    expect(await textOf(response)).toContain('CID incompatible with DNS label length limit of 63');
  });

  it.each(['localhost', '127.0.0.1'])(
    'say what is wrong with an address before they send anybody away (%s)',
    async (host) => {
      const response = await get(host, '/ipfs/QmInvalidCID');
      expect(response.status).toBe(400);
      expect(await textOf(response)).toContain('invalid path "/ipfs/QmInvalidCID"');
    },
  );

  it.each([
    [
      '/ipfs/?uri=ipfs%3A%2F%2FQmXoy%2Fwiki%2FDiego%2520Maradona.html',
      '/ipfs/QmXoy/wiki/Diego%20Maradona.html',
    ],
    ['/ipns/?uri=ipns%3A%2F%2Fnews.example', '/ipns/news.example'],
    ['/ipfs?uri=ipfs://x/%C3%A9', '/ipfs/x/%C3%A9'],
  ])('lead from %s to %s', async (target, location) => {
    expect(await get('localhost', target)).toMatchObject({ status: 301, headers: { location } });
  });

  it('lead nowhere from another address', async () => {
    expect((await get('localhost', '/ipfs/?uri=https://evil.example')).status).toBe(400);
  });

  it('are chosen by a proxy, and nothing else is', async () => {
    const forwarded = (host: string) => ({ 'x-forwarded-host': host });
    const { headers } = await get('127.0.0.1:8080', `/ipfs/${root}`, forwarded('paper.example'));
    expect(headers['location']).toBe(`http://${root}.ipfs.paper.example/`);
    expect((await get('127.0.0.1:8080', `/ipfs/${root}/`, forwarded('evil.example'))).status).toBe(200);
  });

  it('are not chosen by who is not answered himself', async () => {
    const guarded = new Site({ gatewayHosts: ['paper.example'] }, { admits: (host) => host === '127.0.0.1' });
    await guarded.publish({ 'index.html': 'own' });
    const asked = (host: string, forwarded: string) =>
      guarded.get('/', { host, 'x-forwarded-host': forwarded });
    for (const forwarded of ['localhost', 'paper.example', '127.0.0.1'])
      expect((await asked('evil.example', forwarded)).status).toBe(403);
    expect((await asked('127.0.0.1', 'paper.example')).status).toBe(200);
    expect((await guarded.get('/', { host: 'paper.example' })).status).toBe(200);
  });
});
