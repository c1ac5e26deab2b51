import { describe, expect, it } from 'vitest';
import { canonicalize } from '../../../src/bundle/canonical-json.ts';
import type { Entry } from '../../../src/edition/archive.ts';
import type { Feed, FeedList } from '../../../src/edition/feeds/feed.ts';
import { feedId } from '../../../src/edition/feeds/feed-id.ts';
import { writeJsonFeed } from '../../../src/edition/feeds/json-feed.ts';
import type { Publication } from '../../../src/edition/publication.ts';
import { ArticleModel } from '../../helpers/article-model.ts';
import { notices } from '../../helpers/entries.ts';
import { jsonFeedObjections } from '../../helpers/json-feed-schema.ts';
import { bundled, PUBLICATION } from '../../helpers/paper.ts';

const { url: _url, ...NOWHERE } = PUBLICATION;
const SCIENCE = { slug: 'science', name: 'Science' };

function feedOf(
  entries: readonly Entry[],
  publication: Publication = PUBLICATION,
  more: Partial<Feed> & Pick<FeedList, 'category'> = {},
) {
  const { category, ...rest } = more;
  const list = { publication, archive: new ArticleModel(), ...(category === undefined ? {} : { category }) };
  const text = writeJsonFeed({ list, entries, ...rest });
  const feed = JSON.parse(text);
  expect(text).toBe(canonicalize(feed));
  return feed;
}

describe('writeJsonFeed', () => {
  it('says all of an entry', () => {
    const entry = bundled('2025/07/07/a', {
      description: 'What it <says>',
      datePublished: '2025-07-07T10:00+02:00',
      categories: [{ ...SCIENCE, topic: 'medtop:13000000' }],
      image: { path: 'media/dome-1a2b3c4d.jpg', type: 'image/jpeg', size: 5, alt: 'A dome.' },
    });
    const feed = feedOf([entry], PUBLICATION, { category: SCIENCE, older: '2025/07/01' });
    expect(feed).toEqual({
      version: 'https://jsonfeed.org/version/1.1',
      title: 'OpenVoiceNews: Science',
      description: PUBLICATION.tagline,
      language: 'en',
      home_page_url: 'https://openvoice.example/categories/science/',
      feed_url: 'https://openvoice.example/categories/science/feed.json',
      next_url: 'https://openvoice.example/categories/science/2025/07/feed-01.json',
      _ovn: { publication: PUBLICATION.id },
      items: [
        {
          id: feedId(PUBLICATION.id, '2025/07/07/a'),
          url: 'https://openvoice.example/categories/science/2025/07/07/a/',
          image: 'https://openvoice.example/categories/science/2025/07/07/a/media/dome-1a2b3c4d.jpg',
          title: 'Headline of 2025/07/07/a',
          content_text: 'What it <says>',
          date_published: '2025-07-07T10:00:00+02:00',
          date_modified: '2025-07-07T00:00:00Z',
          authors: [{ name: 'Ada Lovelace' }],
          tags: ['Science'],
          _ovn: { topics: ['medtop:13000000'] },
        },
      ],
    });
    expect(jsonFeedObjections(feed, true)).toEqual([]);
  });

  it('is relative where the outlet has no address, and names none of its own', () => {
    const entries = [bundled('2025/07/07/a')];
    const newest = feedOf(entries, NOWHERE, { older: '2025/07/06' });
    expect(newest).not.toHaveProperty('feed_url');
    expect(newest.next_url).toBe('articles/2025/07/06/feed.json');
    expect(newest.items[0].url).toBe('articles/2025/07/07/a.html');
    const older = feedOf(entries, NOWHERE, {
      category: SCIENCE,
      document: '2025/07/01',
      older: '2024/01/21',
    });
    expect(older.next_url).toBe('../../2024/01/feed-21.json');
    expect(older.items[0].url).toBe('07/a/');
    expect(older.home_page_url).toBe('./');
  });

  it('names the bundle where the page is another, and the revision where it is not the first', () => {
    const entry = bundled('2025/07/07/a', { revision: 2, notices: [], categories: [SCIENCE] });
    expect(feedOf([entry]).items[0]._ovn).toEqual({ cid: entry.cid, revision: 2 });
    expect(feedOf([entry], PUBLICATION, { category: SCIENCE }).items[0]._ovn).toEqual({ revision: 2 });
    const first = bundled('2025/07/07/a', { categories: [SCIENCE] });
    expect(feedOf([first], PUBLICATION, { category: SCIENCE }).items[0]).not.toHaveProperty('_ovn');
  });

  it('shows notices, and marks what is retracted', () => {
    const said = notices(1).map((notice) => ({
      ...notice,
      kind: 'retraction' as const,
      text: 'It was <b>.',
    }));
    const entry = bundled('2025/07/07/a', { status: 'retracted', notices: said, inLanguage: 'de' });
    const [item] = feedOf([entry]).items;
    expect(item.title).toBe('Zurückgezogen: Headline of 2025/07/07/a');
    expect(item.content_html).toContain('1. Januar 2026: It was &lt;b&gt;.</p>');
    expect(item).not.toHaveProperty('content_text');
    expect(item.language).toBe('de');
    expect(item._ovn.status).toBe('retracted');
    expect(item._ovn.corrections).toEqual([{ type: 'retraction', date: '2026-01-01', text: 'It was <b>.' }]);
    expect(jsonFeedObjections(feedOf([entry]), true)).toEqual([]);
  });

  it.each(['T10:00Z', 'T10:00+02:00', 'T10:00:00Z', 'T10:00:00.123456+05:45', 'T23:59-00:30'])(
    'writes moments as RFC 3339 wants them: %s',
    (time) => {
      const dates = { datePublished: `2025-07-07${time}`, dateModified: `2025-07-08${time}` };
      expect(jsonFeedObjections(feedOf([bundled('2025/07/07/a', dates)]), true)).toEqual([]);
    },
  );
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
