import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { PublishReport } from '../../src/workflows/publishing/report.ts';
import { temporaryFolder } from '../helpers/folder.ts';
import { Newsroom, NOW, source } from '../helpers/newsroom.ts';

const CID_V1 = /^bafy[a-z2-7]{55}$/;
const cid = expect.stringMatching(CID_V1);
const DAY_MS = 86_400_000;

/** What both editions of a pair list, whatever their sequence. */
const content = ({ articles, categories }: PublishReport) => ({
  articles: articles.map(({ id, cid: bundle }) => [id, bundle]),
  categories,
});

const NOBODY = { keptBundles: 0, namedBy: { pins: [], keys: [], remotes: [] } };

describe('the report', () => {
  it('says exactly what the issue names, of every article and category', async () => {
    const newsroom = await Newsroom.open();
    newsroom.write('articles/a.md', source({ title: 'First', categories: '[Science, World News]' }));
    newsroom.write('articles/b.md', source({ draft: 'true', title: 'Not yet' }));
    const report = await newsroom.publish();
    expect(report).toEqual({
      status: 'published',
      publication: expect.stringMatching(/^bafkrei[a-z2-7]{52}$/),
      sequence: 1,
      edition: cid,
      manifest: expect.stringMatching(/^bafkrei[a-z2-7]{52}$/),
      renewed: false,
      changes: {
        outlet: [],
        categories: [
          { ...NOBODY, slug: 'science', before: null, after: { name: 'Science', count: 1 } },
          { ...NOBODY, slug: 'world-news', before: null, after: { name: 'World News', count: 1 } },
        ],
        keptBundles: 0,
      },
      articles: [
        {
          id: '2026/01/05/a',
          source: 'articles/a.md',
          headline: 'First',
          cid,
          revision: 1,
          status: 'published',
        },
        {
          id: '2026/01/05/b',
          source: 'articles/b.md',
          headline: 'Not yet',
          cid: null,
          revision: 0,
          status: 'held',
        },
      ],
      categories: {
        science: { name: 'Science', cid, count: 1 },
        'world-news': { name: 'World News', cid, count: 1 },
      },
      missing: [],
      left: [],
      held: [{ source: 'articles/b.md', reason: 'draft', until: null }],
      clock: null,
      warnings: [],
    });
  });

  it('names what stays the same only where that is asked for', async () => {
    const newsroom = await Newsroom.open();
    newsroom.write('articles/a.md', source());
    await newsroom.publish();
    newsroom.write('articles/b.md', source());
    const { articles } = await newsroom.publish({ listUnchanged: false });
    expect(articles).toMatchObject([{ source: 'articles/b.md', status: 'published' }]);
    expect(await newsroom.publish({ listUnchanged: false })).toMatchObject({
      status: 'unchanged',
      articles: [],
    });
  });

  it('is as complete when nothing changed', async () => {
    const newsroom = await Newsroom.open();
    newsroom.write('articles/a.md', source({ categories: '[Science, World News]' }));
    newsroom.write('articles/b.md', source());
    const first = await newsroom.publish();
    const second = await newsroom.publish();
    const unchanged = first.articles.map((article) => ({ ...article, status: 'unchanged' }));
    expect({ ...second, categories: { ...second.categories } }).toEqual({
      ...first,
      status: 'unchanged',
      changes: { outlet: [], categories: [], keptBundles: 0 },
      articles: unchanged,
    });
    for (const { cid: link, name, count } of Object.values(second.categories)) {
      expect({ link, name, count }).toEqual({
        link: cid,
        name: expect.any(String),
        count: expect.any(Number),
      });
    }
    expect(Object.keys(second.categories.science ?? {}).sort()).toEqual(['cid', 'count', 'name']);
  });

  it('is complete for more articles than are looked up one by one', async () => {
    const newsroom = await Newsroom.open();
    for (let at = 0; at < 130; at++) newsroom.write(`articles/${at}-x.md`, source());
    const first = await newsroom.publish();
    const { articles } = await newsroom.publish();
    expect(articles).toEqual(first.articles.map((article) => ({ ...article, status: 'unchanged' })));
    expect(articles).toHaveLength(130);
  });
});

describe('editions', () => {
  it('can be without articles', async () => {
    const newsroom = await Newsroom.open();
    const empty = { status: 'published', sequence: 1, articles: [], categories: {} };
    expect(await newsroom.publish()).toMatchObject(empty);
    expect(await newsroom.publish()).toMatchObject({ ...empty, status: 'unchanged' });
    newsroom.write('articles/a.md', source());
    expect(await newsroom.publish()).toMatchObject({ status: 'published', sequence: 2 });
  });

  it('are issued anew when less than half of the manifest’s life is left', async () => {
    const newsroom = await Newsroom.open();
    newsroom.write('articles/a.md', source());
    const first = await newsroom.publish();
    const half = new Date(NOW.getTime() + 15 * DAY_MS);
    expect(await newsroom.publish({ now: half })).toMatchObject({ status: 'unchanged', sequence: 1 });
    const later = new Date(half.getTime() + 1000);
    const dry = await newsroom.publish({ now: later, dryRun: true });
    const refreshed = await newsroom.publish({ now: later });
    expect(refreshed).toMatchObject({
      status: 'refreshed',
      sequence: 2,
      articles: [{ status: 'unchanged' }],
    });
    expect(refreshed).toEqual(dry);
    expect(content(refreshed)).toEqual(content(first));
    expect(refreshed.edition).not.toBe(first.edition);
    expect(await newsroom.publish({ now: later })).toMatchObject({ status: 'unchanged', sequence: 2 });
  });

  it('keep every manifest and every revision before', async () => {
    const newsroom = await Newsroom.open();
    const manifests: string[] = [];
    for (const text of ['one', 'two', 'three']) {
      newsroom.write('articles/a.md', source({}, text));
      manifests.push((await newsroom.publish()).manifest);
    }
    await newsroom.use(({ repository }) => {
      expect(repository.manifests().map(({ manifest }) => manifest)).toEqual(manifests.toReversed());
      expect(repository.articles.history('2026/01/05/a').map(({ revision }) => revision)).toEqual([1, 2, 3]);
      expect(repository.events.list().map(({ kind, sequence }) => [kind, sequence])).toEqual([
        ['masthead', 1],
        ['publish', 1],
        ['edition', 1],
        ['update', 2],
        ['edition', 2],
        ['update', 3],
      ]);
    });
  });
});

describe('paths', () => {
  it('are all that is considered, where some are given', async () => {
    const newsroom = await Newsroom.open();
    newsroom.write('articles/a.md', source());
    newsroom.write('articles/b.md', source());
    newsroom.write('articles/deep/c.md', source());
    newsroom.write('articles/deep/bad.md', 'no front matter');
    const one = await newsroom.publish({ paths: ['articles/b.md', 'articles/b.md'] });
    expect(one.articles.map(({ source: path }) => path)).toEqual(['articles/b.md']);
    expect(one.categories.science?.count).toBe(1);
    rmSync(newsroom.path('articles/deep/bad.md'));
    const folder = await newsroom.publish({ paths: ['articles/deep'] });
    expect(folder.articles.map(({ source: path }) => path)).toEqual(['articles/deep/c.md']);
    expect(folder).toMatchObject({ missing: [], categories: { science: { count: 2 } } });
  });

  it('may lie outside of the repository, and are not missed when the own folder is published', async () => {
    const newsroom = await Newsroom.open();
    newsroom.write('articles/a.md', source());
    const path = join(temporaryFolder(), 'from-afar.md');
    writeFileSync(path, source());
    const report = await newsroom.publish({ paths: [path] });
    expect(report.articles).toMatchObject([
      { id: '2026/01/05/from-afar', source: path, status: 'published' },
    ]);
    const whole = await newsroom.publish();
    expect(whole).toMatchObject({ missing: [], categories: { science: { count: 2 } } });
    rmSync(path);
    expect((await newsroom.publish()).missing).toEqual([{ source: path, id: '2026/01/05/from-afar' }]);
  });

  it.each([
    ['articles/none.md', 'not-found'],
    ['ovn.json', 'usage'],
  ])('that are no sources are refused: %s', async (path, code) => {
    const newsroom = await Newsroom.open();
    await expect(newsroom.publish({ paths: [path] })).rejects.toMatchObject({ code });
  });
});
