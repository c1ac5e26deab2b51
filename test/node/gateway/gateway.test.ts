import { Readable } from 'node:stream';
import { encode } from '@ipld/dag-cbor';
import fc from 'fast-check';
import { CID } from 'multiformats/cid';
import { create } from 'multiformats/hashes/digest';
import { sha256 } from 'multiformats/hashes/sha2';
import { beforeEach, describe, expect, it } from 'vitest';
import { readCar } from '../../../src/node/car.ts';
import { createGateway } from '../../../src/node/gateway/gateway.ts';
import { rawCid } from '../../../src/unixfs/hash.ts';
import { collect, concat, ovnStream } from '../../helpers/streams.ts';
import { bytesOf, carCids, Site, textOf } from './site.ts';

const PAPER = {
  'index.html': '<!DOCTYPE html><p>front',
  articles: { one: { 'index.html': '<p>one', 'drawing.svg': '<svg/>', 'notes.txt': '0123456789' } },
  log: { checkpoint: 'c', '<b>&"\'.json': '{}', 'javascript:alert(1)': '' },
};

const BROWSER = { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' };

describe('the gateway', () => {
  let site: Site;
  let root: CID;
  beforeEach(async () => {
    site = new Site();
    root = await site.publish(PAPER);
  });

  describe('shows the site of the head edition', () => {
    it('by the pages of its folders', async () => {
      const response = await site.get('/', BROWSER);
      expect(response).toMatchObject({
        status: 200,
        headers: {
          'content-type': 'text/html; charset=utf-8',
          'content-length': '23',
          'cache-control': 'no-cache',
          'x-content-type-options': 'nosniff',
          'x-ipfs-path': `/ipfs/${root}/`,
          'x-ipfs-roots': `${root}`,
          etag: `"${rawCid(Buffer.from(PAPER['index.html']))}"`,
        },
      });
      expect(await textOf(response)).toBe(PAPER['index.html']);
      expect(await textOf(await site.get('/articles/one/'))).toBe('<p>one');
    });

    it('as it is at each request', async () => {
      const { etag } = (await site.get('/')).headers;
      await site.publish({ ...PAPER, 'index.html': '<p>newer' });
      const response = await site.get('/', { 'if-none-match': etag });
      expect(await textOf(response)).toBe('<p>newer');
    });

    it('and says so when nothing is published', async () => {
      site.head = undefined;
      const response = await site.get('/', BROWSER);
      expect(response.status).toBe(404);
      expect(await textOf(response)).toContain('Nothing is published here yet');
    });

    it('with the CIDs of every step', async () => {
      const { headers } = await site.get('/articles/one/');
      const roots = headers['x-ipfs-roots']?.split(',') ?? [];
      expect(headers['x-ipfs-path']).toBe(`/ipfs/${root}/articles/one/`);
      expect(roots).toHaveLength(3);
      expect((await site.get(`/ipfs/${roots[2]}/`)).status).toBe(200);
    });
  });

  it('serves what is held below /ipfs for ever', async () => {
    const response = await site.get(`/ipfs/${root}/articles/one/notes.txt`);
    expect(response.headers['cache-control']).toBe('public, max-age=29030400, immutable');
    expect(response.headers['content-type']).toBe('text/plain; charset=utf-8');
    expect(await textOf(response)).toBe('0123456789');
  });

  describe('redirects', () => {
    it.each([
      ['/articles/one', '/articles/one/'],
      ['/articles/one?x=%22', '/articles/one/?x=%22'],
      ['/articles/one/notes.txt/', '/articles/one/notes.txt'],
    ])('%s to %s', async (target, location) => {
      const response = await site.get(target, BROWSER);
      expect(response).toMatchObject({ status: 301, headers: { location, 'content-length': '0' } });
      expect((await site.get(location)).status).not.toBe(301);
    });

    it('never to another host', async () => {
      const names = ['evil.example', '\\evil.example', '\t', '@evil', 'http:', 'a', 'é'];
      await site.publish(Object.fromEntries(names.map((name) => [name, { 'index.html': '' }])));
      const odd = fc.constantFrom(
        '/',
        '\\',
        '%5C',
        '%5c',
        '%09',
        '%2F',
        '%40',
        '@',
        '.',
        '?',
        ...names.slice(0, 1),
      );
      await fc.assert(
        fc.asyncProperty(fc.array(odd, { maxLength: 6 }), async (parts) => {
          const { status, headers } = await site.get(`/${parts.join('')}`);
          if (status !== 301) return;
          expect(new URL(headers['location'] ?? '', 'http://paper.example/').origin).toBe(
            'http://paper.example',
          );
        }),
      );
      expect((await site.get('/%5Cevil.example')).headers['location']).toBe('/%5Cevil.example/');
    });
  });

  it('lists a folder without a page, whatever its names are', async () => {
    const response = await site.get('/log/');
    const html = await textOf(response);
    expect(response.headers['content-security-policy']).toContain("default-src 'none'; style-src 'sha256-");
    expect(html).toContain(`<bdi><a href="/log/%3Cb%3E%26%22'.json">&#60;b&#62;&#38;&#34;'.json</a></bdi>`);
    expect(html).toContain('<a href="/log/javascript%3Aalert(1)">');
    expect(html).not.toContain('<b>');
  });

  describe('keeps what it serves from running', () => {
    it.each([
      '/articles/one/drawing.svg',
      '/articles/one/notes.txt',
      '/log/checkpoint',
      '/?format=car',
      '/?format=raw',
    ])('%s', async (target) => {
      const { headers } = await site.get(target);
      expect(headers['content-security-policy']).toMatch(/^default-src 'none';.*; sandbox$/);
      expect(headers['x-content-type-options']).toBe('nosniff');
    });

    it('pages too', async () => {
      const policy = (await site.get('/')).headers['content-security-policy'];
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toMatch(/script-src|unsafe/);
    });
  });

  describe('answers conditional requests', () => {
    it.each(['/', '/log/', '/articles/one/notes.txt', '/?format=raw', '/?format=car'])(
      '%s',
      async (target) => {
        const { status, headers } = await site.get(target);
        expect(status).toBe(200);
        const again = await site.get(target, { 'if-none-match': `"other", W/${headers['etag']}` });
        expect(again).toMatchObject({ status: 304, headers: { etag: headers['etag'] } });
        expect(again.body).toBeUndefined();
        expect((await site.get(target, { 'if-none-match': '"other"' })).status).toBe(200);
      },
    );

    it('with another tag for each format', async () => {
      const targets = ['/log/', '/log/?format=raw', '/log/?format=car'];
      const tags = await Promise.all(targets.map(async (target) => (await site.get(target)).headers['etag']));
      expect(new Set(tags).size).toBe(3);
    });
  });

  describe('gives CARs', () => {
    it.each([
      ['/articles/one/?format=car', {}, 'one.car'],
      ['/articles/one?format=car', {}, 'one.car'],
      ['/articles/one/', { accept: 'application/vnd.ipld.car' }, 'one.car'],
    ])('%s', async (target, headers, name) => {
      const response = await site.get(target, headers);
      expect(response.headers).toMatchObject({
        'content-type': 'application/vnd.ipld.car; version=1; order=dfs; dups=n',
        'content-disposition': `attachment; filename="${name}"`,
        vary: 'accept',
      });
      const items = await collect(readCar(Readable.from([await bytesOf(response)])));
      const folder = response.headers['x-ipfs-roots']?.split(',').at(-1) ?? '';
      expect(items[0]).toEqual({ roots: [CID.parse(folder)] });
      expect(items).toHaveLength(5);
    });

    it('with the blocks of the path where a root was asked for', async () => {
      const [first, second, third] =
        (await site.get(`/ipfs/${root}/articles/one/`)).headers['x-ipfs-roots']?.split(',') ?? [];
      const cids = await carCids(await site.get(`/ipfs/${root}/articles/one/?format=car`));
      expect(cids.slice(0, 3)).toEqual([first, second, third]);
      expect(cids).toHaveLength(6);
    });

    it('named for the CID where there is no other name, and in ASCII', async () => {
      expect((await site.get('/?format=car')).headers['content-disposition']).toContain(`"${root}.car"`);
      await site.publish({ 'é"': {} });
      expect((await site.get('/%C3%A9%22/?format=car')).headers['content-disposition']).toBe(
        `attachment; filename="__.car"; filename*=UTF-8''%C3%A9%22.car`,
      );
    });

    it('whole or not at all', async () => {
      site.blocks.delete(rawCid(Buffer.from('0123456789')));
      const response = await site.get('/articles/one/?format=car');
      expect(response.status).toBe(404);
      expect(response.headers['content-type']).toContain('text/html');
      expect(await textOf(response)).toContain('is not here');
    });

    it('and breaks off a long one where a block is missing', async () => {
      const big = concat(ovnStream(3 * 1024 * 1024));
      const { cid } = await site.add({ big, small: 'last' });
      site.blocks.delete(rawCid(Buffer.from('last')));
      const response = await site.get(`/ipfs/${cid}?format=car`);
      expect(response.status).toBe(200);
      expect(response.headers['content-length']).toBeUndefined();
      await expect(bytesOf(response)).rejects.toThrow('is not here');
    });
  });

  it('gives blocks', async () => {
    const response = await site.get('/articles/one/notes.txt?format=raw');
    const cid = rawCid(Buffer.from('0123456789'));
    expect(response.headers).toMatchObject({
      'content-type': 'application/vnd.ipld.raw',
      'content-disposition': `attachment; filename="${cid}.bin"`,
      'content-length': '10',
    });
    expect(await textOf(response)).toBe('0123456789');
    const block = await bytesOf(await site.get('/', { accept: 'application/vnd.ipld.raw' }));
    expect(block).toEqual(site.blocks.blocks.get(root.toString())?.bytes);
  });

  it.each([
    ['/log/checkpoint', 'application/vnd.ipld.raw', '/log/checkpoint?format=raw'],
    ['/log/?dag-scope=block', 'application/vnd.ipld.car', '/log/?dag-scope=block&format=car'],
    ['/log/checkpoint?format=raw', 'application/vnd.ipld.raw', undefined],
    ['/log/checkpoint', '*/*', undefined],
  ])('says for caches where %s as %s is found', async (target, accept, location) => {
    expect((await site.get(target, { accept })).headers['content-location']).toBe(location);
  });

  describe('gives files of many blocks', () => {
    const bytes = concat(ovnStream(5_000_000));
    let path: string;
    beforeEach(async () => {
      path = `/ipfs/${(await site.add({ 'big.bin': bytes })).cid}/big.bin`;
    });

    it('whole', async () => {
      const response = await site.get(path);
      expect(response.headers['content-length']).toBe('5000000');
      expect(Buffer.compare(await bytesOf(response), bytes)).toBe(0);
    });

    it('in ranges, and reads no more than these', async () => {
      site.blocks.reads = 0;
      const response = await site.get(path, { range: 'bytes=3000000-3000009' });
      expect(response).toMatchObject({
        status: 206,
        headers: { 'content-range': 'bytes 3000000-3000009/5000000', 'content-length': '10' },
      });
      expect(Buffer.compare(await bytesOf(response), bytes.subarray(3_000_000, 3_000_010))).toBe(0);
      expect(site.blocks.reads).toBe(3);
      expect(await site.get(path, { range: 'bytes=5000000-' })).toMatchObject({
        status: 416,
        headers: { 'content-range': 'bytes */5000000' },
      });
    });

    it('by HEAD without reading their bytes', async () => {
      site.blocks.reads = 0;
      const response = await site.get(path, {}, 'HEAD');
      expect(response).toMatchObject({ status: 200, headers: { 'content-length': '5000000' } });
      expect(response.body).toBeUndefined();
      expect(site.blocks.reads).toBe(2);
      expect((await site.get(`${path}?format=car`, {}, 'HEAD')).body).toBeUndefined();
      expect(site.blocks.reads).toBe(4);
    });

    it('and says at once when their first block is missing', async () => {
      site.blocks.delete(rawCid(bytes.subarray(0, 1024 * 1024)));
      expect((await site.get(path)).status).toBe(404);
    });
  });

  it('lets scripts of any origin read what is published, and put nothing', async () => {
    const cors = { 'access-control-allow-origin': '*', 'access-control-allow-methods': 'GET, HEAD, OPTIONS' };
    expect((await site.get(`/ipfs/${root}/`)).headers).toMatchObject(cors);
    expect(await site.get(`/ipfs/${root}/`, {}, 'OPTIONS')).toMatchObject({ status: 204, headers: cors });
    expect((await site.get('/')).headers['access-control-allow-origin']).toBeUndefined();
  });

  it('says that it does not hold what is wanted only from there', async () => {
    const missing = '/ipfs/bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi';
    const only = { 'cache-control': 'only-if-cached' };
    for (const method of ['GET', 'HEAD']) expect((await site.get(missing, only, method)).status).toBe(412);
    expect((await site.get(`/ipfs/${root}?format=raw`, only)).status).toBe(200);
  });

  describe('tells what a file is', () => {
    it.each([
      [
        'by what it is asked for as',
        '<p>',
        '?filename=a.txt',
        'text/plain; charset=utf-8',
        'inline; filename="a.txt"',
      ],
      [
        'to be saved',
        'x',
        '?filename=a.txt&download=true',
        'text/plain; charset=utf-8',
        'attachment; filename="a.txt"',
      ],
      ['by its front, where it has no name', '<!DOCTYPE html><p>', '', 'text/html; charset=utf-8', undefined],
      ['a text', 'words', '', 'text/plain; charset=utf-8', undefined],
      ['SVG as a text', '<svg onload="x()"/>', '', 'text/plain; charset=utf-8', undefined],
      ['a picture', Buffer.from('89504e470d0a1a0a00', 'hex'), '', 'image/png', undefined],
      ['nothing of anything else', Buffer.from([0, 1, 2]), '', 'application/octet-stream', undefined],
      ['nothing', '', '', 'text/plain; charset=utf-8', undefined],
    ])('%s', async (_, content, query, type, disposition) => {
      const { cid } = await site.add(content);
      const { headers } = await site.get(`/ipfs/${cid}${query}`);
      expect(headers['content-type']).toBe(type);
      expect(headers['content-disposition']).toBe(disposition);
    });
  });

  it('goes by the CID of a folder for its page, but at /', async () => {
    const folder = (await site.add(PAPER)).cid;
    expect((await site.get(`/ipfs/${folder}/`)).headers['etag']).toBe(`"${folder}"`);
    expect((await site.get(`/ipfs/${folder}/`, { 'if-none-match': `"${folder}"` })).status).toBe(304);
  });

  it('lists a folder below /ipfs with the way to it and the CIDs in it', async () => {
    const response = await site.get(`/ipfs/${root}/log/`);
    const html = await textOf(response);
    expect(response.headers['cache-control']).toBe('public, max-age=604800, stale-while-revalidate=2678400');
    expect(html).toContain(`/ipfs/<a href="/ipfs/${root}">${root}</a>/<a href="/ipfs/${root}/log">log</a>`);
    expect(html).toContain(`<a href="/ipfs/${root}/log/..">..</a>`);
    expect(html).toContain(`href="/ipfs/${rawCid(Buffer.from('c'))}?filename=checkpoint"`);
  });

  it('has no icon, and no error about it', async () => {
    const response = await site.get('/favicon.ico');
    expect(response.status).toBe(204);
    expect(response.headers['content-length']).toBeUndefined();
  });

  it('reads each block of a small page once', async () => {
    site.blocks.reads = 0;
    await bytesOf(await site.get('/articles/one/'));
    expect(site.blocks.reads).toBe(4);
  });

  describe('refuses', () => {
    it.each(['POST', 'PUT', 'DELETE', 'TRACE', 'get', ''])('the method %s', async (method) => {
      const response = await site.get('/', {}, method);
      expect(response).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD' } });
    });

    it.each([
      ['/ipfs', 400],
      ['/ipfs/', 400],
      ['/ipfs/nonsense', 400],
      ['/ipfs/bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzd', 400],
      ['/ipfs/../etc/passwd', 400],
      ['/%', 400],
      ['/?format=exe', 400],
      [`/${'a'.repeat(5000)}`, 400],
      ['/ipfs/bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi', 404],
      ['/ipfs/bafkreigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi?format=car', 404],
      ['/nothing', 404],
      ['/articles/one/notes.txt/further', 404],
      ['/constructor', 404],
      ['/__proto__/', 404],
    ])('%s with %i and a plain sentence', async (target, status) => {
      for (const method of ['GET', 'HEAD'])
        expect((await site.get(target, BROWSER, method)).status).toBe(status);
      const response = await site.get(target, BROWSER);
      expect(response.headers['cache-control']).toBe('no-store');
      const html = await textOf(response);
      expect(html).toMatch(/<p>[A-Z][^<]+\.<\/p>/);
      expect(html).not.toMatch(/\.[jt]s:\d|\n +at /);
      expect(site.defects).toEqual([]);
    });

    it('to show what is neither file nor folder, but gives it', async () => {
      const bytes = encode({ a: 1 });
      const cid = CID.createV1(0x71, create(0x12, (await sha256.digest(bytes)).digest));
      site.blocks.put({ cid, bytes });
      expect((await site.get(`/ipfs/${cid}`)).status).toBe(406);
      expect(await bytesOf(await site.get(`/ipfs/${cid}?format=raw`))).toEqual(bytes);
    });

    it('to tell clients about its own defects', async () => {
      const defects: unknown[] = [];
      const defect = new TypeError('secret.ts:1');
      const gateway = createGateway({
        read: () => Promise.reject(defect),
        head: () => root.toString(),
        onDefect: (error) => defects.push(error),
      });
      const request = { method: 'GET', target: '/', headers: {} };
      const response = await gateway({ ...request, signal: new AbortController().signal });
      expect(response.status).toBe(500);
      expect(await textOf(response)).not.toContain('secret');
      expect(defects).toEqual([defect]);
      await gateway({ ...request, signal: AbortSignal.abort() });
      expect(defects).toHaveLength(1);
    });
  });
});
