import { mkdirSync, renameSync, rmSync, symlinkSync, utimesSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { sameStat, statFile } from '../../src/repo/source-files.ts';
import { image } from '../helpers/images.ts';
import { Newsroom, settleDown, source } from '../helpers/newsroom.ts';

const WITH_IMAGE = source({ image: 'images/graphic.png', imageAlt: 'A graphic' });
const ID = '2026/01/05/a';

/** In s since 1970. */
const WHOLE_SECOND = 1_767_614_400;

/** A newsroom whose one article with an image is published and whose files' times are known. */
async function published(text = WITH_IMAGE): Promise<Newsroom> {
  const newsroom = await Newsroom.open();
  newsroom.write('articles/images/graphic.png', image('graphic.png'));
  newsroom.write('articles/a.md', text);
  await settleDown();
  await newsroom.publish();
  return newsroom;
}

/** Makes the index believe that a file still is as it was when it was published. */
async function hideChange(newsroom: Newsroom): Promise<void> {
  await newsroom.use(({ repository: { dir, sources } }) => {
    for (const path of sources.paths()) {
      const record = sources.get(path) ?? expect.fail(`${path} is not known`);
      const stat = (file: string) => statFile(`${dir}/${file}`) ?? expect.fail(`${file} is gone`);
      const media = record.media.map(({ path: file }) => ({ path: file, stat: stat(file) }));
      sources.put({ ...record, stat: stat(path), media });
    }
  });
}

describe('what has not changed', () => {
  it('is not read: neither the source nor its media', async () => {
    const newsroom = await published();
    newsroom.write('articles/a.md', 'no front matter: an error, if it were read');
    newsroom.write('articles/images/graphic.png', 'no image');
    await hideChange(newsroom);
    for (const paths of [[], ['articles/a.md']]) {
      const report = await newsroom.publish({ paths });
      expect(report).toMatchObject({ status: 'unchanged', articles: [{ status: 'unchanged' }] });
    }
  });

  it('makes no revision because it was touched, and is not read again the next time', async () => {
    const newsroom = await published();
    for (const path of ['articles/a.md', 'articles/images/graphic.png']) {
      utimesSync(newsroom.path(path), new Date(), new Date('2020-01-01T00:00:00.5Z'));
      await settleDown();
      const sources = () => newsroom.use(({ repository }) => repository.sources.get('articles/a.md'));
      const before = await sources();
      expect(await newsroom.publish({ dryRun: true })).toMatchObject({ status: 'unchanged' });
      expect(await sources()).toEqual(before);
      expect(await newsroom.publish()).toMatchObject({ status: 'unchanged' });
      expect(await sources()).not.toEqual(before);
      newsroom.write(path, 'neither article nor image');
      await hideChange(newsroom);
      expect(await newsroom.publish()).toMatchObject({ status: 'unchanged' });
      newsroom.write(path, path.endsWith('md') ? WITH_IMAGE : image('graphic.png'));
      await settleDown();
      await newsroom.publish();
    }
  });

  it('makes no revision because of its line ends or a byte order mark', async () => {
    const newsroom = await published();
    newsroom.write('articles/a.md', `\ufeff${WITH_IMAGE.replaceAll('\n', '\r\n')}`);
    expect(await newsroom.publish()).toMatchObject({ status: 'unchanged' });
  });

  it('makes no revision because ovn.json changed', async () => {
    const newsroom = await published();
    newsroom.configure({ tagline: 'Another one.', url: 'https://paper.example/' });
    const renewed = await newsroom.publish();
    expect(renewed).toMatchObject({ status: 'refreshed', renewed: true, articles: [{ revision: 1 }] });
    newsroom.write('articles/a.md', WITH_IMAGE);
    expect(await newsroom.publish()).toMatchObject({ status: 'unchanged', sequence: 2 });
  });
});

describe('a change', () => {
  it('of the source is a revision that names the one before', async () => {
    const newsroom = await published();
    const [first] = (await newsroom.publish()).articles;
    newsroom.write('articles/a.md', WITH_IMAGE.replace('Text', 'Test'));
    const second = await newsroom.publish();
    expect(second).toMatchObject({ status: 'published', sequence: 2 });
    expect(second.articles).toMatchObject([{ id: ID, revision: 2, status: 'revised' }]);
    const document = await newsroom.read(second.edition, `articles/${ID}/article.json`);
    expect(JSON.parse(document)).toMatchObject({ revision: 2, previous: first?.cid });
    const { edition } = second;
    expect(await newsroom.read(edition, `revisions/${ID}/1/article.json`)).not.toBe(document);
    expect(await newsroom.read(edition, `categories/science/revisions/${ID}/1/index.html`)).toContain('Text');
    newsroom.write('articles/a.md', WITH_IMAGE);
    const third = await newsroom.publish();
    expect(third.articles).toMatchObject([{ revision: 3, status: 'revised' }]);
    expect(third.articles[0]?.cid).not.toBe(first?.cid);
  });

  it('of a picture is a revision, though its source is the same', async () => {
    const newsroom = await published();
    newsroom.write('articles/images/graphic.png', image('moving.png'));
    const report = await newsroom.publish();
    expect(report.articles).toMatchObject([{ id: ID, revision: 2, status: 'revised' }]);
  });

  it('can be made at once after the publication: such a young file’s times are not trusted', async () => {
    const newsroom = await Newsroom.open();
    const trusted = () =>
      newsroom.use(({ repository: { sources } }) => {
        const [now, known] = [statFile(newsroom.path('articles/a.md')), sources.get('articles/a.md')?.stat];
        return now !== undefined && known !== undefined && sameStat(now, known);
      });
    for (let revision = 1; revision <= 5; revision++) {
      newsroom.write('articles/a.md', source({}, `Text of revision ${revision}`));
      // As a file system keeps it whose clock knows seconds only: the file is young for two of them.
      utimesSync(newsroom.path('articles/a.md'), WHOLE_SECOND, WHOLE_SECOND);
      expect((await newsroom.publish()).articles).toMatchObject([{ revision }]);
      expect(await trusted()).toBe(false);
    }
    utimesSync(newsroom.path('articles/a.md'), WHOLE_SECOND, WHOLE_SECOND + 0.25);
    await settleDown();
    expect(await newsroom.publish()).toMatchObject({ status: 'unchanged' });
    expect(await trusted()).toBe(true);
  });

  it('is a correction when there is a notice more than before', async () => {
    const newsroom = await Newsroom.open();
    const notice = '\n  - {date: 2026-01-06, text: It was wrong.}';
    newsroom.write('articles/a.md', source());
    await newsroom.publish();
    newsroom.write('articles/a.md', source({ corrections: notice }));
    await newsroom.publish();
    newsroom.write('articles/a.md', source({ corrections: notice }, 'Other text.'));
    await newsroom.publish();
    const events = await newsroom.use(({ repository }) => repository.events.list());
    expect(events.map(({ kind }) => kind)).toEqual([
      'masthead',
      'publish',
      'edition',
      'correction',
      'edition',
      'update',
    ]);
  });
});

describe('a source that was moved', () => {
  const both = (status: string, revision: number) => ({
    missing: [],
    articles: [{ id: ID, source: 'articles/new/a.md', status, revision }],
  });

  it.each([
    ['as it is', 'Text of the article.\n', 'unchanged', 1],
    ['and changed', 'Other text.\n', 'revised', 2],
  ])('%s is the same article, and its old place is forgotten', async (_, body, status, revision) => {
    const newsroom = await Newsroom.open();
    newsroom.write('articles/a.md', source());
    await newsroom.publish();
    newsroom.write('articles/new/a.md', source({}, body));
    rmSync(newsroom.path('articles/a.md'));
    const moved = await newsroom.publish();
    expect(moved).toMatchObject(both(status, revision));
    expect(await newsroom.publish()).toMatchObject({ status: 'unchanged', ...both('unchanged', revision) });
    await newsroom.use(({ repository }) => {
      expect(repository.articles.get(ID)?.source).toBe('articles/new/a.md');
      expect(repository.sources.paths()).toEqual(['articles/new/a.md']);
    });
    newsroom.write('articles/b.md', source({ slug: 'a' }));
    await settleDown();
    const named = { code: 'source', findings: [{ file: 'articles/b.md' }] };
    await expect(newsroom.publish()).rejects.toMatchObject(named);
    await expect(newsroom.publish({ paths: ['articles/b.md'] })).rejects.toMatchObject(named);
  });

  it('changes nothing in a dry run', async () => {
    const newsroom = await Newsroom.open();
    newsroom.write('articles/a.md', source());
    await newsroom.publish();
    renameSync(newsroom.path('articles/a.md'), newsroom.path('articles/2026-01-05-a.md'));
    await newsroom.publish({ dryRun: true });
    const known = await newsroom.use(({ repository }) => repository.sources.paths());
    expect(known).toEqual(['articles/a.md']);
  });
});

describe('a source outside of the folder of articles', () => {
  it('is published by its path once, and considered with the others from then on', async () => {
    const newsroom = await Newsroom.open();
    newsroom.write('press/b.md', source());
    newsroom.write('articles/a.md', source());
    const first = await newsroom.publish();
    expect(first.articles.map(({ id }) => id)).toEqual([ID]);
    await newsroom.publish({ paths: ['press/b.md'] });
    expect(await newsroom.publish()).toMatchObject({
      status: 'unchanged',
      articles: [{ id: ID }, { id: '2026/01/05/b', source: 'press/b.md' }],
      missing: [],
    });
    newsroom.write('press/b.md', source({}, 'Other text.\n'));
    const third = await newsroom.publish();
    expect(third.articles).toMatchObject([{ status: 'unchanged' }, { status: 'revised', revision: 2 }]);
    newsroom.write('press/b.md', 'no front matter');
    await expect(newsroom.publish()).rejects.toMatchObject({ findings: [{ file: 'press/b.md', line: 1 }] });
    rmSync(newsroom.path('press/b.md'));
    expect(await newsroom.publish()).toMatchObject({ missing: [{ source: 'press/b.md' }] });
  });
});

describe('a paper that symbolic links lead to', () => {
  it('has one name for each source', async () => {
    const newsroom = await Newsroom.open();
    newsroom.write('articles/a.md', source());
    symlinkSync(newsroom.dir, newsroom.path('.link'));
    const linked = new Newsroom(newsroom.path('.link'));
    const paths = [newsroom.path('articles/a.md')];
    expect((await linked.publish({ paths })).articles).toMatchObject([{ source: 'articles/a.md' }]);
    for (const each of [newsroom, linked]) {
      expect(await each.publish()).toMatchObject({ status: 'unchanged', articles: [{ id: ID }] });
      expect(await each.publish({ paths })).toMatchObject({ status: 'unchanged', articles: [{ id: ID }] });
    }
  });

  it('goes on where a source was noted under two names, as earlier versions did', async () => {
    const newsroom = await Newsroom.open();
    newsroom.write('articles/a.md', source());
    mkdirSync(newsroom.path('.other'));
    symlinkSync(newsroom.path('articles'), newsroom.path('.other/way'));
    const outside = newsroom.path('.other/way/a.md');
    await newsroom.publish({ paths: [outside] });
    expect(await newsroom.publish()).toMatchObject({
      articles: [{ source: 'articles/a.md', id: ID, revision: 1 }],
      missing: [],
    });
    expect(await newsroom.use(({ repository }) => repository.sources.paths())).toEqual(['articles/a.md']);
    newsroom.write('articles/a.md', source({}, 'Other text.\n'));
    expect((await newsroom.publish()).articles).toMatchObject([{ id: ID, revision: 2 }]);
  });
});

describe('a source that is gone', () => {
  it('is reported, and what was published stays as it was', async () => {
    const newsroom = await Newsroom.open();
    newsroom.write('articles/a.md', source());
    newsroom.write('articles/b.md', source());
    const first = await newsroom.publish();
    rmSync(newsroom.path('articles/a.md'));
    const second = await newsroom.publish();
    expect(second).toMatchObject({ status: 'unchanged', missing: [{ source: 'articles/a.md', id: ID }] });
    expect(second.edition).toBe(first.edition);
    newsroom.write('articles/b.md', source({}, 'Other text.'));
    const third = await newsroom.publish();
    expect(third).toMatchObject({ missing: [{ id: ID }], categories: { science: { count: 2 } } });
    newsroom.write('articles/a.md', source());
    expect(await newsroom.publish()).toMatchObject({ status: 'unchanged', missing: [] });
  });
});

describe('an article that leaves a category', () => {
  it('is reported, and an empty category goes', async () => {
    const newsroom = await Newsroom.open();
    newsroom.write('articles/b.md', source({ categories: '[Science]' }));
    const other = newsroom.copy();
    newsroom.write('articles/a.md', source({ categories: '[Science, World]' }));
    const first = await newsroom.publish();
    newsroom.write('articles/a.md', source({ categories: '[Culture]' }));
    const second = await newsroom.publish();
    expect(second.left).toEqual([
      { id: ID, category: 'science' },
      { id: ID, category: 'world' },
    ]);
    expect(second.categories).toMatchObject({ culture: { count: 1 }, science: { count: 1 } });
    expect(Object.keys(second.categories)).toEqual(['culture', 'science']);
    expect(await newsroom.publish()).toMatchObject({ status: 'unchanged', left: [] });
    expect(second.categories.science?.cid).not.toBe(first.categories.science?.cid);
    const alone = await other.publish();
    expect(second.categories.science).toEqual(alone.categories.science);
  });
});
