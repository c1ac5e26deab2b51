import { describe, expect, it } from 'vitest';
import { Newsroom, source } from '../helpers/newsroom.ts';

describe('files', () => {
  it.each([
    ['A Long  Name (2).md', 'a-long-name-2'],
    ['2026-01-05-First Light.MD', 'first-light'],
    ['2026-01-05_under_score.markdown', 'under-score'],
    ['Übergrößen-Café.md', undefined],
    ['Café Crème.md', 'cafe-creme'],
    ['the-story/index.md', 'the-story'],
    ['2026-01-05-dated folder/index.md', 'dated-folder'],
    ['a,b;c\'d"e.md', 'a-b-c-d-e'],
    ['100%.md', '100'],
    ['constructor.md', 'constructor'],
    ['deep/er/and/deeper/x.md', 'x'],
    ['folder.md/y.md', 'y'],
    ['line\nbreak.md', 'line-break'],
    ['灯台.md', undefined],
  ])('named %j are published', async (name, slug) => {
    const newsroom = await Newsroom.open();
    newsroom.write(`articles/${name}`, source());
    if (slug === undefined) {
      const error = await newsroom.publish().catch((thrown) => thrown);
      const proposed = /write "slug: ([a-z0-9-]+)"/.exec(error.findings[0].message)?.[1];
      expect(proposed).toBeDefined();
      newsroom.write(`articles/${name}`, source({ slug: proposed ?? '' }));
    }
    const { articles } = await newsroom.publish();
    expect(articles).toMatchObject([{ source: `articles/${name}`, status: 'published' }]);
    if (slug !== undefined) expect(articles[0]?.id).toBe(`2026/01/05/${slug}`);
    expect(await newsroom.publish({ paths: [`articles/${name}`] })).toMatchObject({ status: 'unchanged' });
  });

  it('that are hidden, or no Markdown, are passed over', async () => {
    const newsroom = await Newsroom.open();
    for (const name of ['.hidden.md', '.git/x.md', 'notes.txt', 'x.md.bak', 'README', 'images/.keep']) {
      newsroom.write(`articles/${name}`, 'anything');
    }
    expect((await newsroom.publish()).articles).toEqual([]);
  });

  it('of an outlet may lie in a folder that ovn.json names', async () => {
    const newsroom = await Newsroom.open();
    newsroom.configure({ articles: 'content/posts' });
    newsroom.write('articles/a.md', source());
    newsroom.write('content/posts/b.md', source());
    const { articles } = await newsroom.publish();
    expect(articles).toMatchObject([{ source: 'content/posts/b.md' }]);
  });
});

describe('a text', () => {
  it.each(['', '\n', '---\n', '<!-- -->\n'])('may be empty: %j', async (body) => {
    const newsroom = await Newsroom.open();
    newsroom.write('articles/a.md', source({}, body));
    const report = await newsroom.publish();
    expect(report).toMatchObject({ status: 'published', articles: [{ status: 'published' }] });
    const { articleBody } = JSON.parse(
      await newsroom.read(report.edition, 'articles/2026/01/05/a/article.json'),
    );
    expect(articleBody).toBe(body);
  });
});
