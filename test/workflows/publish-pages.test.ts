import { CID } from 'multiformats/cid';
import { describe, expect, it } from 'vitest';
import { invalid } from '../helpers/html-validity.ts';
import { image } from '../helpers/images.ts';
import { follow } from '../helpers/links.ts';
import { Newsroom } from '../helpers/newsroom.ts';
import { filesBelow } from '../helpers/site-files.ts';

const TEXT =
  'Text with a [note](#notes), a picture and `<img src="media/x.png">`.\n\n## Notes\n\n![A dome](dome.png)\n';

const article = (title: string, lines: readonly string[] = [], text = TEXT): string =>
  ['---', `title: ${title}`, 'date: 2026-01-05', 'categories: [Science, World]', ...lines, '---', text].join(
    '\n',
  );

/** A paper with a picture, a correction, an article that was withheld, and one in Arabic. */
async function openPaper(): Promise<Newsroom> {
  const newsroom = await Newsroom.open();
  newsroom.write('articles/dome.png', image('graphic.png'));
  newsroom.write('articles/dome.md', article('Dome', ['image: dome.png', 'imageAlt: A dome']));
  newsroom.write('articles/gone.md', article('Gone'));
  newsroom.write('articles/light.md', article('Light', ['language: ar']));
  await newsroom.publish();
  newsroom.write(
    'articles/dome.md',
    article('Dome of glass', ['corrections:', '  - date: 2026-01-06', '    text: It was not steel.']),
  );
  newsroom.write(
    'articles/gone.md',
    article('Gone', [
      'corrections:',
      '  - date: 2026-01-07',
      '    type: retraction',
      '    text: It was not so.',
      '    withhold: true',
    ]),
  );
  return newsroom;
}

const filesOf = (newsroom: Newsroom, root: string): Promise<Map<string, string>> =>
  newsroom.use(({ node }) => filesBelow(CID.parse(root), node.read));

/** All pages once more, from what is stored: whatever the first time left out would be another now. */
async function expectSameAnew(newsroom: Newsroom, edition: string): Promise<void> {
  const files = await filesOf(newsroom, edition);
  await newsroom.use(({ repository }) =>
    repository.transaction(() => repository.meta.remove('edition-template')),
  );
  const again = await newsroom.publish();
  expect(again).toMatchObject({ status: 'refreshed', renewed: true });
  const after = await filesOf(newsroom, again.edition);
  const stays = (path: string): boolean => !/^(?:manifest|log\/|manifests\/)/.test(path);
  for (const [path, text] of files) if (stays(path)) expect(after.get(path), path).toBe(text);
  expect([...after.keys()].filter(stays)).toEqual([...files.keys()].filter(stays));
}

describe('a published edition', () => {
  it('is valid, and has no broken link: as a whole, a category alone, a bundle alone', async () => {
    const newsroom = await openPaper();
    const { edition, categories, articles } = await newsroom.publish();
    const files = await filesOf(newsroom, edition);
    for (const start of ['index.html', '404.html']) expect(follow(start, files).broken).toEqual([]);
    const { reached } = follow('index.html', files);
    for (const slug of ['dome', 'gone', 'light']) {
      expect([...reached]).toContain(`articles/2026/01/05/${slug}.html`);
      expect([...reached]).toContain(`articles/2026/01/05/${slug}/index.html`);
    }
    expect([...reached]).toContain('articles/2026/01/05/dome/changes.html');
    for (const [path, html] of files)
      if (path.endsWith('.html')) expect(invalid(html).map((said) => `${path}:${said}`)).toEqual([]);
    for (const cid of [categories['science']?.cid, ...articles.map((each) => each.cid)]) {
      const alone = await filesOf(newsroom, cid ?? expect.fail());
      expect(follow('index.html', alone).broken).toEqual([]);
    }
  });

  it('shows of a withheld article what its bundle shows, and nobody is led to it', async () => {
    const newsroom = await openPaper();
    const { edition } = await newsroom.publish();
    const gone = await newsroom.read(edition, 'articles/2026/01/05/gone.html');
    expect(gone).toContain('The text of this article has been withheld.');
    expect(gone).not.toContain('Text with a');
    const light = await newsroom.read(edition, 'articles/2026/01/05/light.html');
    expect(light).toContain('<a href="../../../2026/01/05/dome.html" lang="en" dir="auto">Dome of glass</a>');
    expect(light).not.toContain('gone.html');
  });
});

describe('the pages of an edition', () => {
  it('are made anew when ovn.json says another name, tagline, language or address; bundles are not', async () => {
    const newsroom = await openPaper();
    const first = await newsroom.publish();
    expect(first).toMatchObject({ renewed: false });
    for (const change of [{ name: 'Another' }, { language: 'ar' }, { url: 'https://paper.example/' }]) {
      newsroom.configure(change);
      const dry = await newsroom.publish({ dryRun: true });
      const renewed = await newsroom.publish();
      expect(renewed).toMatchObject({ status: 'refreshed', renewed: true });
      expect(renewed).toEqual(dry);
      expect(renewed.articles).toEqual(first.articles.map((each) => ({ ...each, status: 'unchanged' })));
      expect(await newsroom.publish()).toMatchObject({ status: 'unchanged', renewed: false });
    }
    const { edition } = await newsroom.publish();
    const files = await filesOf(newsroom, edition);
    const pages = [...files].filter(([path]) =>
      /^(?!verify|(.*\/)?revisions\/|.*\/\d\d\/\d\d\/[^/]+\/).*\.html$/.test(path),
    );
    for (const [path, html] of pages) expect(html, path).toContain('<a href="');
    expect(pages.filter(([, html]) => !html.includes('Another')).map(([path]) => path)).toEqual([]);
    expect(await newsroom.verify()).toMatchObject({ ok: true });
  });

  it('are those of an edition that was made under the new name from nothing', async () => {
    const renamed = await openPaper();
    await renamed.publish();
    renamed.configure({ name: 'Another' });
    await renamed.publish();
    await expectSameAnew(renamed, (await renamed.publish()).edition);
  });

  it('are those that the edition would make, where they were made with their bundles', async () => {
    const newsroom = await openPaper();
    newsroom.write('articles/first.md', article('Light of the dome', [], 'A *first*.\n'));
    const first = await newsroom.publish();
    expect(await newsroom.read(first.edition, 'articles/2026/01/05/first.html')).toContain('class="related"');
    await expectSameAnew(newsroom, first.edition);
    newsroom.configure({ categories: { science: 'The sciences' } });
    newsroom.write(
      'articles/next.md',
      article('Light and dome', ['language: ar', 'author: Ada'], '**Next** <b>.\n'),
    );
    newsroom.write('articles/light.md', article('Light, again'));
    const next = await newsroom.publish();
    expect(await newsroom.read(next.edition, 'articles/2026/01/05/next.html')).toContain('The sciences');
    await expectSameAnew(newsroom, next.edition);
  });

  it('are all made anew together with an article that is due', async () => {
    const newsroom = await openPaper();
    await newsroom.publish();
    newsroom.configure({ tagline: 'Theirs.' });
    newsroom.write('articles/new.md', article('New'));
    const report = await newsroom.publish();
    expect(report).toMatchObject({ status: 'published', renewed: true });
    for (const path of [
      'articles/2026/01/05/dome.html',
      'articles/2026/01/05/new.html',
      'corrections/2026.html',
    ])
      expect(await newsroom.read(report.edition, path)).toContain('Theirs.');
    expect(await newsroom.verify()).toMatchObject({ ok: true });
  });
});
