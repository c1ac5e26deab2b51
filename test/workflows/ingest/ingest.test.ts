import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { OvnError } from '../../../src/errors.ts';
import type { Collection, ForeignPost } from '../../../src/ingest/foreign-post.ts';
import { ForeignFolder } from '../../../src/workflows/ingest/folder-files.ts';
import { type IngestEffects, type IngestOptions, ingest } from '../../../src/workflows/ingest/ingest.ts';
import { readFolder } from '../../../src/workflows/ingest/read-folder.ts';
import { temporaryFolder } from '../../helpers/folder.ts';
import { type Files, jekyllBlog } from '../../helpers/foreign-blogs.ts';
import { image } from '../../helpers/images.ts';
import { Newsroom, NOW } from '../../helpers/newsroom.ts';
import { cutShort, PHOTO } from '../../helpers/pictures.ts';

const OPTIONS: IngestOptions = {
  into: '',
  categories: ['News'],
  categoriesFrom: ['categories', 'section', 'tags'],
  force: false,
  dryRun: false,
};

function writeFiles(files: Files): string {
  const folder = temporaryFolder();
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

async function read(folder: ForeignFolder, signal = new AbortController().signal): Promise<Collection> {
  return readFolder(folder, {
    pages: false,
    zone: 'Z',
    base: undefined,
    now: NOW,
    signal,
    onProgress: () => undefined,
  });
}

function run(
  room: Newsroom,
  collection: Collection,
  options: Partial<IngestOptions> = {},
  effects: Partial<IngestEffects> = {},
) {
  return room.use(({ repository }) =>
    ingest(
      collection,
      { ...OPTIONS, ...options },
      {
        repository,
        folder: undefined,
        fetch: undefined,
        now: NOW,
        signal: new AbortController().signal,
        onProgress: () => undefined,
        ...effects,
      },
    ),
  );
}

function post(fields: Partial<ForeignPost>): ForeignPost {
  return {
    origin: 'x',
    title: 'A',
    date: '2020-01-02',
    categories: [],
    tags: [],
    authors: [],
    body: { format: 'html', text: 'x' },
    losses: [],
    ...fields,
  };
}

const only = (...posts: ForeignPost[]): Collection => ({ posts, leftOut: [], others: {} });

/** Every file below a folder with its content. */
function contents(folder: string): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  return Object.fromEntries(
    names.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return [path.slice(folder.length + 1), readFileSync(path, 'latin1')];
    }),
  );
}

describe('ingest', () => {
  it('brings a blog of Jekyll with 700 posts, of which a second run changes nothing', async () => {
    const room = await Newsroom.open();
    const folder = new ForeignFolder(writeFiles(jekyllBlog(700)));
    const collection = await read(folder);
    const report = await run(room, collection, {}, { folder });
    expect(report.articles.filter(({ status }) => status === 'written')).toHaveLength(701);
    expect(report.articles.filter(({ held }) => held !== undefined)).toHaveLength(1);
    expect(report.leftOut.map(({ origin }) => origin)).toEqual(['README.md', 'about.md']);
    const article = report.articles.find(({ from }) => from.includes('post-12.'));
    expect(article).toMatchObject({
      status: 'written',
      title: 'Post 12 & more',
      lost: [
        { message: 'the shortcode note.html is left out' },
        { message: 'not among its categories: x, y' },
      ],
    });
    const text = readFileSync(room.path(article?.source ?? ''), 'utf8');
    expect(text).toContain('date: 2010-02-13T10:00:00+01:00\n');
    expect(text).toContain('```ruby\nputs "{{ kept }}"\n```');
    expect(text).toContain('\nShip **12**\n');
    expect(text).toContain('![A boat](2010-02-13-post-12/boat.png)');
    expect(text).toContain('[Code](https://code.example/blog/x)');
    const before = contents(room.path('articles'));
    const again = await run(room, await read(folder), {}, { folder });
    expect(new Set(again.articles.map(({ status }) => status))).toEqual(new Set(['unchanged']));
    expect(contents(room.path('articles'))).toEqual(before);
  });

  it('changes nothing in a dry run, and says what a run would do', async () => {
    const room = await Newsroom.open();
    const folder = new ForeignFolder(writeFiles(jekyllBlog(15)));
    const collection = await read(folder);
    const dry = await run(room, collection, { dryRun: true, into: 'old/blog' }, { folder });
    expect(contents(room.path('articles'))).toEqual({});
    expect(dry.into).toBe('articles/old/blog');
    expect({ ...(await run(room, collection, { into: 'old/blog' }, { folder })), dryRun: true }).toEqual(dry);
  });

  it('brings no image into what somebody changed', async () => {
    const room = await Newsroom.open();
    const given = only(post({ body: { format: 'html', text: '<img src="https://x.example/a.png">' } }));
    const [{ source = '' } = {}] = (await run(room, given)).articles;
    room.write(source, `${readFileSync(room.path(source), 'utf8')}More.\n`);
    const before = contents(room.path('articles'));
    const fetch = async (): Promise<Uint8Array> => image('graphic.png');
    expect((await run(room, given, {}, { fetch })).articles[0]?.status).toBe('changed');
    expect(contents(room.path('articles'))).toEqual(before);
  });

  it('never writes over what somebody changed, unless forced', async () => {
    const room = await Newsroom.open();
    const [{ source = '' } = {}] = (await run(room, only(post({})))).articles;
    room.write(source, `${readFileSync(room.path(source), 'utf8')}More.\n`);
    expect((await run(room, only(post({})))).articles[0]?.status).toBe('changed');
    expect(readFileSync(room.path(source), 'utf8')).toContain('More.');
    expect((await run(room, only(post({})), { force: true })).articles[0]?.status).toBe('overwritten');
    expect(readFileSync(room.path(source), 'utf8')).not.toContain('More.');
  });

  it('knows what is published from another source, and takes names that are known', async () => {
    const room = await Newsroom.open();
    room.write(
      'articles/own.md',
      '---\ntitle: A\ndate: 2020-01-02\nslug: a\ncategories: [Science]\n---\nMine.\n',
    );
    await room.publish();
    const html = '<p>Text <img src="https://x.example/a.png"></p>';
    const given = only(
      post({ body: { format: 'html', text: html } }),
      post({ title: 'B', categories: ['SCIENCE'] }),
    );
    const fetch = async (): Promise<Uint8Array> => expect.fail('fetched');
    const report = await run(room, given, {}, { fetch });
    expect(report.articles).toMatchObject([
      { status: 'published', source: 'articles/own.md', images: [], lost: [] },
      { status: 'written' },
    ]);
    expect((await room.publish()).articles).toHaveLength(2);
  });

  it('keeps posts of one id apart, the older first', async () => {
    const room = await Newsroom.open();
    const later = post({ date: '2020-01-02T12:00:00Z', origin: 'later' });
    const { articles } = await run(room, only(later, post({ origin: 'first' })));
    expect(articles.map(({ id, from }) => [id, from])).toEqual([
      ['2020/01/02/a', 'first'],
      ['2020/01/02/a-2', 'later'],
    ]);
  });

  it('leaves out what cannot be published, and says so', async () => {
    const room = await Newsroom.open();
    const { date: _date, ...undated } = post({ origin: 'undated' });
    const { articles, leftOut } = await run(
      room,
      only(
        undated,
        { ...undated, held: 'it is a draft' },
        post({ origin: 'large', body: { format: 'markdown', text: 'x '.repeat(600_000) } }),
      ),
    );
    expect(articles).toMatchObject([{ source: 'articles/a.md', held: 'it is a draft' }]);
    expect(leftOut).toEqual([
      { origin: 'undated', why: 'fault', reason: 'it has no date' },
      { origin: 'large', why: 'fault', reason: 'it is larger than 1 MiB' },
    ]);
  });

  it('reads nothing outside of the folder, wherever paths and links lead', async () => {
    const room = await Newsroom.open();
    const outside = writeFiles({
      'secret.png': image('graphic.png'),
      'secret.md': '---\ntitle: S\ndate: 2020-01-01\n---\n',
    });
    const dir = writeFiles({
      'content/a.md': `+++\ntitle = "A"\ndate = 2020-01-01\n+++\n![a](../../${outside.split('/').at(-1)}/secret.png) ![b](/../secret.png) ![c](link.png) ![d](${outside}/secret.png) ![e](%2e%2e/%2e%2e/secret.png) ![f](own.png)\n`,
      'content/own.png': image('graphic.png'),
    });
    symlinkSync(join(outside, 'secret.png'), join(dir, 'content/link.png'));
    symlinkSync(join(outside, 'secret.md'), join(dir, 'content/link.md'));
    symlinkSync(outside, join(dir, 'content/linked'));
    const folder = new ForeignFolder(dir);
    const { articles } = await run(room, await read(folder), {}, { folder });
    expect(articles).toHaveLength(1);
    expect(articles[0]?.images).toEqual(['articles/2020-01-01-a/own.png']);
    expect(articles[0]?.lost).toHaveLength(5);
  });

  it.each([
    [
      'Zola',
      'config.toml',
      'base_url = "https://site.example/my%20blog"\n',
      'content/a.md',
      '+++\ntitle = "A"\ndate = 2020-01-01\npath = "a"\n+++\n[far]({{ get_url(path="far/") }}) ![]({{ config.base_url }}/boat.png)\n',
    ],
    [
      'Jekyll',
      '_config.yml',
      'url: https://site.example\nbaseurl: /my blog/\n',
      '_posts/2020-01-01-a.md',
      '---\ntitle: A\npermalink: /a\n---\n[far]({{ "far/" | relative_url }}) ![]({{ site.url }}{{ site.baseurl }}/boat.png)\n',
    ],
    [
      'Hugo',
      'hugo.yaml',
      'baseURL: https://site.example/my%20blog/\n',
      'content/a.md',
      '---\ntitle: A\ndate: 2020-01-01\nurl: /a\n---\n[far](/my%20blog/far/) ![](/my%20blog/boat.png)\n',
    ],
  ])(
    'a site of %s below a path keeps it in links, and has its pictures at its root',
    async (_, settings, told, path, text) => {
      const room = await Newsroom.open();
      const folder = new ForeignFolder(
        writeFiles({
          [settings]: told,
          [path]: text,
          [path.replace(/[^/]*$/, '2020-01-02-b.md')]:
            `---\ntitle: B\ndate: 2020-01-02\n---\n[to A](${path.replace(/^.*\//, '')})\n`,
          'static/boat.png': image('graphic.png'),
        }),
      );
      await run(room, await read(folder), {}, { folder });
      expect(readFileSync(room.path('articles/2020-01-01-a.md'), 'utf8')).toContain(
        '[far](https://site.example/my%20blog/far/) ![](2020-01-01-a/boat.png)',
      );
      expect(readFileSync(room.path('articles/2020-01-02-b.md'), 'utf8')).toContain(
        '[to A](https://site.example/my%20blog/a)',
      );
    },
  );

  it('passes over what cannot be a file', async () => {
    const folder = writeFiles({
      'a.md': `---\ntitle: A\ndate: 2020-01-01\n---\nText ![x](${'a'.repeat(300)}.png) ![y](loop/x.png)\n`,
    });
    symlinkSync('loop', join(folder, 'loop'));
    const room = await Newsroom.open();
    const foreign = new ForeignFolder(folder);
    const { articles } = await run(room, await read(foreign), {}, { folder: foreign });
    expect(articles).toMatchObject([{ status: 'written' }]);
    expect(articles[0]?.lost.filter(({ kind }) => kind === 'image')).toHaveLength(2);
  });

  it('says which file lies where the folder of an article belongs, and leaves it alone', async () => {
    const room = await Newsroom.open();
    const folder = new ForeignFolder(
      writeFiles({
        'a.md': '---\ntitle: A\ndate: 2020-01-01\n---\n![a](a.png)\n',
        'a.png': image('graphic.png'),
      }),
    );
    writeFileSync(room.path('articles/2020-01-01-a'), 'mine');
    const refusal = {
      code: 'exists',
      message: expect.stringContaining('articles/2020-01-01-a: a file is in its way'),
    };
    await expect(run(room, await read(folder), {}, { folder })).rejects.toMatchObject(refusal);
    expect(readFileSync(room.path('articles/2020-01-01-a'), 'utf8')).toBe('mine');
    expect(existsSync(room.path('articles/2020-01-01-a.md'))).toBe(false);
  });

  it('takes a picture for what it is, and no other file for a picture', async () => {
    const room = await Newsroom.open();
    const png = image('graphic.png');
    const folder = new ForeignFolder(
      writeFiles({
        'a.jpg': png,
        'b/a.jpg': image('photo.jpg'),
        'evil.png': '<script>',
        'cut.jpg': cutShort(PHOTO, 9000),
        'x.md':
          '---\ntitle: A\ndate: 2020-01-01\nimage: a.jpg\n---\n![a](a.jpg) ![b](b/a.jpg) ![c](evil.png) ![d](cut.jpg)\n',
      }),
    );
    const { articles } = await run(room, await read(folder), {}, { folder });
    expect(articles[0]?.images).toEqual(['articles/2020-01-01-x/a.png', 'articles/2020-01-01-x/a.jpg']);
    expect(articles[0]?.lost.map(({ message }) => message)).toEqual([
      'the image evil.png is left out: evil: is none of JPEG, PNG, GIF, WebP and SVG; open it in an image editor and export it again, or leave it out',
      expect.stringContaining('the image cut.jpg is left out: cut.jpg: the JPEG cannot be decoded'),
      'the lead image has no alt text: it is empty now',
    ]);
    expect((await room.publish()).articles[0]?.status).toBe('published');
  });

  it('gets pictures from elsewhere only when asked to, once', async () => {
    const room = await Newsroom.open();
    const html =
      '<img src="https://x.example/p/a.png" alt="A"><img src="https://x.example/gone.png" alt="B"><img src="http://[x/c.png">';
    const given = only(post({ body: { format: 'html', text: html } }));
    expect((await run(room, given, { dryRun: true })).articles[0]?.images).toEqual([]);
    const asked: string[] = [];
    const fetch = async (url: URL): Promise<Uint8Array> => {
      asked.push(url.href);
      if (url.pathname === '/p/a.png') return image('graphic.png');
      throw new OvnError('io', 'its server answers with status 404');
    };
    const { articles } = await run(room, given, {}, { fetch });
    expect(asked).toHaveLength(2);
    expect(articles[0]?.images).toEqual([
      expect.stringMatching(/^articles\/2020-01-02-a\/a-[0-9a-f]{8}\.png$/),
    ]);
    expect(articles[0]?.lost).toEqual([
      {
        kind: 'image',
        message: 'the image https://x.example/gone.png became a link: its server answers with status 404',
      },
      { kind: 'image', message: 'the image http://[x/c.png is left out: it is not there' },
    ]);
    expect((await run(room, given)).articles[0]).toMatchObject({
      status: 'unchanged',
      images: articles[0]?.images,
    });
    await run(room, given, {}, { fetch });
    expect(asked).toHaveLength(3);

    // What could not be brought is brought later, into what nobody has changed since.
    const better = async (): Promise<Uint8Array> => image('photo.jpg');
    const [{ status, source = '', images = [] } = {}] = (await run(room, given, {}, { fetch: better }))
      .articles;
    expect([status, images.length]).toEqual(['written', 2]);
    const whole = readFileSync(room.path(source), 'utf8');
    expect(whole).not.toContain('https://');
    // As after a crash between the images and the source.
    room.write(source, whole.replace(/!(\[B\])\([^)]*\)/, '$1(https://x.example/gone.png)'));
    expect((await run(room, given)).articles[0]?.status).toBe('written');
    expect(readFileSync(room.path(source), 'utf8')).toBe(whole);
    expect((await run(room, given)).articles[0]?.status).toBe('unchanged');
  });

  it('stops between two pictures of an article', async () => {
    const room = await Newsroom.open();
    const controller = new AbortController();
    const files = Object.fromEntries(['a', 'b', 'c'].map((name) => [`content/${name}.jpg`, PHOTO]));
    const text = '---\ntitle: A\ndate: 2020-01-01\n---\n![a](a.jpg) ![b](b.jpg) ![c](c.jpg)\n';
    const folder = new ForeignFolder(writeFiles({ ...files, 'content/a.md': text }));
    const onProgress = (): void => {
      setImmediate(() => controller.abort(new OvnError('interrupted', 'interrupted')));
    };
    const { signal } = controller;
    await expect(run(room, await read(folder), {}, { folder, signal, onProgress })).rejects.toThrow(
      'interrupted',
    );
    expect(readdirSync(room.path('articles'))).toEqual([]);
  });

  it('stops where it is interrupted, with whole files alone', async () => {
    const room = await Newsroom.open();
    const controller = new AbortController();
    const posts = Array.from({ length: 50 }, (_, index) => post({ title: `A ${index}` }));
    const onProgress = (done: number): void => {
      if (done === 20) controller.abort(new OvnError('interrupted', 'interrupted'));
    };
    await expect(run(room, only(...posts), {}, { signal: controller.signal, onProgress })).rejects.toThrow(
      'interrupted',
    );
    const names = readdirSync(room.path('articles'));
    expect(names).toHaveLength(21);
    expect(names.every((name) => name.endsWith('.md'))).toBe(true);
    expect(
      (await run(room, only(...posts))).articles.filter(({ status }) => status === 'written'),
    ).toHaveLength(29);
  });

  it.each(['..', '../x', '/x', '.ovn', 'a/../../b'])(
    'writes nowhere but below the articles: --into %s',
    async (into) => {
      const room = await Newsroom.open();
      await expect(run(room, only(post({})), { into })).rejects.toThrow(/--into names a folder below/);
      expect(existsSync(room.path('articles/2020-01-02-a.md'))).toBe(false);
    },
  );
});
