import { describe, expect, it } from 'vitest';
import type { Finding, OvnError } from '../../src/errors.ts';
import { image } from '../helpers/images.ts';
import { Newsroom, type PublishCall, source } from '../helpers/newsroom.ts';

/** What is wrong, as `file:line`, with the whole of the findings' text; nothing may have been written. */
async function refusal(newsroom: Newsroom, call?: PublishCall): Promise<{ at: string[]; text: string }> {
  const state = () =>
    newsroom.use(({ repository }) => [
      repository.head(),
      repository.blockstore.stats(),
      repository.sources.paths().map((path) => repository.sources.get(path)),
    ]);
  const before = await state();
  const error = await newsroom.publish(call).then(
    () => expect.fail('it published'),
    (thrown: OvnError) => thrown,
  );
  expect(error).toMatchObject({ code: 'source', hint: expect.any(String) });
  expect(await state()).toEqual(before);
  const errors = error.findings.filter(({ severity }: Finding) => severity === 'error');
  return {
    at: errors.map(({ file, line }: Finding) => `${file.replace('articles/', '')}:${line}`),
    text: errors.map(({ message }: Finding) => message).join('\n'),
  };
}

describe('bad sources', () => {
  it('stop everything, and every one of them is named with every line', async () => {
    const newsroom = await Newsroom.open();
    newsroom.write('articles/good.md', source());
    newsroom.write('articles/a.md', 'no front matter');
    newsroom.write('articles/b.md', '---\ntitle: B\ndate: yesterday\n---\n');
    newsroom.write('articles/c.md', source({ image: 'none.png', imageAlt: 'x' }, '![](images/none.png)\n'));
    newsroom.write('articles/d.md', Buffer.concat([Buffer.from(source()), Buffer.of(0x41, 0xff)]));
    newsroom.write('articles/deep/e.md', source({}, 'x'.repeat(1024 * 1024)));
    newsroom.write('articles/f.md', '---\ntitle: &anchor F\n---\n');
    const { at, text } = await refusal(newsroom);
    expect(new Set(at)).toEqual(
      new Set([
        'a.md:1',
        'b.md:1',
        'b.md:3',
        'c.md:5',
        'c.md:8',
        'd.md:7',
        'deep/e.md:1',
        'f.md:1',
        'f.md:2',
      ]),
    );
    expect(text).not.toContain('articles/d.md');
  });

  it.each([
    ['none.png', /there is no file/],
    ['images', /is not a file/],
    ['a.md', /image/],
    ['a.md/x.png', /there is no file/],
    [`${'x'.repeat(300)}.png`, /there is no file/],
    ['a%20b.png', /there is no file articles\/a b\.png/],
    ['big.png', /\d+ bytes/],
  ])('can be so by their pictures: %s', async (path, message) => {
    const newsroom = await Newsroom.open();
    newsroom.write('articles/images/graphic.png', image('graphic.png'));
    newsroom.write('articles/big.png', new Uint8Array(64 * 1024 * 1024));
    newsroom.write('articles/a.md', source({}, `\n![A picture](${path})\n`));
    const { at, text } = await refusal(newsroom);
    expect(at).toEqual(['a.md:7']);
    expect(text).toMatch(message);
  });

  it('are at most 1 MiB', async () => {
    const newsroom = await Newsroom.open();
    const head = source({}, '');
    const text = head + '<"\\\n'.repeat(300_000).slice(0, 1024 * 1024 - head.length);
    newsroom.write('articles/a.md', text);
    const { edition } = await newsroom.publish();
    const { articleBody } = JSON.parse(await newsroom.read(edition, 'articles/2026/01/05/a/article.json'));
    expect(head + articleBody).toBe(text);
    newsroom.write('articles/a.md', `${text}x`);
    expect((await refusal(newsroom)).text).toMatch(/1048577 bytes/);
  });
});

describe('two articles with one id', () => {
  it('are named both', async () => {
    const newsroom = await Newsroom.open();
    newsroom.write('articles/a.md', source());
    newsroom.write('articles/b/2026-01-05-A.markdown', source());
    const { at, text } = await refusal(newsroom);
    expect(at).toEqual(['b/2026-01-05-A.markdown:3']);
    expect(text).toContain(
      'articles/b/2026-01-05-A.markdown and articles/a.md are both the article 2026/01/05/a',
    );
  });

  it.each([[[]], [['articles/new.md']]])(
    'are named also when one is published already (paths: %o)',
    async (paths) => {
      const newsroom = await Newsroom.open();
      newsroom.write('articles/old.md', source({ slug: 'a' }));
      await newsroom.publish();
      newsroom.write('articles/new.md', source({ slug: 'a' }));
      const { at, text } = await refusal(newsroom, { paths });
      expect(at).toEqual(['new.md:3']);
      expect(text).toMatch(/articles\/new\.md and articles\/old\.md/);
    },
  );
});

describe('an id', () => {
  it.each([{ date: '2026-01-06' }, { slug: 'other' }])('never changes: %o', async (fields) => {
    const newsroom = await Newsroom.open();
    newsroom.write('articles/a.md', source());
    await newsroom.publish();
    newsroom.write('articles/a.md', source(fields));
    const { at, text } = await refusal(newsroom);
    expect(at).toEqual(['a.md:3']);
    expect(text).toMatch(/published as 2026\/01\/05\/a, and its id would now be 2026\/01\/0/);
    newsroom.write('articles/a.md', source({ ...fields, date: '2026-01-05T10:00:00Z', slug: 'a' }));
    expect((await newsroom.publish()).articles).toMatchObject([{ id: '2026/01/05/a', revision: 2 }]);
  });
});

describe('a published source that was renamed', () => {
  /** A newsroom whose only article, 2026/01/05/old, is in no file any more. */
  async function withoutSource(): Promise<Newsroom> {
    const newsroom = await Newsroom.open();
    newsroom.write('articles/old.md', source());
    await newsroom.publish();
    newsroom.remove('articles/old.md');
    return newsroom;
  }

  it.each([[[]], [['articles/new.md']]])('is not taken for another article (paths: %o)', async (paths) => {
    const newsroom = await withoutSource();
    newsroom.write('articles/new.md', source({}, 'Another text.\n'));
    const { at, text } = await refusal(newsroom, { paths });
    expect(at).toEqual(['new.md:3']);
    expect(text).toContain(
      'articles/old.md had this day and headline, is published as 2026/01/05/old, and is gone',
    );
    expect(text).toContain('"slug: old"');
    expect(text).toContain('"slug: new"');
  });

  it.each([
    { slug: 'old', article: { id: '2026/01/05/old', status: 'revised' }, missing: [] },
    {
      slug: 'new',
      article: { id: '2026/01/05/new', status: 'published' },
      missing: [{ id: '2026/01/05/old' }],
    },
  ])('goes on, or is another, as its slug says: $slug', async ({ slug, article, missing }) => {
    const newsroom = await withoutSource();
    newsroom.write('articles/new.md', source({ slug }));
    expect(await newsroom.publish()).toMatchObject({ articles: [article], missing });
    expect(await newsroom.publish()).toMatchObject({ status: 'unchanged' });
  });

  it.each([
    ['of another headline', source({ title: 'Another headline' })],
    ['of another day', source({ date: '2026-01-06' })],
  ])('is none when the new one is %s', async (_of, text) => {
    const newsroom = await withoutSource();
    newsroom.write('articles/new.md', text);
    expect(await newsroom.publish()).toMatchObject({ articles: [{ status: 'published' }] });
  });

  it('is none as long as the first is there', async () => {
    const newsroom = await Newsroom.open();
    newsroom.write('articles/old.md', source());
    await newsroom.publish();
    newsroom.write('articles/new.md', source());
    expect((await newsroom.publish({ paths: ['articles/new.md'] })).articles).toMatchObject([
      { id: '2026/01/05/new', status: 'published' },
    ]);
    newsroom.remove('articles/old.md');
    newsroom.write('articles/new.md', source({}, 'Another text.\n'));
    expect(await newsroom.publish()).toMatchObject({ articles: [{ status: 'revised' }] });
  });

  it('may lie in another folder, and is the same article', async () => {
    const newsroom = await withoutSource();
    newsroom.write('articles/2026/2026-01-05-old.md', source());
    expect(await newsroom.publish()).toMatchObject({ articles: [{ id: '2026/01/05/old' }], missing: [] });
  });

  it('stops nothing while the new one is held back', async () => {
    const newsroom = await withoutSource();
    newsroom.write('articles/new.md', source({ draft: 'true' }));
    expect(await newsroom.publish()).toMatchObject({ articles: [{ status: 'held' }] });
  });
});

describe('two names for one category', () => {
  const written = (name: string) => source({ categories: `["${name}"]` });

  it.each([true, false])('are refused until ovn.json decides (one published: %s)', async (published) => {
    const newsroom = await Newsroom.open();
    newsroom.write('articles/a.md', written('Defence & Security'));
    if (published) await newsroom.publish();
    newsroom.write('articles/b.md', written('Defence, Security'));
    const { at, text } = await refusal(newsroom);
    expect(at).toEqual(['b.md:4']);
    expect(text).toContain('"Defence, Security" is called "Defence & Security"');
    expect(text).toContain('"categories": {"defence-security": "Defence, Security"}');
    newsroom.configure({ categories: { 'defence-security': 'Defence and Security' } });
    const { categories, edition } = await newsroom.publish();
    expect(categories).toEqual({
      'defence-security': { name: 'Defence and Security', cid: expect.any(String), count: 2 },
    });
    const page = await newsroom.read(edition, 'categories/defence-security/index.html');
    expect(page).toContain('<h1>Defence and Security</h1>');
  });

  it.each(['constructor', '__proto__'])('are told apart also when one is %s', async (name) => {
    const newsroom = await Newsroom.open();
    newsroom.write('articles/a.md', written(name));
    const slug = name.replaceAll('_', '') === 'proto' ? 'proto' : name;
    const { categories } = await newsroom.publish();
    expect(Object.entries(categories)).toMatchObject([[slug, { name, count: 1 }]]);
    newsroom.write('articles/b.md', written(name.toUpperCase()));
    expect((await refusal(newsroom)).at).toEqual(['b.md:4']);
  });
});
