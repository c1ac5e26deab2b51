import { posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CONTENT_SECURITY_POLICY } from '../../src/article/html.ts';
import { FEED_LENGTH } from '../../src/edition/feeds/feed.ts';
import { LIST_LENGTH } from '../../src/edition/pages/lists.ts';
import type { Publication } from '../../src/edition/publication.ts';
import { elements } from '../article/support.ts';
import { invalid } from '../helpers/html-validity.ts';
import { PUBLICATION } from '../helpers/paper.ts';
import { ENTRIES, editionOf, filesOf, MANY, OUTLETS } from './support.ts';

/** One page of each kind. */
const KINDS = [
  'index.html',
  'articles/index.html',
  'articles/2025/index.html',
  'articles/2025/07/index.html',
  'articles/2025/07/07/index.html',
  'categories/defence-security/index.html',
  'categories/defence-security/2025/index.html',
  'categories/defence-security/2025/07/index.html',
  'categories/c-abcdefghij/2023/index.html',
];

const pagesOf = async (publication: Publication): Promise<[string, string][]> => {
  const files = await filesOf(await editionOf(ENTRIES, publication));
  // The page of checks is the same in every paper: test/verify-page.
  files.delete('verify.html');
  return [...files].flatMap(([path, text]) => (path.endsWith('.html') && text ? [[path, text]] : []));
};

/** Where the links of a page lead, as the paths of files of the edition. */
function targetsOf(path: string, html: string): string[] {
  const attributes = elements(html).flatMap(({ attrs }) => attrs);
  const links = attributes.filter(
    ({ name, value }) => ['href', 'src'].includes(name) && value !== './?format=car',
  );
  return links.map(({ value }) => {
    const target = posix.join(posix.dirname(path), value);
    return value.endsWith('/') ? posix.join(target, 'index.html') : target;
  });
}

describe.each(OUTLETS)('the pages of an outlet in $language, called $name', (publication) => {
  it('are valid, accessible and of every kind', async () => {
    const pages = await pagesOf(publication);
    expect(pages.map(([path]) => path)).toEqual(expect.arrayContaining(KINDS));
    for (const [path, html] of pages) expect(invalid(html).map((said) => `${path}:${said}`)).toEqual([]);
    expect(invalid((await filesOf(await editionOf([], publication))).get('index.html') ?? '')).toEqual([]);
  });

  it('hold no script, and what others wrote only as text', async () => {
    for (const [, html] of await pagesOf(publication)) {
      expect(html).toContain(
        `<meta http-equiv="Content-Security-Policy" content="${CONTENT_SECURITY_POLICY}">`,
      );
      expect(elements(html).map(({ tagName }) => tagName)).not.toContain('script');
      const attributes = elements(html).flatMap(({ attrs }) => attrs.map(({ name }) => name));
      expect(
        attributes.filter((name) => name.startsWith('on') || name === 'style' || name === 'src'),
      ).toEqual([]);
    }
  });

  it('are in its language, and entries in another say so', async () => {
    for (const [path, html] of await pagesOf(publication)) {
      const [root] = elements(html).filter(({ tagName }) => tagName === 'html');
      expect(root?.attrs[0]).toEqual({ name: 'lang', value: publication.language });
      if (path !== 'articles/2025/07/07/index.html') continue;
      const lang = publication.language === 'ar' ? '' : ' lang="ar" dir="auto"';
      expect(html).toContain(`<h2${lang}><a href="arabic/">الضوء الأول</a></h2>`);
    }
  });
});

describe('the links of an edition', () => {
  it('lead to something that is there, and to every article from the front page', async () => {
    const files = await filesOf(await editionOf([...ENTRIES, ...MANY]));
    const there = (path: string) => files.has(path) || files.has(posix.dirname(path));
    const reached = new Set(['index.html']);
    for (const path of reached) {
      for (const target of path.endsWith('.html') ? targetsOf(path, files.get(path) ?? '') : []) {
        expect(there(target), `${path} leads to ${target}`).toBe(true);
        reached.add(target);
      }
    }
    for (const { id } of [...ENTRIES, ...MANY]) expect([...reached]).toContain(`articles/${id}/index.html`);
    const isOfADay = (path: string) => /^articles\/\d{4}\/\d\d\/\d\d\/index\.html$/.test(path);
    const pages = [...files.keys()].filter((path) => path.endsWith('.html') && !isOfADay(path));
    expect(pages.filter((path) => !reached.has(path))).toEqual([]);
  });

  it('of a category stay inside of it, and lead to all of its articles', async () => {
    const files = await filesOf(await editionOf([...ENTRIES, ...MANY]));
    const reached = new Set(['categories/science/index.html']);
    for (const path of reached) {
      if (!path.endsWith('.html')) continue;
      for (const target of targetsOf(path, files.get(path) ?? '')) reached.add(target);
    }
    expect([...reached].filter((path) => !path.startsWith('categories/science/'))).toEqual([]);
    const inside = [...ENTRIES, ...MANY].filter(({ categories }) =>
      categories.some(({ slug }) => slug === 'science'),
    );
    for (const { id } of inside) expect([...reached]).toContain(`categories/science/${id}/index.html`);
  });
});

describe('lists', () => {
  it('hold the newest so many, newest first', async () => {
    const files = await filesOf(await editionOf([...ENTRIES, ...MANY]));
    for (const path of ['index.html', 'categories/science/index.html']) {
      const html = files.get(path) ?? '';
      expect(html.match(/<h2[^>]*><a /g)).toHaveLength(LIST_LENGTH);
      const dates = [...html.matchAll(/<time datetime="([^"]{10})/g)].map(([, date]) => date ?? '');
      expect(dates).toEqual(dates.toSorted().reverse());
      expect(dates[0]).toBe('2025-07-08');
    }
    for (const path of ['feed.json', 'categories/science/feed.json']) {
      expect(JSON.parse(files.get(path) ?? '').items).toHaveLength(FEED_LENGTH);
    }
  });

  it('say how many there are, and which were corrected', async () => {
    const files = await filesOf(await editionOf(ENTRIES));
    expect(files.get('articles/2025/index.html')).toContain(
      '<li><a href="07/">July 2025</a> <span class="count">4</span></li>',
    );
    const front = files.get('index.html') ?? '';
    expect(front).toContain(
      '<a href="categories/defence-security/">Defence &amp; &lt;Security&gt;</a> <span class="count">2</span>',
    );
    expect(front.match(/class="corrected"/g)).toHaveLength(2);
  });

  it('offer the directory for download, and the outlet’s name leads to the top', async () => {
    for (const [path, html] of await pagesOf(PUBLICATION)) {
      expect(html).toContain('<a class="download" href="./?format=car" download>Download IPFS</a>');
      const [, home = ''] = /<p class="outlet"><a href="([^"]+)">/.exec(html) ?? [];
      const [first, slug] = path.split('/');
      const top = first === 'categories' ? `categories/${slug}` : '.';
      expect(posix.join(posix.dirname(path), home)).toBe(`${top}/`);
    }
  });
});
