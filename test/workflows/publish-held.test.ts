import { describe, expect, it } from 'vitest';
import { Newsroom, reported, source } from '../helpers/newsroom.ts';

const ID = '2026/01/05/a';

describe('an article that is held back', () => {
  it.each([
    [{ draft: 'true' }, 'draft'],
    [{ published: 'false' }, 'published: false'],
    [{ publishAt: '2025-01-01' }, 'publishAt: 2025-01-01'],
    [{ embargo: 'until the verdict' }, 'embargo: until the verdict'],
    [{ embargo: '2026-01-10T12:00:01Z' }, 'embargo: 2026-01-10T12:00:01Z'],
    [{ date: '2026-01-12' }, 'dated 2026-01-12'],
    [{ date: '2026-01-12T00:00:00+14:00' }, 'dated 2026-01-12'],
  ])('is reported and in no edition: %o', async (fields, reason) => {
    const newsroom = await Newsroom.open();
    newsroom.write('articles/a.md', source(fields));
    newsroom.write('articles/b.md', source());
    const report = await newsroom.publish();
    expect(reported(report, 'articles/a.md')).toMatchObject({ status: 'held', cid: null, revision: 0 });
    expect(report).toMatchObject({
      held: [{ source: 'articles/a.md', reason }],
      categories: { science: { count: 1 } },
    });
    expect(await newsroom.publish()).toMatchObject({ status: 'unchanged', held: [{ reason }], missing: [] });
  });

  it.each([
    { draft: 'false' },
    { published: 'true' },
    { date: '2026-01-11' },
    { date: '2026-01-11T23:00:00-12:00' },
    { embargo: '2025-01-01T00:00:00Z' },
    { publishAt: '2026-01-10T13:00:00+01:00' },
  ])('is not one that says %o', async (fields) => {
    const newsroom = await Newsroom.open();
    newsroom.write('articles/a.md', source(fields));
    const report = await newsroom.publish();
    expect(report).toMatchObject({ held: [], articles: [{ status: 'published' }] });
  });

  it('only because of its date is published when it is asked for, and then stays', async () => {
    const newsroom = await Newsroom.open();
    newsroom.write('articles/a.md', source({ date: '2031-05-06' }));
    newsroom.write('articles/b.md', source({ draft: 'true' }));
    const report = await newsroom.publish({ allowFuture: true });
    expect(report.articles).toMatchObject([{ id: '2031/05/06/a', status: 'published' }, { status: 'held' }]);
    expect(await newsroom.publish()).toMatchObject({
      status: 'unchanged',
      categories: { science: { count: 1 } },
    });
  });

  it('stays as it was published before', async () => {
    const newsroom = await Newsroom.open();
    newsroom.write('articles/a.md', source());
    const first = await newsroom.publish();
    newsroom.write('articles/a.md', source({ draft: 'true', title: 'Another headline' }));
    const second = await newsroom.publish();
    expect(second).toMatchObject({ status: 'unchanged', sequence: 1, missing: [] });
    expect(second.articles).toEqual([{ ...first.articles[0], headline: 'Another headline', status: 'held' }]);
    expect(await newsroom.read(second.edition, `articles/${ID}/index.html`)).toContain('A headline');
    newsroom.write('articles/a.md', source());
    expect((await newsroom.publish()).articles).toMatchObject([{ revision: 1, status: 'unchanged' }]);
  });

  it('stops nobody, whatever else is wrong with it', async () => {
    const newsroom = await Newsroom.open();
    newsroom.write('articles/a.md', '---\ndraft: true\ntitle: [a, b]\n---\n');
    newsroom.write('articles/b.md', source());
    const report = await newsroom.publish();
    expect(report).toMatchObject({ status: 'published', categories: { science: { count: 1 } } });
    expect(reported(report, 'articles/a.md')).toMatchObject({ id: null, headline: null, status: 'held' });
    expect(report.warnings.length).toBeGreaterThan(1);
    expect(new Set(report.warnings.map(({ severity, file }) => severity + file))).toEqual(
      new Set(['warningarticles/a.md']),
    );
  });

  it('that was moved is not said to be gone', async () => {
    const newsroom = await Newsroom.open();
    newsroom.write('articles/a.md', source());
    await newsroom.publish();
    newsroom.write('articles/drafts/a.md', source({ draft: 'true' }));
    newsroom.remove('articles/a.md');
    expect(await newsroom.publish()).toMatchObject({ missing: [], articles: [{ id: ID, status: 'held' }] });
  });
});
