import { describe, expect, it } from 'vitest';
import { addressOf, siteAddress } from '../../src/ingest/site-address.ts';

const of = (settings: Record<string, string>) => siteAddress(new Map(Object.entries(settings)));

describe('where a site stood', () => {
  it.each([
    [{ base_url: 'https://a.example' }, 'https://a.example/', ''],
    [{ base_url: 'https://a.example/blog' }, 'https://a.example/blog/', '/blog'],
    [{ baseurl: 'https://a.example/b/c/' }, 'https://a.example/b/c/', '/b/c'],
    [{ url: 'https://a.example', baseurl: '' }, 'https://a.example/', ''],
    [{ url: 'https://a.example/', baseurl: '/blog' }, 'https://a.example/blog/', '/blog'],
    [{ url: 'https://a.example', baseurl: 'my blog/' }, 'https://a.example/my%20blog/', '/my%20blog'],
    [{ url: 'https://a.example', baseurl: '//b.example' }, 'https://a.example/b.example/', '/b.example'],
    [{ url: 'https://a.example', baseurl: '/../..' }, 'https://a.example/', ''],
    [{ baseurl: '/blog/' }, undefined, '/blog'],
    [{ url: '/x', base_url: 'x' }, undefined, ''],
    [{ url: 'https://' }, undefined, ''],
    [{ base_url: `https://a.example/${'/'.repeat(200_000)}x` }, undefined, ''],
    [{}, undefined, ''],
  ])('%j', (settings, base, root) => {
    expect(of(settings)).toEqual({ root, ...(base === undefined ? {} : { base }) });
  });

  it('is what somebody says', () => {
    expect(addressOf('https://a.example/blog?x#y')).toEqual({
      base: 'https://a.example/blog/',
      root: '/blog',
    });
  });
});
