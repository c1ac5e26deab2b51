import { describe, expect, it } from 'vitest';
import type { Entry } from '../../../src/edition/archive.ts';
import { writeAtomFeed } from '../../../src/edition/feeds/atom-feed.ts';
import type { Feed, FeedList } from '../../../src/edition/feeds/feed.ts';
import { feedId } from '../../../src/edition/feeds/feed-id.ts';
import { ArticleModel } from '../../helpers/article-model.ts';
import { atomObjections, childrenOf, linksOf, textOf } from '../../helpers/atom-rules.ts';
import { notices } from '../../helpers/entries.ts';
import { bundled, PUBLICATION } from '../../helpers/paper.ts';
import { parseXml } from '../../helpers/xml.ts';

const { url: _url, ...NOWHERE } = PUBLICATION;
const IMAGE = { path: 'media/dome-1a2b3c4d.jpg', type: 'image/jpeg', size: 5, alt: 'A "dome".' };

function feedOf(
  entries: readonly Entry[],
  { publication = PUBLICATION, category, ...more }: Partial<Feed> & Partial<FeedList> = {},
) {
  const list = { publication, archive: new ArticleModel(), ...(category === undefined ? {} : { category }) };
  const text = writeAtomFeed({ list, entries, ...more });
  expect(atomObjections(text)).toEqual([]);
  return parseXml(text);
}

describe('writeAtomFeed', () => {
  it('says all of an entry', () => {
    const entry = bundled('2025/07/07/a', {
      headline: 'A < B & "C"\f',
      description: 'It <says>',
      datePublished: '2025-07-07T10:00+02:00',
      inLanguage: 'ar',
      categories: [{ slug: 'science', name: 'Science & more', topic: 'medtop:13000000' }],
      image: IMAGE,
    });
    const feed = feedOf([entry]);
    const [item = expect.fail()] = childrenOf(feed, 'entry');
    expect(item.attributes).toEqual({ '{http://www.w3.org/XML/1998/namespace}lang': 'ar' });
    expect(textOf(item, 'id')).toBe(feedId(PUBLICATION.id, '2025/07/07/a'));
    expect(textOf(item, 'title')).toBe('A < B & "C"\ufffd');
    expect(textOf(item, 'published')).toBe('2025-07-07T10:00:00+02:00');
    expect(textOf(item, 'summary')).toBe('It <says>');
    expect(childrenOf(item, 'author').map((author) => textOf(author, 'name'))).toEqual(['Ada Lovelace']);
    expect(childrenOf(item, 'category').map(({ attributes }) => attributes)).toEqual([
      { term: 'science', label: 'Science & more' },
      { term: '13000000', scheme: 'http://cv.iptc.org/newscodes/mediatopic/' },
    ]);
    expect(linksOf(item, 'alternate').map(({ attributes }) => attributes['href'])).toEqual([
      'https://openvoice.example/articles/2025/07/07/a.html',
    ]);
    expect(linksOf(item, 'enclosure').map(({ attributes }) => attributes)).toEqual([
      {
        rel: 'enclosure',
        type: 'image/jpeg',
        length: '5',
        title: 'A "dome".',
        href: 'https://openvoice.example/articles/2025/07/07/a/media/dome-1a2b3c4d.jpg',
      },
    ]);
  });

  it('is one feed in several documents, of which the older ones are archives', () => {
    const newest = feedOf([bundled('2025/07/07/a')], { older: '2025/07/06' });
    const older = feedOf([bundled('2025/07/06/b')], { document: '2025/07/06', older: '2024/01/31' });
    expect(textOf(older, 'id')).toBe(textOf(newest, 'id'));
    const href = (feed: typeof newest, rel: string) => linksOf(feed, rel)[0]?.attributes['href'];
    const site = 'https://openvoice.example';
    expect(href(newest, 'self')).toBe(`${site}/feed.atom`);
    expect(href(newest, 'prev-archive')).toBe(`${site}/articles/2025/07/06/feed.atom`);
    expect(href(older, 'self')).toBe(`${site}/articles/2025/07/06/feed.atom`);
    expect(href(older, 'current')).toBe(`${site}/feed.atom`);
    expect(href(older, 'prev-archive')).toBe(`${site}/articles/2024/01/31/feed.atom`);
    expect(older.children.map(({ name }) => name)).toContain(
      '{http://purl.org/syndication/history/1.0}archive',
    );
  });

  it('is relative where the outlet has no address, and has no self then', () => {
    const category = { slug: 'science', name: 'Science' };
    const more = { publication: NOWHERE, category, document: '2025/07/01', older: '2025/06/21' };
    const feed = feedOf([bundled('2025/07/07/a', { image: IMAGE })], more);
    expect(childrenOf(feed, 'link').map(({ attributes: { rel, href } }) => [rel, href])).toEqual([
      ['alternate', './'],
      ['current', '../../feed.atom'],
      ['prev-archive', '../../2025/06/feed-21.atom'],
    ]);
    const [item = expect.fail()] = childrenOf(feed, 'entry');
    const addresses = childrenOf(item, 'link').map(({ attributes }) => attributes['href']);
    expect(addresses.slice(0, 2)).toEqual(['07/a/', '07/a/media/dome-1a2b3c4d.jpg']);
  });

  it('moves with corrections and not with what changes no text', () => {
    const of = (changes: Partial<Entry>) => feedOf([bundled('2025/07/07/a', changes)]);
    const [first, rerendered] = [of({}), of({ revision: 2, notices: [] })];
    const corrected = of({ revision: 3, notices: notices(1), dateModified: '2026-01-01' });
    expect(textOf(rerendered, 'updated')).toBe(textOf(first, 'updated'));
    expect(textOf(corrected, 'updated')).toBe('2026-01-01T00:00:00Z');
    const [item = expect.fail()] = childrenOf(corrected, 'entry');
    expect(textOf(item, 'updated')).toBe('2026-01-01T00:00:00Z');
    expect(textOf(item, 'content')).toBe(
      '<p><strong>Correction</strong> · January 1, 2026: Correction 1.</p>',
    );
    expect(childrenOf(item, 'category').at(-1)?.attributes).toEqual({
      term: 'correction',
      scheme: 'https://schema.org/CorrectionComment',
    });
  });

  it('keeps what is retracted, and marks it', () => {
    const retracted = bundled('2025/07/07/a', { status: 'retracted', notices: notices(1) });
    const [item = expect.fail()] = childrenOf(feedOf([retracted]), 'entry');
    expect(textOf(item, 'title')).toBe('Retracted: Headline of 2025/07/07/a');
    expect(textOf(item, 'content')).toContain('<strong>This article has been retracted.</strong>');
  });

  it('is valid without any article', () => {
    expect(textOf(feedOf([]), 'updated')).toBe('1970-01-01T00:00:00Z');
  });
});

describe('atomObjections', () => {
  const valid = writeAtomFeed({
    list: { publication: PUBLICATION, archive: new ArticleModel() },
    entries: [bundled('2025/07/07/a', { image: IMAGE }), bundled('2025/07/07/b', { authors: [] })],
    document: '2025/07/07',
  });
  it.each([
    [/<id>.*<\/id>\n/, '', 'id is there 0 times'],
    [/<updated>[^<]*/, '<updated>2025-07-07', '3.3'],
    ['/07/a.html"/>', '/07/a.html"/><link rel="alternate" href="x"/>', '4.1.1: alternates'],
    [' length="5"', '', 'an enclosure says its length'],
    ['<fh:archive/>', '', 'RFC 5005'],
    ['<updated>', '<pubDate/><updated>', 'pubDate is known'],
    ['/07/b.html"', '/07/b b.html"', '4.2.7.1'],
    [/<author><name>OpenVoiceNews.*\n/, '', '4.1.2: somebody'],
  ])('sees what is wrong: %s', (from, to, rule) => {
    const changed = valid.replace(from, to);
    expect(atomObjections(changed).join('\n')).toContain(rule);
    expect(atomObjections(valid)).toEqual([]);
  });

  it('refuses what is not well-formed', () => {
    expect(() => atomObjections(valid.replace('</feed>', ''))).toThrow(/unclosed tag/);
  });
});
