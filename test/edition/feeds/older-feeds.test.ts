import { posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Entry } from '../../../src/edition/archive.ts';
import { FEED_LENGTH } from '../../../src/edition/feeds/feed.ts';
import { feedId } from '../../../src/edition/feeds/feed-id.ts';
import { Tree } from '../../../src/unixfs/tree.ts';
import { atomObjections, childrenOf, linksOf, textOf } from '../../helpers/atom-rules.ts';
import { jsonFeedObjections } from '../../helpers/json-feed-schema.ts';
import { bundled, PUBLICATION } from '../../helpers/paper.ts';
import { parseXml } from '../../helpers/xml.ts';
import { ENTRIES, editionOf, filesOf, MANY, OUTLETS } from '../support.ts';

const { url: _url, ...NOWHERE } = PUBLICATION;
const ALL = [...ENTRIES, ...MANY];

/** One document of a feed: the ids in it, and where it leads on to. */
interface Document {
  ids: string[];
  older: string | undefined;
}

const readers: [string, (text: string) => Document][] = [
  [
    'feed.json',
    (text) => {
      const { items, next_url } = JSON.parse(text);
      return { ids: items.map(({ id }: { id: string }) => id), older: next_url };
    },
  ],
  [
    'feed.atom',
    (text) => {
      const feed = parseXml(text);
      const older = linksOf(feed, 'prev-archive')[0]?.attributes['href'];
      return { ids: childrenOf(feed, 'entry').map((entry) => textOf(entry, 'id')), older };
    },
  ],
];

/** The ids of all documents from one on, in their order, each once; and how many documents there are. */
function follow(files: Map<string, string | undefined>, start: string, read: (text: string) => Document) {
  const ids: string[] = [];
  let path: string | undefined = start;
  let documents = 0;
  while (path !== undefined) {
    const { ids: found, older }: Document = read(files.get(path) ?? expect.fail(`there is no ${path}`));
    for (const id of found) if (!ids.includes(id)) ids.push(id);
    path = older === undefined ? undefined : posix.join(posix.dirname(path), older);
    documents += 1;
  }
  return { ids, documents };
}

const newestFirst = (entries: readonly Entry[]): string[] =>
  entries
    .toSorted((a, b) =>
      a.id.slice(0, 10) === b.id.slice(0, 10) ? (a.id < b.id ? -1 : 1) : a.id > b.id ? -1 : 1,
    )
    .map(({ id }) => feedId(PUBLICATION.id, id));

describe('the feeds of an edition', () => {
  it.each([...OUTLETS, { ...NOWHERE, tagline: '' }])('are all valid: %o', async (publication) => {
    const files = await filesOf(await editionOf(ALL, publication));
    const feeds = [...files].filter(([path]) => /(?:^|\/)feed(?:-\d\d)?\.(?:json|atom)$/.test(path));
    expect(feeds.length).toBeGreaterThan(60);
    for (const [path, text = ''] of feeds) {
      const objections = path.endsWith('.atom')
        ? atomObjections(text)
        : jsonFeedObjections(JSON.parse(text), publication.url !== undefined);
      expect(objections.map((said) => `${path}: ${said}`)).toEqual([]);
    }
  });

  it.each(readers)('lead from the newest to the oldest article: %s', async (name, read) => {
    const files = await filesOf(await editionOf(ALL, NOWHERE));
    const sameInstant = ALL.filter(({ datePublished }) => datePublished.length === 10);
    expect(sameInstant).toHaveLength(ALL.length - 1);
    const found = follow(files, name, read);
    expect(found.ids.toSorted()).toEqual(newestFirst(ALL).toSorted());
    expect(found.documents).toBeGreaterThan(2);
    const science = ALL.filter(({ categories }) => categories.some(({ slug }) => slug === 'science'));
    expect(follow(files, `categories/science/${name}`, read).ids.toSorted()).toEqual(
      newestFirst(science).toSorted(),
    );
  });

  it.each(readers)('hold the newest so many in their order: %s', async (name, read) => {
    const files = await filesOf(await editionOf(MANY, NOWHERE));
    expect(read(files.get(name) ?? '').ids).toEqual(newestFirst(MANY).slice(0, FEED_LENGTH));
    const few = await filesOf(await editionOf(MANY.slice(0, FEED_LENGTH), NOWHERE));
    expect(read(few.get(name) ?? '')).toEqual({
      ids: newestFirst(MANY.slice(0, FEED_LENGTH)),
      older: undefined,
    });
  });

  it('lead to files that are there', async () => {
    const files = await filesOf(await editionOf(ALL, NOWHERE));
    const there = (path: string) =>
      files.has(path) || files.has(posix.dirname(path)) || files.has(path.slice(0, -1));
    for (const [path, text = ''] of files) {
      const hrefs = path.endsWith('.atom')
        ? [...text.matchAll(/href="([^"]*)"/g)].map(([, href = '']) => href)
        : /\/?feed(?:-\d\d)?\.json$/.test(path)
          ? [...text.matchAll(/"(?:[a-z_]*url)":"([^"]*)"/g)].map(([, href = '']) => href)
          : [];
      for (const href of hrefs.filter((each) => !each.startsWith('ipfs:'))) {
        const target = posix.join(posix.dirname(path), href, href.endsWith('/') ? 'index.html' : '');
        expect(there(target), `${path} leads to ${href}`).toBe(true);
      }
    }
  });
});

describe('a day that comes between two others', () => {
  it('changes what the newer one leads to, and nothing older', async () => {
    const paper = await editionOf([bundled('2025/07/01/a'), bundled('2025/08/09/c')], NOWHERE);
    const before = await filesOf(paper);
    await paper.publish([bundled('2025/07/05/b')]);
    const after = await filesOf(paper);
    const changed = [...after].filter(([path, text]) => before.get(path) !== text).map(([path]) => path);
    const days = changed.filter((path) => /^articles\/.*feed\./.test(path));
    expect(days.sort()).toEqual(
      ['2025/07/05', '2025/08/09'].flatMap((day) =>
        ['atom', 'json'].map((form) => `articles/${day}/feed.${form}`),
      ),
    );
    expect(JSON.parse(after.get('articles/2025/08/09/feed.json') ?? '').next_url).toBe(
      '../../../2025/07/05/feed.json',
    );
  });
});

describe('the documents of a category', () => {
  const science = (id: string): Entry => bundled(id, { categories: [{ slug: 'science', name: 'Science' }] });
  const documentsOf = async (paper: Awaited<ReturnType<typeof editionOf>>) =>
    [...(await filesOf(paper)).keys()]
      .filter((path) => /^categories\/science\/.*feed.*json$/.test(path))
      .sort();

  it('hold ten days each, the last of a month eleven', async () => {
    const days = Array.from({ length: 31 }, (_, at) => String(at + 1).padStart(2, '0'));
    const files = await filesOf(
      await editionOf(
        days.map((day) => science(`2025/07/${day}/a`)),
        NOWHERE,
      ),
    );
    const held = ['01', '11', '21'].map((first) => {
      const { items } = JSON.parse(files.get(`categories/science/2025/07/feed-${first}.json`) ?? '');
      return items.map(({ url }: { url: string }) => url.slice(0, 2));
    });
    expect(held).toEqual(
      [days.slice(0, 10), days.slice(10, 20), days.slice(20)].map((part) => part.toReversed()),
    );
  });

  it('come, go, and lead on as their articles do', async () => {
    const paper = await editionOf([science('2025/07/09/a'), science('2025/09/30/c')], NOWHERE);
    await paper.publish([science('2025/07/21/b')]);
    const files = await filesOf(paper);
    const next = (name: string) =>
      JSON.parse(files.get(`categories/science/2025/${name}.json`) ?? '').next_url;
    expect([next('09/feed-21'), next('07/feed-21'), next('07/feed-01')]).toEqual([
      '../../2025/07/feed-21.json',
      '../../2025/07/feed-01.json',
      undefined,
    ]);
    await paper.publish([{ ...science('2025/07/21/b'), categories: [], revision: 2 }]);
    expect(await documentsOf(paper)).toEqual([
      'categories/science/2025/07/feed-01.json',
      'categories/science/2025/09/feed-21.json',
      'categories/science/feed.json',
    ]);
  });

  it('take the place of those of days that an older program made', async () => {
    const paper = await editionOf([science('2025/07/09/a')], NOWHERE);
    const tree = Tree.open(paper.root ?? expect.fail(), paper.blocks.read);
    const feed = await tree.get(['categories', 'science', 'feed.json']);
    for (const form of ['json', 'atom'])
      await tree.set(['categories', 'science', '2025', '07', '09', `feed.${form}`], feed ?? expect.fail());
    paper.root = await tree.write(paper.blocks.sink);
    expect(await documentsOf(paper)).toContain('categories/science/2025/07/09/feed.json');
    await paper.build([], true);
    expect(await documentsOf(paper)).toEqual([
      'categories/science/2025/07/feed-01.json',
      'categories/science/feed.json',
    ]);
  });
});
