import { hash } from 'node:crypto';
import { posix } from 'node:path';
import { correction, generate } from 'lean-qr';
import { describe, expect, it } from 'vitest';
import type { Correction } from '../../src/article/document.ts';
import { CONTENT_SECURITY_POLICY } from '../../src/article/html.ts';
import { FEED_LENGTH } from '../../src/edition/feeds/feed.ts';
import { TOLD_LENGTH } from '../../src/edition/pages/category-page.ts';
import { FRONT_LENGTH } from '../../src/edition/pages/front-page.ts';
import { LIST_LENGTH } from '../../src/edition/pages/lists.ts';
import { shorten } from '../../src/edition/pages/notices.ts';
import { MONTH_LENGTH } from '../../src/edition/pages/periods.ts';
import { qrCode } from '../../src/edition/pages/qr-code.ts';
import type { Publication } from '../../src/edition/publication.ts';
import { elements } from '../article/support.ts';
import { notices } from '../helpers/entries.ts';
import { invalid } from '../helpers/html-validity.ts';
import { follow, linksOf } from '../helpers/links.ts';
import { ABOUT, bundled, Paper, PUBLICATION } from '../helpers/paper.ts';
import { busyMonth, ENTRIES, editionOf, filesOf, MANY, OUTLETS, writtenBy } from './support.ts';

/** One page of each kind. */
const KINDS = [
  'index.html',
  'articles/index.html',
  'articles/2025/index.html',
  'articles/2025/07/index.html',
  'articles/2025/07/07/index.html',
  'articles/2025/07/07/hostile.html',
  'articles/2025/07/07/arabic.html',
  'articles/2025/07/08/corrected.html',
  'articles/2025/07/08/retracted.html',
  'categories/defence-security/index.html',
  'categories/defence-security/2025/index.html',
  'categories/defence-security/2025/07/index.html',
  'categories/c-abcdefghij/2023/index.html',
  'categories/index.html',
  'categories/defence-security.html',
  'corrections/index.html',
  'corrections/2026.html',
  'about.html',
  'search.html',
  '404.html',
];

/** Whether a page shows one article. */
const isArticle = (path: string): boolean => /^articles\/(?:\d+\/){3}(?!index\.html)/.test(path);

const pagesOf = async (publication: Publication): Promise<[string, string][]> => {
  const files = await filesOf(await editionOf(ENTRIES, publication));
  // The page of checks is the same in every paper: test/verify-page.
  files.delete('verify.html');
  return [...files].flatMap(([path, text]) => (path.endsWith('.html') && text ? [[path, text]] : []));
};

describe.each(OUTLETS)('the pages of an outlet in $language, called $name', (publication) => {
  it('are valid, accessible and of every kind', async () => {
    const pages = await pagesOf(publication);
    expect(pages.map(([path]) => path)).toEqual(expect.arrayContaining(KINDS));
    for (const [path, html] of pages) expect(invalid(html).map((said) => `${path}:${said}`)).toEqual([]);
    expect(invalid((await filesOf(await editionOf([], publication))).get('index.html') ?? '')).toEqual([]);
  });

  it('hold no script that runs, and what others wrote only as text', async () => {
    for (const [path, html] of await pagesOf(publication)) {
      // The page of search has a script of its own: test/search-page.
      if (path === 'search.html') continue;
      expect(html).toContain(
        `<meta http-equiv="Content-Security-Policy" content="${CONTENT_SECURITY_POLICY}">`,
      );
      const scripts = elements(html).filter(({ tagName }) => tagName === 'script');
      expect(scripts.filter(({ attrs }) => attrs[0]?.value !== 'application/ld+json')).toEqual([]);
      const attributes = elements(html).flatMap(({ attrs }) => attrs);
      expect(
        attributes.filter(({ name }) => name.startsWith('on') || name === 'style' || name === 'srcset'),
      ).toEqual([]);
      const shown = attributes.filter(({ name }) => name === 'src').map(({ value }) => value);
      expect(shown.filter((value) => !/^(?:id\.svg|[a-z]+\/media\/dome-4f56fd8d\.png)$/.test(value))).toEqual(
        [],
      );
    }
  });

  it('are in its language, and entries in another say so', async () => {
    for (const [path, html] of await pagesOf(publication)) {
      if (isArticle(path)) continue;
      const [root] = elements(html).filter(({ tagName }) => tagName === 'html');
      expect(root?.attrs[0]).toEqual({ name: 'lang', value: publication.language });
      if (path !== 'articles/2025/07/07/index.html') continue;
      const lang = publication.language === 'ar' ? '' : ' lang="ar" dir="auto"';
      expect(html).toContain(`<h2${lang}><a href="arabic.html">الضوء الأول</a></h2>`);
    }
  });
});

describe('the links of an edition', () => {
  it('lead to something that is there, and to every page and article from the front page', async () => {
    const files = await filesOf(await editionOf([...ENTRIES, ...MANY]));
    const { reached, broken } = follow('index.html', files);
    expect(broken).toEqual([]);
    for (const { id } of [...ENTRIES, ...MANY]) expect([...reached]).toContain(`articles/${id}/index.html`);
    const isLinked = (path: string) => path !== '404.html';
    const pages = [...files.keys()].filter((path) => path.endsWith('.html') && isLinked(path));
    expect(pages.filter((path) => !reached.has(path))).toEqual([]);
    expect(follow('404.html', files).broken).toEqual([]);
  });

  it('of the edition lead to the navigation, and say where one is', async () => {
    const files = await filesOf(await editionOf(ENTRIES));
    const places = 'index.html categories/index.html articles/index.html corrections/index.html about.html';
    for (const path of KINDS.filter((kind) => !/^categories\/[^/]+\//.test(kind))) {
      const targets = linksOf(path, files.get(path) ?? '').map(({ target }) => target);
      expect(targets, path).toEqual(expect.arrayContaining(places.split(' ')));
    }
    for (const path of places.split(' '))
      expect(files.get(path)?.match(/<a href="[^"]*" aria-current="page">/g), path).toHaveLength(1);
  });

  it('of a category stay inside of it, and lead to all of its articles', async () => {
    const files = await filesOf(await editionOf([...ENTRIES, ...MANY]));
    const alone = [...files].flatMap(([path, text]): [string, string | undefined][] =>
      path.startsWith('categories/science/') ? [[path.slice('categories/science/'.length), text]] : [],
    );
    const { reached, broken } = follow('index.html', new Map(alone));
    expect(broken).toEqual([]);
    const inside = [...ENTRIES, ...MANY].filter(({ categories }) =>
      categories.some(({ slug }) => slug === 'science'),
    );
    for (const { id } of inside) expect([...reached]).toContain(`${id}/index.html`);
  });

  it('of the page for what is not there begin at the root of the host', async () => {
    const files = await filesOf(await editionOf(ENTRIES));
    const links = linksOf('404.html', files.get('404.html') ?? '');
    expect(links.filter(({ href }) => !href.startsWith('/'))).toEqual([]);
    expect(files.get('_redirects')).toBe('/* /404.html 404\n');
  });
});

describe('pages for categories', () => {
  it('have names of their own, whatever a category is called', async () => {
    const index = [{ slug: 'index', name: 'Index' }];
    const files = await filesOf(await editionOf([bundled('2025/07/07/index', { categories: index })]));
    expect(files.get('categories/index-.html')).toContain('<h1>Index</h1>');
    expect(files.get('categories/index.html')).toContain('<a href="index-.html"><bdi>Index</bdi></a>');
  });
});

describe('corrections', () => {
  const dated = (...dates: string[]): Correction[] =>
    dates.map((datePublished, at) => ({
      ...(notices(1)[0] ?? expect.fail()),
      datePublished,
      text: `No ${at}.`,
    }));

  it('are listed by year, newest first, and only pages of years that are touched are made anew', async () => {
    const paper = new Paper();
    await paper.publish([
      bundled('2025/07/07/a', { notices: dated('2025-07-08', '2026-01-01') }),
      bundled('2025/07/07/b', { notices: dated('2024-12-31T23:00:00-05:00') }),
    ]);
    const before = await filesOf(paper);
    expect(before.get('corrections/index.html')).toMatch(
      /No 1\..*No 0\..*2026\.html.*2025\.html.*2024\.html/s,
    );
    const { written } = await writtenBy(paper, [
      bundled('2025/07/07/a', { revision: 2, notices: dated('2026-01-01', '2026-02-02') }),
    ]);
    const after = await filesOf(paper);
    expect([...after.keys()].filter((path) => path.startsWith('corrections/'))).toEqual([
      'corrections/2024.html',
      'corrections/2026.html',
      'corrections/index.html',
    ]);
    expect(written).not.toContain(after.get('corrections/2024.html'));
    expect(written).toContain(after.get('corrections/2026.html'));
  });

  it('cost nothing where nothing was corrected', async () => {
    const paper = new Paper();
    await paper.publish([bundled('2025/07/07/a', { notices: dated('2025-07-08') })]);
    const { written } = await writtenBy(paper, [bundled('2025/07/08/b')]);
    expect(written.filter((text) => text.includes('<h1>Corrections'))).toEqual([]);
  });

  it('are shortened in lists to whole characters and words', () => {
    expect(shorten('one two three', 9)).toBe('one two…');
    expect(shorten('😀😀😀', 2)).toBe('😀😀…');
    expect(shorten('one', 3)).toBe('one');
  });
});

describe('the page about the publication', () => {
  it('says its id, its keys by role, its names and its mirrors', async () => {
    const about = (await filesOf(await editionOf([]))).get('about.html') ?? '';
    expect(about).toContain(`<code>${PUBLICATION.id}</code>`);
    expect(about).toContain(`ovn follow ${PUBLICATION.id}`);
    const { masthead, names } = ABOUT;
    for (const { keys } of Object.values(masthead.roles))
      for (const { id } of keys) expect(about).toContain(`<dd><code>${id}</code>`);
    expect(about).toContain('<dt>Sign editions <span class="meta">2 of 2 must sign</span></dt>');
    expect(about).toContain(`<code>/ipns/${names[0]}</code>`);
    expect(about).toContain('<a href="https://mirror.example/?a=&quot;1&quot;" rel="noopener noreferrer">');
    expect(about).toContain('<li><code>/dns4/mirror.example/tcp/4001</code></li>');
  });

  it('has the id as a QR code, black on white, the same wherever it is made', () => {
    const svg = qrCode(PUBLICATION.id);
    expect(svg).toBe(qrCode(PUBLICATION.id));
    expect(hash('sha256', svg)).toMatchInlineSnapshot(
      `"5535fac6f8bc63123274128bc8c238736a382e1637a4715aac1f4bca182c35bd"`,
    );
    const rows = generate(PUBLICATION.id, { minCorrectionLevel: correction.M });
    const dark = new Set<string>();
    for (const [, x, y, width] of svg.matchAll(/M(\d+) (\d+)h(\d+)v1/g))
      for (let at = 0; at < Number(width); at++) dark.add(`${Number(x) + at} ${y}`);
    for (let y = 0; y < rows.size; y++)
      for (let x = 0; x < rows.size; x++) expect(dark.has(`${x} ${y}`)).toBe(rows.get(x, y));
  });
});

describe('the front page', () => {
  it('stays small, and asks for nothing but its style, however much there is', async () => {
    const all = Array.from({ length: 24 }, (_, at) => ({
      slug: `category-${at}`,
      name: `Category number ${at}`,
    }));
    const words = 'Storm over the harbour keeps the ferry from the islands for a day';
    const entries = Array.from({ length: 240 }, (_, at) =>
      bundled(`2025/0${1 + (at % 9)}/01/${'storm-over-the-harbour-'.repeat(2)}${at}`, {
        headline: `${words} ${at}`,
        description: `${words}, and ${words.toLowerCase()}, says the harbour master.`,
        categories: [all[at % 24] ?? expect.fail(), all[(at + 7) % 24] ?? expect.fail()],
        notices: at % 10 === 0 ? [{ ...(notices(1)[0] ?? expect.fail()), text: words.repeat(20) }] : [],
      }),
    );
    const front = (await filesOf(await editionOf(entries))).get('index.html') ?? '';
    expect(Buffer.byteLength(front)).toBeLessThan(50_000);
    const asked = elements(front).flatMap(({ tagName, attrs }) =>
      tagName === 'img' || (tagName === 'link' && attrs.some(({ value }) => value === 'stylesheet'))
        ? [tagName]
        : [],
    );
    expect(asked).toEqual(['link']);
    expect(front.match(/<h3>/g)).toHaveLength(12);
    expect(front).toContain('<p class="more"><a href="categories/">Categories</a></p>');
  });
});

describe('lists', () => {
  it('hold the newest so many, newest first', async () => {
    const files = await filesOf(await editionOf([...ENTRIES, ...MANY]));
    for (const [path, length] of [
      ['index.html', FRONT_LENGTH],
      ['categories/science.html', LIST_LENGTH],
      ['categories/science/index.html', LIST_LENGTH],
    ] as const) {
      const [list, told = '', others = ''] =
        /<ol class="entries">(.*?)<\/ol>\n<ul class="headlines">(.*?)<\/ul>/s.exec(files.get(path) ?? '') ?? [
          '',
        ];
      expect((told.match(/<h2[^>]*><a /g) ?? []).length + (others.match(/<li><a /g) ?? []).length).toBe(
        length,
      );
      expect(told.match(/<h2[^>]*><a /g)).toHaveLength(path === 'index.html' ? 8 : TOLD_LENGTH);
      const dates = [...list.matchAll(/<time datetime="([^"]{10})/g)].map(([, date]) => date ?? '');
      expect(dates).toEqual(dates.toSorted().reverse());
      expect(dates[0]).toBe('2025-07-08');
    }
    for (const path of ['feed.json', 'categories/science/feed.json']) {
      expect(JSON.parse(files.get(path) ?? '').items).toHaveLength(FEED_LENGTH);
    }
  });

  it('of a month are headlines by day, or its days where there are many', async () => {
    const some = (await filesOf(await editionOf(busyMonth(MONTH_LENGTH)))).get('articles/2024/03/index.html');
    expect(some?.match(/<li><a href="\d\d\/b\d+\.html">/g)).toHaveLength(MONTH_LENGTH);
    const files = await filesOf(await editionOf(busyMonth(MONTH_LENGTH + 1)));
    const many = files.get('articles/2024/03/index.html');
    expect(many).toContain('<li><a href="20/">March 20, 2024</a> <span class="count">3</span></li>');
    expect(many).not.toContain('.html">Headline');
    expect(files.get('categories/science/2024/03/index.html')).toContain('<li><a href="20/b59/">');
  });

  it('lead up to the month, the year and the whole archive', async () => {
    const files = await filesOf(await editionOf(ENTRIES));
    expect(files.get('articles/2025/07/07/index.html')).toContain(
      '<p class="meta trail"><a href="../../../">Archive</a> › <a href="../../">2025</a> › <a href="../">July 2025</a></p>',
    );
    expect(files.get('articles/index.html')).not.toContain('trail');
  });

  it('say how many there are, and which were corrected', async () => {
    const files = await filesOf(await editionOf(ENTRIES));
    expect(files.get('articles/2025/index.html')).toContain(
      '<li><a href="07/">July 2025</a> <span class="count">4</span></li>',
    );
    const front = files.get('index.html') ?? '';
    expect(front).toContain(
      '<a href="categories/defence-security.html"><bdi>Defence &amp; &lt;Security&gt;</bdi></a> <span class="count">2</span>',
    );
    expect(front).toContain('As of <time datetime="2025-07-08">July 8, 2025</time>');
    expect(front.match(/class="corrected"/g)).toHaveLength(3);
    expect(files.get('articles/2025/07/index.html')).toContain(
      '<a href="08/retracted.html">Headline of 2025/07/08/retracted</a> <span class="corrected">Retracted</span></li>',
    );
    const clearer = [
      { ...notices(1)[0], kind: 'clarification' },
      { ...notices(1)[0], kind: 'update' },
    ];
    const unmarked = bundled('2025/07/08/clearer', { notices: clearer as Correction[] });
    expect((await filesOf(await editionOf([unmarked]))).get('index.html')).toContain(
      '<span class="corrected">Clarification</span>',
    );
  });

  it('offer the directory for download, and the outlet’s name leads to the top', async () => {
    for (const [path, html] of await pagesOf(PUBLICATION)) {
      if (path === '404.html') continue;
      const own = /^(?:categories|articles\/....\/..\/..)\/([^/]+)\.html$/.exec(path)?.[1];
      const folder = own === undefined || own === 'index' ? './' : `${own}/`;
      expect(html).toContain(`<a class="download" href="${folder}?format=car" download>Download IPFS</a>`);
      const [, home = ''] = /<p class="outlet"><a href="([^"]+)">/.exec(html) ?? [];
      const [first, slug] = path.split('/');
      const isInner = first === 'categories' && !slug?.endsWith('.html');
      const top = isInner ? `categories/${slug}` : '.';
      expect(posix.join(posix.dirname(path), home)).toBe(`${top}/`);
    }
  });
});
