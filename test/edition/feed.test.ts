import { describe, expect, it } from 'vitest';
import type { Entry } from '../../src/edition/archive.ts';
import { buildFeed, FEED_LENGTH, feedId } from '../../src/edition/feed.ts';
import type { Publication } from '../../src/edition/publication.ts';
import { bundled, PUBLICATION } from '../helpers/paper.ts';

/** RFC 3339, section 5.6. */
const RFC3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/;
const { url: _url, ...NOWHERE } = PUBLICATION;

function feedOf(entries: readonly Entry[], publication: Publication = PUBLICATION, folder = 'articles') {
  const bytes = buildFeed({ publication, title: 'A title', folder, entries });
  return JSON.parse(Buffer.from(bytes).toString('utf8'));
}

/** What the specification (JSON Feed 1.1) demands or forbids and a feed does not keep to. */
function objections(feed: Record<string, unknown>): string[] {
  const found: string[] = [];
  const demand = (kept: boolean, rule: string) => kept || found.push(rule);
  const isText = (value: unknown) => typeof value === 'string' && value !== '';
  const isAddress = (value: unknown) =>
    typeof value === 'string' && URL.canParse(value) && !value.slice(8).includes('//');
  const known = 'version title home_page_url feed_url description language authors items'.split(' ');
  const knownOfItems =
    'id url title content_text summary date_published date_modified authors tags language'.split(' ');
  const items = feed['items'] as Record<string, unknown>[];
  demand(feed['version'] === 'https://jsonfeed.org/version/1.1', 'version');
  demand(isText(feed['title']), 'title');
  for (const name of Object.keys(feed)) demand(known.includes(name) || name.startsWith('_'), name);
  if ('home_page_url' in feed) demand(isAddress(feed['home_page_url']), 'home_page_url');
  demand(new Set(items.map(({ id }) => id)).size === items.length, 'ids are unique');
  for (const item of items) {
    for (const name of Object.keys(item)) demand(knownOfItems.includes(name) || name.startsWith('_'), name);
    demand(isText(item['id']) && isText(item['content_text']), 'id and content_text');
    demand(isAddress(item['url']), `url ${item['url']}`);
    for (const name of ['date_published', 'date_modified'])
      demand(RFC3339.test(String(item[name])), `${name} ${item[name]}`);
    for (const author of (item['authors'] ?? []) as { name: string }[])
      demand(isText(author.name), 'authors');
    for (const tag of item['tags'] as string[]) demand(isText(tag), 'tags');
  }
  return found;
}

describe('buildFeed', () => {
  const entries = [
    bundled('2025/07/07/plain', { authors: [] }),
    bundled('2025/07/07/described', { description: 'What it <says>' }),
    ...['T10:00Z', 'T10:00+02:00', 'T10:00:00Z', 'T10:00:00.123456+05:45', 'T23:59-00:30'].map((time, at) =>
      bundled(`2025/07/07/time-${at}`, {
        datePublished: `2025-07-07${time}`,
        dateModified: `2025-07-08${time}`,
      }),
    ),
    bundled('2025/07/07/revised', { revision: 3, status: 'retracted', inLanguage: 'ar' }),
  ];

  it.each([
    PUBLICATION,
    NOWHERE,
    { ...PUBLICATION, url: 'https://paper.example/' },
    { ...PUBLICATION, tagline: '' },
  ])('keeps to the specification: %o', (publication) => {
    expect(objections(feedOf(entries, publication))).toEqual([]);
    expect(objections(feedOf(entries, publication, 'categories/science'))).toEqual([]);
    expect(objections(feedOf([], publication))).toEqual([]);
  });

  it('says all of an entry', () => {
    const entry = bundled('2025/07/07/a', {
      description: 'Summary',
      datePublished: '2025-07-07T10:00+02:00',
    });
    expect(feedOf([entry], PUBLICATION, 'categories/science')).toEqual({
      version: 'https://jsonfeed.org/version/1.1',
      title: 'A title',
      description: PUBLICATION.tagline,
      language: 'en',
      home_page_url: 'https://openvoice.example/categories/science/',
      _ovn: { publication: PUBLICATION.id },
      items: [
        {
          id: feedId(PUBLICATION.id, '2025/07/07/a'),
          url: 'https://openvoice.example/categories/science/2025/07/07/a/',
          title: 'Headline of 2025/07/07/a',
          content_text: 'Summary',
          summary: 'Summary',
          date_published: '2025-07-07T10:00:00+02:00',
          date_modified: '2025-07-07T00:00:00Z',
          authors: [{ name: 'Ada Lovelace' }],
          tags: ['Science'],
          language: 'en',
          _ovn: { id: '2025/07/07/a', cid: entry.cid, revision: 1, status: 'published' },
        },
      ],
    });
    expect(feedOf([entry], NOWHERE).items[0].url).toBe(`ipfs://${entry.cid}/`);
  });

  it('holds the newest so many', () => {
    const many = Array.from({ length: FEED_LENGTH + 1 }, (_, at) => bundled(`2025/07/07/a${at}`));
    expect(feedOf(many).items).toHaveLength(FEED_LENGTH);
  });
});

describe('feedId', () => {
  it('is a version 5 UUID that never changes', () => {
    const id = feedId(PUBLICATION.id, '2025/07/07/first-light');
    // Python: uuid.uuid5(uuid.NAMESPACE_URL, 'ovn:<publication>/2025/07/07/first-light')
    expect(id).toBe('urn:uuid:21c85a71-473f-59d6-ad9b-2a375de7d4b8');
    const items = [1, 2].map(
      (revision) => feedOf([bundled('2025/07/07/first-light', { revision })]).items[0],
    );
    expect(items.map((item) => item.id)).toEqual([id, id]);
    expect(feedId('other', '2025/07/07/first-light')).not.toBe(id);
  });
});
