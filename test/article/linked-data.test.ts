import type { NewsArticle, WithContext } from 'schema-dts';
import { describe, expect, it } from 'vitest';
import type { ArticleDocument } from '../../src/article/document.ts';
import { newsArticle } from '../../src/article/linked-data.ts';
import { renderPage } from '../../src/article/page.ts';
import { articleMetadata, dataBlock } from '../../src/article/page-metadata.ts';
import { PAGES } from './pages.ts';
import { document, linkedDataIn } from './support.ts';

const FULL: ArticleDocument = {
  ...PAGES.everything,
  publication: { ...PAGES.everything.publication, url: 'https://paper.example' },
  categories: [{ slug: 'science', name: 'Science', topic: 'medtop:13000000' }],
  revision: 2,
};

describe('newsArticle', () => {
  // The type is the test: schema-dts has schema.org's vocabulary as types.
  const typed = (data: WithContext<NewsArticle>): Record<string, unknown> => ({ ...(data as object) });

  it('has all that Google recommends for articles', () => {
    const data = typed(newsArticle(FULL));
    for (const name of ['headline', 'image', 'datePublished', 'dateModified', 'author'])
      expect(data, name).toHaveProperty(name);
    for (const person of data['author'] as object[])
      expect(person).toEqual({ '@type': 'Person', name: expect.stringMatching(/./) });
    expect(Date.parse(String(data['datePublished']))).not.toBeNaN();
  });

  it('says what became of the article, and what it comes from', () => {
    const data = typed(newsArticle(PAGES.retracted));
    expect(data['creativeWorkStatus']).toBe('Retracted');
    expect(data['correction']).toEqual(
      (PAGES.retracted.correction ?? []).map(({ text, datePublished }) => ({
        '@type': 'CorrectionComment',
        text,
        datePublished,
      })),
    );
    expect(typed(newsArticle(FULL))).toMatchObject({
      version: 2,
      about: [{ '@id': 'http://cv.iptc.org/newscodes/mediatopic/13000000', termCode: '13000000' }],
      publisher: { '@type': 'NewsMediaOrganization', url: 'https://paper.example/' },
    });
  });

  it('is what the page has, and names the bundle where it may', () => {
    expect(linkedDataIn(renderPage(FULL))).toEqual(newsArticle(FULL));
    expect(newsArticle(FULL)).not.toHaveProperty('sameAs');
    const outside = newsArticle(FULL, { cid: 'bafy', files: 'first-light/' });
    expect(outside).toMatchObject({ sameAs: 'ipfs://bafy/' });
    expect(JSON.stringify(outside)).toContain('"url":"first-light/media/');
  });
});

describe('articleMetadata', () => {
  it('has absolute addresses only where the outlet has one', () => {
    const { url: _url, ...nowhere } = FULL.publication;
    const away = articleMetadata({ ...FULL, publication: nowhere });
    expect(away).toHaveLength(1);
    expect(away[0]).not.toContain('https://paper.example');
    const page = renderPage(FULL);
    const address = `https://paper.example/articles/${FULL.identifier}.html`;
    expect(page).toContain(`<link rel="canonical" href="${address}">`);
    expect(page).toContain(`<meta property="og:url" content="${address}">`);
    expect(page).toMatch(
      /<meta property="og:image" content="https:\/\/paper\.example\/articles\/.*\/media\//,
    );
    expect(renderPage({ ...FULL, publication: nowhere })).not.toMatch(/canonical|og:/);
  });

  it('lets nothing end its block', () => {
    const headline = '</script><!--<script>&amp;\u2028\u2029';
    const block = dataBlock(newsArticle(document({ headline })));
    expect(block.slice(1, -'</script>'.length)).not.toMatch(/[<&\u2028\u2029]/);
    expect(linkedDataIn(block)).toMatchObject({ headline });
  });
});
