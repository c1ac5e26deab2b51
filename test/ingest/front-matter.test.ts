import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseSource } from '../../src/article/parse-source.ts';
import { CategoryChooser } from '../../src/ingest/choose-categories.ts';
import { composeSource, slugOf, titleOf } from '../../src/ingest/compose-source.ts';
import { type FolderOptions, folderPost } from '../../src/ingest/folder-post.ts';
import { readFrontMatter } from '../../src/ingest/foreign-front-matter.ts';
import type { ForeignPost } from '../../src/ingest/foreign-post.ts';
import { Losses } from '../../src/ingest/losses.ts';
import { readDate, zoned } from '../../src/ingest/read-date.ts';

const OPTIONS: FolderOptions = {
  pages: false,
  zone: 'Z',
  now: Date.parse('2026-01-10T12:00:00Z'),
  isJekyll: false,
  settings: new Map(),
  address: { root: '' },
  sites: new Map(),
};

function read(path: string, text: string, options: Partial<FolderOptions> = {}): ForeignPost {
  const post = folderPost({ path, text }, { ...OPTIONS, ...options });
  if ('reason' in post) throw new Error(post.reason);
  return post;
}

describe('front matter of others', () => {
  it.each([
    [
      'YAML',
      '---\ntitle: &t "A: b"\ndate: 2020-01-02 10:00:00 +0100\ntags: [x, *t]\ndraft: yes\nother: 1\n---\nText\n',
    ],
    [
      'TOML',
      '+++\ntitle = "A: b"\ndate = 2020-01-02T10:00:00+01:00\ndraft = true\nother = 1\n[taxonomies]\ntags = ["x", "A: b"]\n+++\nText\n',
    ],
    [
      'JSON',
      '{\n"title": "A: b", "date": "2020-01-02T10:00:00+01:00", "draft": true, "other": {"a": "}"},\n"tags": ["x", "A: b"]\n}\nText\n',
    ],
    [
      'JSON of Eleventy',
      '---json\n{"title": "A: b", "date": "2020-01-02T10:00:00+01:00", "draft": true, "other": 1, "tags": ["x", "A: b"]}\n---\nText\n',
    ],
  ])('reads %s', (_name, text) => {
    const post = read('content/news/a.md', text);
    expect(post).toMatchObject({
      title: 'A: b',
      date: expect.stringMatching(/^2020-01-02T10:00:00(\.000)?\+01:00$/),
      tags: ['x', 'A: b'],
      section: 'news',
      name: 'a',
      held: 'it is a draft',
      body: { text: 'Text\n' },
      losses: [{ kind: 'field', message: 'fields that are not read: other' }],
    });
  });

  it.each([
    [
      'an alias that repeats without end',
      `---\na: &a [x,x,x,x,x,x,x,x,x]\n${Array.from('bcdefg', (n, i) => `${n}: &${n} [${`*${'abcdefg'[i]},`.repeat(9)}]\n`).join('')}---\n`,
    ],
    ['deep nesting', `---\na: ${'['.repeat(30)}${']'.repeat(30)}\n---\n`],
    ['what is no YAML', '---\na: [\n---\n'],
    ['what is no TOML', '+++\na = \n+++\n'],
    ['JavaScript', '---js\n{title: process.exit()}\n---\n'],
    ['a list', '---\n- a\n---\n'],
  ])('refuses %s', (_name, text) => {
    expect(() => readFrontMatter(text)).toThrow(/front matter/);
  });

  it('takes comments alone for no fields', () => {
    expect(readFrontMatter('---\n# title: x\n---\nText')).toEqual({ fields: new Map(), body: 'Text' });
  });

  it('takes names of prototypes for names', () => {
    const { fields } = readFrontMatter('---\n__proto__: {title: x}\nconstructor: y\n---\n') ?? {};
    expect([...(fields?.keys() ?? [])]).toEqual(['__proto__', 'constructor']);
    expect(({} as { title?: string }).title).toBeUndefined();
  });

  it.each([
    ['_posts/2020-01-02-a.md', '2020-01-02', 'a'],
    ['content/blog/2020-01-02-a/index.md', '2020-01-02', 'a'],
    ['content/2020/01/02/a.md', '2020-01-02', 'a'],
  ])('finds the date in %s', (path, date, name) => {
    expect(read(path, '---\ntitle: A\n---\n')).toMatchObject({ date, name });
  });

  it.each([
    [
      'date: 2020-01-02\npublishDate: 2026-02-01T09:00:00+01:00',
      'it is scheduled: publishdate: 2026-02-01T09:00:00+01:00',
    ],
    ['date: 2020-01-02\nembargo: until the verdict', 'it is scheduled: embargo: until the verdict'],
    ['date: 2026-01-10T12:30:00Z', 'it is scheduled: date: 2026-01-10T12:30:00Z'],
    ['date: 2020-01-02\nexpiryDate: 2021-01-01', 'it expired on 2021-01-01'],
    ['date: 2020-01-02\nprivate: true', 'it is private'],
    ['date: 2020-01-02\npermalink: false', 'it says permalink: false'],
    ['date: 2020-01-02\nrender: false', 'it says render: false'],
    ['date: 2020-01-02\nbuild:\n  render: never\n  list: never', 'it says render: never'],
    ['date: 2020-01-02\n_build: {render: link}', 'it says render: link'],
    ['date: 2020-01-02\nbuild:\n  render: always', undefined],
    ['date: 2020-01-02\npublishDate: 2020-01-02\nexpiryDate: 2027-01-01\nprivate: false', undefined],
  ])('makes a draft of what its site did not show: %s', (fields, held) => {
    expect(read('content/a.md', `---\ntitle: A\n${fields}\n---\n`).held).toBe(held);
  });

  it('says why something is no post', () => {
    const why = (path: string, text: string, options = {}) =>
      folderPost({ path, text }, { ...OPTIONS, ...options });
    expect(why('README.md', '# A')).toMatchObject({ why: 'rule', reason: 'it has no front matter' });
    expect(why('content/_index.md', '+++\n+++\n')).toMatchObject({ reason: 'it is the page of a section' });
    expect(why('about.md', '---\ntitle: A\n---\n')).toMatchObject({
      reason: 'it has no date: a page (see --pages)',
    });
    expect(why('about.md', '---\ndate: 2020-01-01\n---\n', { isJekyll: true })).toMatchObject({
      reason: 'it is a page (see --pages)',
    });
  });
});

describe('dates', () => {
  it.each([
    ['2020-07-01 10:00 PM', '2020-07-01T22:00:00+02:00', true],
    ['July 1, 2020 12:05am', '2020-07-01T00:05:00+02:00', true],
    ['2020-07-01 14:00 pm', undefined, true],
    ['2020-01-02', '2020-01-02', false],
    ['2020-1-2', '2020-01-02', false],
    ['2020-01-02 10:00:00 +0100', '2020-01-02T10:00:00+01:00', false],
    ['2020-01-02T10:00:00.123Z', '2020-01-02T10:00:00.123Z', false],
    ['2020-01-02T10:00', '2020-01-02T10:00:00+02:00', true],
    ['Thu, 02 Jan 2020 10:00:00 GMT', '2020-01-02T10:00:00Z', false],
    ['02 Jan 2020 10:00 EST', '2020-01-02T10:00:00-05:00', false],
    ['Sat, 07 Sep 02 00:00:01 GMT', '2002-09-07T00:00:01Z', false],
    ['07 Sep 98 00:00 EST', '1998-09-07T00:00:00-05:00', false],
    ['2 January 15', undefined, false],
    ['January 2nd, 2020', '2020-01-02', false],
    ['2 January 2020', '2020-01-02', false],
    ['2020-02-30', undefined, false],
    ['Last Modified', undefined, false],
  ])('reads %s', (text, date, isGuess) => {
    expect(readDate(text, '+02:00')).toEqual(date === undefined ? undefined : { date, isGuess });
  });

  it('finds the zone between a local time and UTC', () => {
    expect(zoned('2020-01-02 01:00:00', '2020-01-01 22:30:00')).toBe('2020-01-02T01:00:00+02:30');
    expect(zoned('2020-01-02 01:00:00', '2020-01-02 08:00:00')).toBe('2020-01-02T01:00:00-07:00');
    expect(zoned('2020-01-02 01:00:00', '0000-00-00 00:00:00')).toBeUndefined();
  });
});

describe('where a post was', () => {
  it.each([
    ['/2020/a/', 'https://e.example/blog/2020/a/'],
    ['2020/a', 'https://e.example/blog/2020/a'],
    ['javascript:a', undefined],
    ['/:categories/:title/', undefined],
    ['/{{ page.date }}/', undefined],
    ['false', undefined],
  ])('is known by %s', (path, address) => {
    const sites = new Map<string, string>();
    const options: Partial<FolderOptions> = {
      address: { base: 'https://e.example/blog/', root: '/blog' },
      sites,
    };
    folderPost(
      { path: 'a.md', text: `---\ntitle: A\ndate: 2020-01-02\npermalink: "${path}"\n---\n` },
      { ...OPTIONS, ...options },
    );
    expect(sites.get('a.md')).toBe(address);
  });
});

describe('the source of an article', () => {
  const post = (fields: Partial<ForeignPost>): ForeignPost => ({
    origin: 'x',
    categories: [],
    tags: [],
    authors: [],
    body: { format: 'html', text: '' },
    losses: [],
    ...fields,
  });

  it('can be read, whatever the post says', () => {
    const text = fc.string({ unit: 'binary', maxLength: 60 });
    const fields = fc.record({
      title: text,
      name: text,
      summary: text,
      authors: fc.array(text, { maxLength: 3 }),
      categories: fc.array(text, { maxLength: 25 }),
      tags: fc.array(text, { maxLength: 3 }),
    });
    fc.assert(
      fc.property(fields, text, (given, body) => {
        const written = post(given);
        const losses = new Losses();
        const title = titleOf(written, body, losses);
        const slug = slugOf(written, title, () => false);
        const categories = new CategoryChooser(['categories', 'section', 'tags'], ['News'], []).choose(
          written,
          losses,
        );
        const source = composeSource(
          written,
          { title, date: '2020-01-02', slug, categories, body: '' },
          losses,
        );
        const { findings } = parseSource({
          file: 'x.md',
          text: source,
          language: 'en',
          categoryNames: {},
          today: '2021-01-01',
          allowFuture: false,
        });
        expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  it('takes the title from the text, and slugs by name, title, number', () => {
    const losses = new Losses();
    const title = titleOf(post({}), '## A *heading* [here](x)\n', losses);
    expect(title).toBe('A heading here');
    expect(losses.list()).toHaveLength(1);
    const taken = new Set(['a-heading-here']);
    expect(slugOf(post({}), title, (slug) => taken.has(slug))).toBe('a-heading-here-2');
    expect(slugOf(post({ name: 'Привет' }), title, () => false)).toBe('a-heading-here');
    expect(slugOf(post({ name: '港' }), '港', () => false)).toMatch(/^a-[a-z2-7]{10}$/);
  });

  it('gives one name to a category, and lists what is none', () => {
    const chooser = new CategoryChooser(['tags', 'categories'], ['News'], [['sport', 'Sport']]);
    const losses = new Losses();
    expect(chooser.choose(post({ tags: ['all', 'SPORT'], categories: ['Sea'] }), losses)).toEqual(['Sport']);
    expect(losses.list()).toEqual([{ kind: 'category', message: 'not among its categories: Sea' }]);
    expect(chooser.choose(post({ categories: ['sea', 'Sea'] }), losses)).toEqual(['sea']);
    const decided = new CategoryChooser(['tags'], [], [['sport', 'Sports desk']]);
    expect(decided.choose(post({ tags: ['Sport'] }), losses)).toEqual(['Sport']);
    expect(chooser.choose(post({ tags: ['posts'] }), losses)).toEqual(['News']);
  });
});
