import { describe, expect, it } from 'vitest';
import { article, errors, HEAD, read, source } from './support.ts';

const warnings = (text: string) =>
  read(text)
    .findings.filter(({ severity }) => severity === 'warning')
    .map(({ line, message }) => `${line}: ${message}`);

describe('a good source', () => {
  it('gives an article of the required fields alone', () => {
    expect(read(source(HEAD, 'One two\n\nthree\n'))).toEqual({
      findings: [],
      isNamedByFile: true,
      article: {
        id: '2025/07/07/first-light',
        slug: 'first-light',
        day: '2025-07-07',
        headline: 'First light',
        categories: [{ slug: 'science', name: 'Science' }],
        authors: [],
        datePublished: '2025-07-07',
        dateModified: '2025-07-07',
        inLanguage: 'en',
        body: 'One two\n\nthree\n',
        bodyLine: 6,
        corrections: [],
        citations: [],
      },
    });
  });

  it('gives an article of every field', () => {
    const lines = [
      'title: 1984',
      'date: 2025-07-07T23:30:00-11:00',
      'categories: [Science, "Defence & Security"]',
      'slug: Nineteen Eighty-Four',
      'summary: >-',
      '  Two',
      '  lines',
      'authors:',
      '  - Ada Lovelace',
      '  - name: Émilie du Châtelet',
      'language: en-GB',
      'image: ./pictures/../pictures/my%20harbour.jpg?raw=1',
      'imageAlt: ""',
      'imageCaption: The harbour',
      'imageCredit: NASA',
      'updated: 2025-07-08',
      'corrections:',
      '  - {date: 2025-07-09T10:00Z, type: clarification, text: "Said: less"}',
      '  - date: 2025-07-08',
      '    text: Plain',
      'sources:',
      '  - Harbour log',
      '  - https://example.org/a?b=1',
      '  - name: Report',
      '    url: ipfs://bafy/report',
      'license: CC-BY-4.0',
      'draft: false',
      'published: true',
    ];
    expect(article(source(lines))).toEqual({
      id: '2025/07/07/nineteen-eighty-four',
      slug: 'nineteen-eighty-four',
      day: '2025-07-07',
      headline: '1984',
      description: 'Two lines',
      categories: [
        { slug: 'science', name: 'Science' },
        { slug: 'defence-security', name: 'Defence & Security' },
      ],
      authors: ['Ada Lovelace', 'Émilie du Châtelet'],
      datePublished: '2025-07-07T23:30:00-11:00',
      dateModified: '2025-07-09T10:00Z',
      inLanguage: 'en-GB',
      body: 'Text.\n',
      bodyLine: 31,
      corrections: [
        {
          '@type': 'CorrectionComment',
          kind: 'clarification',
          datePublished: '2025-07-09T10:00Z',
          text: 'Said: less',
        },
        { '@type': 'CorrectionComment', kind: 'correction', datePublished: '2025-07-08', text: 'Plain' },
      ],
      citations: [
        { '@type': 'CreativeWork', name: 'Harbour log' },
        { '@type': 'CreativeWork', name: 'https://example.org/a?b=1', url: 'https://example.org/a?b=1' },
        { '@type': 'CreativeWork', name: 'Report', url: 'ipfs://bafy/report' },
      ],
      license: 'CC-BY-4.0',
      image: { source: 'pictures/my harbour.jpg', alt: '', caption: 'The harbour', credit: 'NASA', line: 13 },
    });
  });

  it('keeps the very bytes of the body', () => {
    const body = '  \n\ttab \u00a0\n---\n\n  trailing  \n\n';
    expect(article(source(HEAD, body)).body).toBe(body);
  });

  it('takes its language from the outlet', () => {
    expect(article(source(HEAD), { language: 'fr' }).inLanguage).toBe('fr');
  });

  it('takes its slug from the file, by folder for index.md', () => {
    const file = 'articles/2025-07-07-the-harbour/index.md';
    expect(article(source(HEAD), { file }).id).toBe('2025/07/07/the-harbour');
  });

  it('modifies at the later moment, whatever the zones', () => {
    const change = (updated: string, corrected: string) =>
      article(source([...HEAD, `updated: ${updated}`, 'corrections:', `  - {date: ${corrected}, text: x}`]))
        .dateModified;
    expect(change('2025-07-09T01:00:00+09:00', '2025-07-08T17:00:00Z')).toBe('2025-07-08T17:00:00Z');
    expect(change('2025-07-09T01:00:00+09:00', '2025-07-08')).toBe('2025-07-09T01:00:00+09:00');
  });

  it('lets ovn.json name categories, and only by names of its own', () => {
    const categoryNames = { science: 'Science & Nature' };
    const names = (lines: string[]) =>
      article(source([...HEAD.slice(0, 2), ...lines]), { categoryNames }).categories;
    expect(names(['categories: [SCIENCE, science]'])).toEqual([
      { slug: 'science', name: 'Science & Nature' },
    ]);
    const topical = { science: { name: 'Science', topic: 'medtop:13000000' }, world: { name: 'World' } };
    expect(
      article(source([...HEAD.slice(0, 2), 'categories: [SCIENCE, world]']), { categoryNames: topical })
        .categories,
    ).toEqual([
      { slug: 'science', name: 'Science', topic: 'medtop:13000000' },
      { slug: 'world', name: 'World' },
    ]);
    expect(names(['categories: [constructor, __proto__]'])).toEqual([
      { slug: 'constructor', name: 'constructor' },
      { slug: 'proto', name: '__proto__' },
    ]);
  });
});

describe('errors', () => {
  it('are found all at once, each with its line and what was expected', () => {
    const lines = [
      'title: [a, b]',
      'date: 2025-02-30',
      'categories: ',
      'slug: 灯台',
      'language: english please',
      'image: a.jpg',
      'updated: yesterday',
      'corrections:',
      '  - date: 2025-07-08',
      '    type: oops',
      '  - nothing',
      'sources:',
      '  - Mayor: interview',
      '  - {name: x, url: "javascript:alert(1)"}',
      'license: ftp://example.org',
      'draft: perhaps',
    ];
    const found = errors(read(source(lines)));
    expect(found.map((error) => error.split(': ').slice(0, 2).join(': '))).toEqual([
      '2: title',
      '3: date',
      '4: categories',
      '5: slug',
      '6: language',
      '7: imageAlt',
      '8: updated',
      '10: corrections',
      '11: corrections',
      '12: corrections',
      '14: sources',
      '15: sources',
      '16: license',
      '17: draft',
    ]);
    for (const error of found) expect(error).toContain('expected');
  });

  it('name line 1 for what is missing', () => {
    expect(errors(read(source(['summary: x'])))).toEqual([
      '1: title: expected a headline, found none',
      expect.stringMatching(/^1: date: expected a?.*2025-07-07.*, found none$/),
      '1: categories: expected one or more names, found none',
    ]);
    expect(errors(read('---\n---\n'))).toHaveLength(3);
  });

  it.each([
    ['', '1: expected front matter'],
    ['+++\ntitle = "x"\n+++\n', 'TOML'],
    ['---\ntitle: x\n', 'a line "---" that ends it'],
    ['---\n- a\n---\n', '2: front matter: expected fields'],
    ['---\ntitle: a: b\n---\n', '2: front matter: expected YAML'],
    ['---\ndate: 2025-07-07\ntitle: "a\n---\n', '3: front matter: expected YAML'],
    ['---\n%TAG ! x\n---\n', 'front matter: expected'],
  ])('for %j', (text, message) => {
    expect(errors(read(text)).join('\n')).toContain(message);
  });

  it.each([
    ['title: &a x', 4, 'anchor'],
    ['title: *a', 4, 'alias'],
    ['title: !!str x', 4, 'tag'],
    ['extra: {deep: [1, !x 2]}', 4, 'tag'],
    ['<<: {title: x}', 4, 'merge key'],
    ['date: 2025-07-08', 4, 'only once'],
    ['{a: b}: c', 4, 'name of a field'],
    [': c', 4, 'name of a field'],
    ['author: a\nauthors: b', 5, 'only one of'],
  ])('for %j at line %i', (line, number, message) => {
    const found = errors(read(source(['date: 2025-07-07', 'categories: x', line])));
    expect(found).toContainEqual(expect.stringMatching(new RegExp(`^${number}: .*${message}`)));
  });

  it('propose the date that was meant', () => {
    const [error] = errors(read(source(['title: x', 'date: 2015-01-02 10:00:00 +0100', 'categories: x'])));
    expect(error).toMatch(/^3: date: .*write 2015-01-02T10:00:00\+01:00$/);
  });

  it('propose a slug from the file, else from the headline', () => {
    expect(read(source(HEAD), { file: 'a/straße.md' }).proposedSlug).toBe('strasse');
    expect(read(source(HEAD), { file: 'a/灯台.md' })).toMatchObject({ proposedSlug: 'first-light' });
    expect(read(source(HEAD), { file: 'index.md' }).proposedSlug).toBe('first-light');
    expect(read(source(['title: 灯台', ...HEAD.slice(1)]), { file: 'index.md' }).proposedSlug).toMatch(/^a-/);
    expect(read(source(HEAD))).not.toHaveProperty('proposedSlug');
  });

  it('for two names of one category', () => {
    const text = source([...HEAD.slice(0, 2), 'categories:', '  - Science', '  - science!']);
    expect(errors(read(text))).toEqual([expect.stringMatching(/^6: categories: .*"Science" and "science!"/)]);
  });

  it.each([
    ['title', 501],
    ['slug', 501],
    ['summary', 5001],
    ['license', 501],
  ])('for a %s of %i characters', (field, length) => {
    const lines = HEAD.filter((line) => !line.startsWith(field));
    expect(errors(read(source([...lines, `${field}: ${'x'.repeat(length)}`])))).toContainEqual(
      expect.stringContaining('characters'),
    );
  });

  it('for control characters and halves of characters', () => {
    for (const escaped of ['\\x1b[31m', '\\0', '\\ud800']) {
      expect(errors(read(source([`title: "a${escaped}"`, ...HEAD.slice(1)])))).toEqual([
        '2: title: expected no control characters',
      ]);
    }
  });

  it('never carry what could steer a terminal', () => {
    const parsed = read(
      source([...HEAD, '"\\e[31m\\nfield": x', '"a\\e": 1', '"a\\e": 2', 'date: "\\e[0m"']),
    );
    for (const { message } of parsed.findings) expect(message).not.toMatch(/\p{Cc}/u);
    expect(parsed.findings.length).toBeGreaterThan(3);
  });
});

describe('warnings', () => {
  it.each([
    ['titel: x', 'title'],
    ['CATEGORIES: x', 'categories'],
    ['description: x', 'summary'],
    ['descripton: x', 'summary'],
    ['imagealt: x', 'imageAlt'],
  ])('suggest for %s: %s', (line, suggestion) => {
    expect(warnings(source([...HEAD, line]))).toEqual([
      expect.stringMatching(new RegExp(`^5: unknown field .*; did you mean "${suggestion}"\\?$`)),
    ]);
  });

  it.each(['__proto__: x', 'constructor: x', 'toString: {a: 1}', 'layout: post', 'tags: [a, b]'])(
    'pass over %s',
    (line) => {
      expect(warnings(source([...HEAD, line]))).toEqual([
        `5: unknown field "${line.split(':')[0]}" is ignored`,
      ]);
      expect(article(source([...HEAD, line])).headline).toBe('First light');
    },
  );

  it('for a lead image that is not beside the source, which is left out', () => {
    for (const image of [
      'https://example.org/a.jpg',
      '/a.jpg',
      '//example.org/a.jpg',
      'data:image/png;base64,x',
    ]) {
      const text = source([...HEAD, `image: ${image}`]);
      expect(warnings(text)).toEqual([expect.stringMatching(/^5: image: expected the path/)]);
      expect(article(text)).not.toHaveProperty('image');
    }
  });

  it('for an empty body and an update before publication', () => {
    expect(warnings(source([...HEAD, 'updated: 2025-07-01'], ' \n'))).toEqual([
      expect.stringMatching(/^5: updated/),
      '7: the article has no text',
    ]);
  });

  it('for an article that is still to be written', () => {
    const told = [expect.stringMatching(/^6: the text is the one of a new file/)];
    expect(warnings(source(HEAD, '\nWrite here.\n'))).toEqual(told);
    expect(warnings(source(HEAD, '\nWrite here. And there.\n'))).toEqual([]);
  });
});

describe('held', () => {
  it.each([
    ['draft: true', 'draft'],
    ['draft: YES', 'draft'],
    ['published: false', 'published: false'],
    ['publishAt: 2020-01-01', 'publishAt: 2020-01-01'],
    ['publishAt: 2020-01-01T10:00', 'publishAt: 2020-01-01T10:00'],
    ['embargo:', 'embargo: without a value'],
    ['embargo: until the verdict', 'embargo: until the verdict'],
  ])('by %s', (line, reason) => {
    expect(read(source([...HEAD, line]), { releasedUntil: Date.parse('2030-01-01') })).toMatchObject({
      held: { reason },
      article: { slug: 'first-light' },
    });
  });

  it('when it is dated more than a day ahead', () => {
    const text = source(HEAD);
    expect(read(text, { today: '2025-07-06' })).not.toHaveProperty('held');
    expect(read(text, { today: '2025-07-05' }).held).toEqual({ reason: 'dated 2025-07-07' });
    expect(read(text, { today: '2025-07-05', allowFuture: true })).not.toHaveProperty('held');
  });

  it('turns errors into warnings', () => {
    const parsed = read(source(['title: x', 'draft: true']));
    expect(parsed.held).toEqual({ reason: 'draft' });
    expect(parsed).not.toHaveProperty('article');
    expect(parsed.findings.map(({ severity }) => severity)).toEqual(['warning', 'warning']);
  });

  it('is not what a misspelt flag says', () => {
    const parsed = read(source([...HEAD, 'draft: maybe']));
    expect(parsed).not.toHaveProperty('held');
    expect(errors(parsed)).toHaveLength(1);
  });
});
