import { beforeEach, describe, expect, it } from 'vitest';
import { CAR_TYPE } from '../../../src/node/gateway/car-request.ts';
import type { Elsewhere, RequestHeaders } from '../../../src/node/gateway/messages.ts';
import { encodeDirectory } from '../../../src/unixfs/directory.ts';
import { bytesOf, Site, textOf } from './site.ts';

const KEPT: Elsewhere = {
  name: '<i>Paper</i>',
  publication: 'bafkreipaper',
  mirrors: [
    'http://localhost:8080',
    'https://full.example/papers/?a="><script>',
    '/dns4/peer.example/tcp/4001',
    'https://',
  ],
  site: '/ipns/k51/',
};

describe('what is not held of an edition of which a part is kept', () => {
  let site: Site;
  let kept: Elsewhere | undefined;
  let edition: string;

  beforeEach(async () => {
    kept = KEPT;
    site = new Site({ elsewhere: (root) => (root.equals(site.head) ? kept : undefined) });
    const articles = await site.add({ 'two ä': { 'index.html': 'Two' } });
    const other = await site.add({ 'index.html': 'One' });
    const root = encodeDirectory([
      { name: 'articles', ...articles },
      { name: 'other', ...other },
    ]);
    site.blocks.put(root);
    site.blocks.delete(articles.cid);
    site.head = root.cid;
    edition = root.cid.toString();
  });

  const get = (target: string, headers: RequestHeaders = {}) =>
    site.get(target, { accept: 'text/html', ...headers });

  it('is said with links to the same thing, by name where it is the site, and nobody can write into the page', async () => {
    const response = await get('/articles/two%20%C3%A4/', { host: 'localhost:8080' });
    expect(response.status).toBe(404);
    expect(response.headers['cache-control']).toBe('no-store');
    const html = await textOf(response);
    expect(html).toContain('<h1>Not held here</h1>');
    expect(html).toContain('<bdi>&#60;i&#62;Paper&#60;/i&#62;</bdi>');
    expect(html.match(/<li>.*<\/li>/g)).toEqual([
      '<li><a href="https://full.example/papers/ipns/k51/articles/two%20%C3%A4/" rel="noreferrer">https://full.example/papers</a></li>',
      '<li>/dns4/peer.example/tcp/4001</li>',
      '<li>https://</li>',
    ]);
    const byCid = await textOf(await get(`/ipfs/${edition}/articles`));
    expect(byCid).toContain(`href="https://full.example/papers/ipfs/${edition}/articles"`);
    expect(byCid).toContain('http://localhost:8080');
  });

  it.each([
    ['?format=raw', {}],
    ['?format=car', {}],
    ['', { accept: CAR_TYPE }],
    ['', { accept: 'application/json' }],
  ])('is said to programs in JSON: %s %o', async (query, headers) => {
    const path = `/ipfs/${edition}/articles/two/`;
    const response = await get(`${path}${query}`, headers);
    expect(response.status).toBe(404);
    expect(response.headers).toMatchObject({
      'content-type': 'application/json',
      'access-control-allow-origin': '*',
      'cache-control': 'no-store',
    });
    expect(JSON.parse(Buffer.from(await bytesOf(response)).toString())).toEqual({
      error: 'not-held',
      message: 'not held here: this server keeps a part of <i>Paper</i>',
      publication: 'bafkreipaper',
      path,
      mirrors: KEPT.mirrors,
    });
  });

  it('is 412 for who would not wait, and nothing of it is remembered', async () => {
    expect((await get('/articles/', { 'cache-control': 'only-if-cached' })).status).toBe(412);
    kept = { ...KEPT, mirrors: [] };
    expect(await textOf(await get('/articles/'))).toContain('names no other place');
    kept = undefined;
    expect(await textOf(await get('/articles/'))).toMatch(/Not all of it is here: block bafy/);
  });

  it('is nothing that the edition does not have, and nothing of another root', async () => {
    expect(await textOf(await get('/nothing'))).toContain('nothing at this address');
    const strange = await textOf(
      await get('/ipfs/bafkreigtanqaiheebes3ig4rab2gwnkwxjkf7l7qp3yjislpail7wg4boi'),
    );
    expect(strange).not.toContain('Not held here');
    expect(site.defects).toEqual([]);
  });
});
