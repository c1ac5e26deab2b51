import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Entry } from '../../src/edition/archive.ts';
import { linkOf } from '../../src/edition/change.ts';
import { renderArticlePage } from '../../src/edition/pages/article-page.ts';
import { NEAREST, relatedTo } from '../../src/edition/related.ts';
import { significantWords } from '../../src/edition/significant-words.ts';
import { ArticleModel } from '../helpers/article-model.ts';
import { invalid } from '../helpers/html-validity.ts';
import { linksOf } from '../helpers/links.ts';
import { bundled, bundlePage, Paper, PUBLICATION } from '../helpers/paper.ts';
import { filesOf } from './support.ts';

const [science, world, sport] = ['science', 'world', 'sport'].map((slug) => ({
  slug,
  name: slug.toUpperCase(),
}));
const categories = (...listed: (typeof science)[]): Pick<Entry, 'categories'> => ({
  categories: listed.flatMap((each) => each ?? []),
});

const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');

const pageOf = async (entry: Entry, related: readonly Entry[] = []): Promise<string> =>
  textOf(renderArticlePage(PUBLICATION, entry, await bundlePage(entry), related));

const mainOf = (html: string): string =>
  /<article class="story">.*<\/article>/s.exec(html)?.[0] ?? expect.fail();

describe('the page of an article in the edition', () => {
  const entry = bundled('2025/07/07/dome', { revision: 2, ...categories(science, world) });

  it('shows what its bundle’s page shows, from beside it', async () => {
    const [own, bundles] = [await pageOf(entry), textOf(await bundlePage(entry))];
    const undone = own
      .replaceAll(/<a href="\.\.\/\.\.\/\.\.\/\.\.\/categories\/[a-z]+\.html">([A-Z]+)<\/a>/g, '$1')
      .replaceAll('="dome/', '="');
    expect(mainOf(undone)).toBe(mainOf(bundles));
    const inside = linksOf('articles/2025/07/07/dome.html', own).map(({ target }) => target);
    for (const file of ['article.json', 'changes.html', 'media/dome-4f56fd8d.png', 'index.html'])
      expect(inside).toContain(`articles/2025/07/07/dome/${file}`);
    expect(own).toContain('<a class="download" href="dome/?format=car" download>');
    expect(own).toContain('rel="license noopener noreferrer"');
  });

  it('says to machines what its bundle’s page says, as things are now', async () => {
    const data = (html: string) =>
      JSON.parse(/<script type="application\/ld\+json">(.*)<\/script>/.exec(html)?.[1] ?? '{}') as Record<
        string,
        unknown
      >;
    const { url: _, ...homeless } = PUBLICATION;
    const own = textOf(renderArticlePage(homeless, entry, await bundlePage(entry), []));
    const bundle = data(textOf(await bundlePage(entry)));
    const picture = {
      ...(bundle['image'] as object[] | undefined)?.[0],
      url: 'dome/media/dome-4f56fd8d.png',
    };
    expect(data(own)).toEqual({
      ...bundle,
      sameAs: `ipfs://${entry.cid}/`,
      ...(bundle['image'] === undefined ? {} : { image: [picture] }),
      articleSection: ['SCIENCE', 'WORLD'],
      publisher: data(own)['publisher'],
    });
    for (const absent of ['rel="canonical"', 'property="og:']) expect(own).not.toContain(absent);
    const outlet = { ...PUBLICATION, name: 'New </script>', url: 'https://new.example' };
    const html = textOf(renderArticlePage(outlet, entry, await bundlePage(entry), []));
    const address = 'https://new.example/articles/2025/07/07/dome.html';
    expect(html).toContain(`<link rel="canonical" href="${address}">`);
    expect(html).toContain(`<meta property="og:url" content="${address}">`);
    expect(html).toContain('<meta property="og:site_name" content="New &lt;/script&gt;">');
    expect(html).toContain('type="application/atom+xml" href="../../../../feed.atom"');
    expect(data(html)).toMatchObject({
      url: address,
      mainEntityOfPage: address,
      publisher: { name: 'New </script>', url: 'https://new.example/' },
    });
    expect(invalid(html)).toEqual([]);
  });

  it('says it is retracted wherever its headline goes', async () => {
    const html = await pageOf({ ...entry, status: 'retracted', inLanguage: 'de', headline: 'Falsch' });
    expect(html).toContain(`<title>Zurückgezogen: Falsch – ${PUBLICATION.name}</title>`);
    expect(html).toContain('<meta property="og:title" content="Zurückgezogen: Falsch">');
    expect(html).toContain('"headline":"Falsch"');
  });

  it('leaves text that looks like a reference as it is, and addresses elsewhere', async () => {
    const own = await pageOf(entry);
    expect(own).toContain('<code>&lt;img src=&quot;media/x.png&quot;&gt;</code>');
    const bundle = textOf(await bundlePage(entry)).replace(
      '<div class="body">\n',
      '<div class="body">\n<img src="media/a.png" srcset="media/a.png 1x, media/b.png 2x" alt=""><a href="https://x.example/, media/a">x</a>',
    );
    const html = textOf(renderArticlePage(PUBLICATION, entry, Buffer.from(bundle), []));
    expect(html).toContain(
      '<img src="dome/media/a.png" srcset="dome/media/a.png 1x, dome/media/b.png 2x" alt="">',
    );
    expect(html).toContain('<a href="https://x.example/, media/a">');
  });

  it('leads to the bundle by its CID, to the page of checks, to its categories and to related articles', async () => {
    const other = bundled('2024/01/01/index', { headline: 'A <b>', inLanguage: 'ar' });
    const html = await pageOf(entry, [other]);
    expect(html).toContain(`<a href="dome/"><code>${entry.cid}</code></a>`);
    expect(html).toContain('href="../../../../verify.html#what=2025/07/07/dome"');
    expect(html).toContain('<li><a href="../../../../categories/science.html">SCIENCE</a></li>');
    expect(html).toContain('<a href="../../../2024/01/01/index-.html" lang="ar" dir="auto">A &lt;b&gt;</a>');
    expect(invalid(html)).toEqual([]);
  });

  it('is in the language of the article, its navigation in that of the outlet', async () => {
    const arabic = bundled('2025/07/07/dome', { inLanguage: 'ar' });
    const html = await pageOf(arabic);
    expect(html).toContain('<html lang="ar" dir="rtl">');
    expect(html).toContain('<nav class="site" aria-label="Main navigation" lang="en" dir="ltr">');
    expect(invalid(html)).toEqual([]);
  });

  it('of a slug that a list has too lies beside it', async () => {
    const paper = new Paper();
    await paper.publish([bundled('2025/07/07/index')]);
    const files = await filesOf(paper);
    expect(files.get('articles/2025/07/07/index-.html')).toContain('<article class="story">');
    expect(files.get('articles/2025/07/07/index.html')).toContain('href="index-.html"');
  });

  it('is refused for what is no page of a bundle', () => {
    expect(() => renderArticlePage(PUBLICATION, entry, Buffer.from('<html></html>'), [])).toThrow(
      'none of ours',
    );
  });
});

describe('related articles', () => {
  const archiveOf = (...entries: Entry[]): ArticleModel => {
    const model = new ArticleModel();
    for (const entry of entries) model.add(entry);
    return model;
  };
  const ids = (entries: readonly Entry[]): string[] => entries.map(({ id }) => id.slice(11));

  it('share categories, then words, then are near; retracted ones and later ones are none', () => {
    const own = bundled('2025/07/07/own', {
      headline: 'Storm over the harbour',
      ...categories(science, world),
    });
    const archive = archiveOf(
      bundled('2025/01/01/far', { headline: 'x', ...categories(science) }),
      bundled('2025/01/02/both', { headline: 'x', ...categories(world, science) }),
      bundled('2025/01/03/words', { headline: 'The HARBOUR is closed', ...categories(science) }),
      bundled('2025/01/04/other', { headline: 'Storm over the harbour', ...categories(sport) }),
      bundled('2025/01/05/gone', {
        status: 'retracted',
        headline: own.headline,
        ...categories(science, world),
      }),
      bundled('2025/01/06/near', { headline: 'x', ...categories(world) }),
      own,
      bundled('2025/01/07/later', { headline: own.headline, ...categories(science, world) }),
    );
    expect(ids(relatedTo(own, archive))).toEqual(['both', 'words', 'near']);
  });

  it('are at most so many articles away in a category', () => {
    const entries = Array.from({ length: NEAREST + 1 }, (_, at) =>
      bundled(`2025/01/${String(at + 1).padStart(2, '0')}/a`, {
        headline: at < 2 ? 'Storm in the harbour' : 'x',
        ...categories(science),
      }),
    );
    const own = bundled('2025/07/07/own', { headline: 'Storm in the harbour', ...categories(science) });
    const [nearest] = relatedTo(own, archiveOf(...entries, own));
    expect(nearest?.id).toBe('2025/01/02/a');
  });

  it('are found by words of every script', () => {
    expect(significantWords('The Über-storm, and 2024: cafés “quoted”')).toEqual(
      new Set(['storm', '2024', 'cafés', 'quoted']),
    );
    expect(significantWords('望远镜首光')).toEqual(new Set(['望远', '远镜', '镜首', '首光']));
    expect(significantWords('الضوء الأول، تلسكوب')).toEqual(new Set(['الضوء', 'الأول', 'تلسكوب']));
  });
});

describe('an edition made step by step', () => {
  const COUNT = 2 * NEAREST + 4;
  const RENAMED = { ...PUBLICATION, name: 'Another', language: 'de' };
  const HEADLINES = ['storm harbour', 'storm', 'harbour ferry', 'ferry'];
  const step = fc.record({
    at: fc.nat(COUNT - 1),
    headline: fc.constantFrom(...HEADLINES),
    slugs: fc.subarray([0, 1], { minLength: 1 }),
    status: fc.constantFrom('published' as const, 'published' as const, 'retracted' as const),
  });

  /** The same articles in the same order, as they are now, make the same edition from nothing. */
  async function requireSame(paper: Paper): Promise<void> {
    const atOnce = new Paper(paper.publication, paper.archive as ArticleModel);
    const entries = paper.archive.newest(COUNT);
    await atOnce.build(entries.map((entry) => ({ entry, link: linkOf(entry) })));
    const [made, expected] = [await filesOf(paper), await filesOf(atOnce)];
    for (const [path, text] of expected) expect(made.get(path), path).toBe(text);
    const isOfAll = ({ name }: { name: string }): boolean => name !== 'manifests';
    expect(paper.trees?.entries.filter(isOfAll)).toEqual(atOnce.trees?.entries);
  }

  it('has the pages that one made from nothing has, whatever was changed, and under another name too', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.uniqueArray(step, { selector: ({ at }) => at, minLength: 1, maxLength: 4 }), {
          maxLength: 4,
        }),
        async (goes) => {
          const slowly = new Paper();
          const first = Array.from({ length: COUNT }, (_, at) =>
            bundled(`2025/0${1 + (at % 3)}/01/a${at}`, {
              headline: HEADLINES[at % 4] ?? '',
              ...categories(...(at % 5 === 0 ? [science, world] : at % 2 === 0 ? [science] : [world])),
            }),
          );
          await slowly.publish(first.slice(0, NEAREST));
          await slowly.publish(first.slice(NEAREST));
          for (const go of goes) {
            await slowly.publish(
              go.map(({ at, headline, slugs, status }) => {
                const id = first[at]?.id ?? '';
                const revision = slowly.archive.revisions(id).length + 1;
                const listed = slugs.map((slug) => [science, world][slug]);
                return bundled(id, { headline, status, revision, ...categories(...listed) });
              }),
            );
          }
          await requireSame(slowly);
          slowly.publication = RENAMED;
          await slowly.build([], true);
          await requireSame(slowly);
        },
      ),
      { numRuns: 12 },
    );
  });
});
