import { describe, expect, it } from 'vitest';
import { bundled, PUBLICATION } from '../../helpers/paper.ts';
import { parseXml } from '../../helpers/xml.ts';
import { ENTRIES, editionOf, filesOf, MANY } from '../support.ts';

const { url: _url, ...NOWHERE } = PUBLICATION;
const SITE = 'https://openvoice.example/';
const ALL = [...ENTRIES, ...MANY];

/** The addresses in a sitemap, and what it calls itself. */
function read(text: string | undefined) {
  const { name, children } = parseXml(text ?? expect.fail('there is none'));
  const namespace = 'http://www.sitemaps.org/schemas/sitemap/0.9';
  const local = (each: { name: string }) => each.name.replace(`{${namespace}}`, '');
  return {
    name: local({ name }),
    members: [...new Set(children.flatMap((child) => [local(child), ...child.children.map(local)]))],
    locations: children.map(({ children: [loc] }) => loc?.text ?? ''),
    times: children.map(({ children: [, lastmod] }) => lastmod?.text ?? ''),
  };
}

describe('the sitemaps of an edition', () => {
  it('name every article once, by month', async () => {
    const files = await filesOf(await editionOf(ALL));
    const index = read(files.get('sitemap.xml'));
    expect(index).toMatchObject({ name: 'sitemapindex', members: ['sitemap', 'loc'] });
    const months = index.locations.map((each) => {
      expect(each.startsWith(SITE)).toBe(true);
      return read(files.get(each.slice(SITE.length)));
    });
    expect(months[0]).toMatchObject({ name: 'urlset', members: ['url', 'loc', 'lastmod'] });
    expect(months.flatMap(({ locations }) => locations).sort()).toEqual(
      ALL.map(({ id }) => `${SITE}articles/${id}.html`).sort(),
    );
    for (const time of months.flatMap(({ times }) => times))
      expect(time).toMatch(/^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2}))?$/);
  });

  it('are not there where the outlet has no address, or there is no article', async () => {
    for (const paper of [await editionOf(ALL, NOWHERE), await editionOf([])]) {
      const files = await filesOf(paper);
      expect([...files.keys()].filter((path) => path.endsWith('sitemap.xml'))).toEqual([]);
    }
  });

  it('change in one month by an article more, and the index not at all', async () => {
    const paper = await editionOf(ALL);
    const before = await filesOf(paper);
    await paper.publish([bundled('2025/07/20/new')]);
    const changed = [...(await filesOf(paper))].filter(([path, text]) => before.get(path) !== text);
    expect(changed.map(([path]) => path).filter((path) => path.endsWith('sitemap.xml'))).toEqual([
      'articles/2025/07/sitemap.xml',
    ]);
  });
});
