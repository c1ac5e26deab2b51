import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { printable } from '../../src/article/characters.ts';
import { imageReferences, renderBody } from '../../src/article/markdown.ts';
import { renderPage } from '../../src/article/page.ts';
import { normaliseSource } from '../../src/article/source-text.ts';
import { OvnError } from '../../src/errors.ts';
import { article, dangers, document, elements, HEAD, linkedDataIn, read, source } from './support.ts';

const NASTY = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  '</title><svg onload=alert(1)>',
  'javascript:alert(1)',
  'jav\tascript:alert(1)',
  '&#x6a;avascript:alert(1)',
  'data:text/html;base64,PHNjcmlwdD4=',
  '//evil.example',
  '/etc/passwd',
  '../../x',
  'https://e.org/"onclick="x',
  'https://e.org/<b>',
  '#"><script>',
  '%00%0a%ff',
  '__proto__',
  'constructor',
  'hasOwnProperty',
  '\u202e\u0000\ufffe',
  '\ud800',
  '&amp;&lt;{names}{date}$&$1',
  '*a',
  '&a',
  '!!js/function x',
  '<<',
  '---',
  '...',
  '\t',
  '🧨',
];
const nasty = fc.constantFrom(...NASTY);
const text = fc.oneof(nasty, fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }));
const FIELDS =
  `title date categories slug summary author authors language image imageAlt caption imageCredit updated corrections
  sources license draft published publishAt embargo constructor __proto__ toString << "quoted key" ? - [`.split(
    /\s+/,
  );

const scalar = fc.oneof(
  text,
  text.map((value) => JSON.stringify(value)),
  text.map((value) => `|\n  ${value.replaceAll('\n', '\n  ')}`),
  fc.constantFrom(
    '2025-07-07',
    '2025-07-07T10:00Z',
    'true',
    'Science',
    '[a, b]',
    '{a: b}',
    '',
    '- x',
    '\n  - date: 2025-07-08\n    text: y',
  ),
);
const line = fc
  .tuple(fc.oneof(fc.constantFrom(...FIELDS), nasty), scalar)
  .map(([name, value]) => `${name}: ${value}`);
const frontMatter = fc
  .tuple(fc.boolean(), fc.array(line, { maxLength: 8 }), fc.constantFrom('---', '...', '', '+++'))
  .map(([good, lines, end]) => `---\n${[...(good ? HEAD : []), ...lines].join('\n')}\n${end}\n`);

const inline = fc.oneof(
  text,
  fc
    .tuple(
      fc.constantFrom('[a](', '![a](', '[a](<', '<', '[x]: ', '![', '`'),
      text,
      fc.constantFrom(')', '>', '>)', '](y)', '`', ' "t")'),
    )
    .map((parts) => parts.join('')),
);
const prefix = fc.constantFrom(
  '',
  '# ',
  '## ',
  '> ',
  '- ',
  '1. ',
  '    ',
  '```',
  '| ',
  '|-|\n| ',
  '\n',
  '~~~ ',
);
const markdown = fc
  .array(
    fc.tuple(prefix, inline).map((parts) => parts.join('')),
    { maxLength: 12 },
  )
  .map((lines) => lines.join('\n'));

/** The page of an article that its hostile author has in every place. */
function pageOf(value: string, body: string): string {
  return renderPage(
    document({
      headline: value,
      description: value,
      categories: [{ slug: 'constructor', name: value }],
      author: [{ '@type': 'Person', name: value }],
      inLanguage: value,
      datePublished: value,
      articleBody: body,
      license: value,
      publication: { id: value, masthead: 1, name: value, tagline: value, url: value },
      citation: [{ '@type': 'CreativeWork', name: value, url: value }],
      correction: [{ '@type': 'CorrectionComment', kind: 'update', datePublished: value, text: value }],
      files: [
        {
          path: value,
          cid: '',
          size: 1,
          type: 'image/png',
          role: 'image',
          source: [value, '__proto__'],
          alt: value,
          lead: true,
        },
        {
          path: 'media/a-12345678.png',
          cid: '',
          size: 1,
          type: 'image/png',
          role: 'image',
          source: ['a'],
          alt: value,
          caption: value,
          credit: value,
          lead: true,
        },
      ],
    }),
  );
}

describe('a hostile source', () => {
  it('is read into findings or an article with a safe page', () => {
    fc.assert(
      fc.property(frontMatter, markdown, fc.boolean(), (matter, body, allowFuture) => {
        const parsed = read((matter + body).toWellFormed(), { allowFuture });
        if (parsed.article === undefined) expect(parsed.findings).not.toEqual([]);
        for (const { line: at, message } of parsed.findings) {
          expect(at).toBeGreaterThan(0);
          expect(message).not.toMatch(/\p{Cc}/u);
        }
        if (parsed.article === undefined) return;
        const { id, headline, inLanguage } = parsed.article;
        expect(id).toMatch(/^\d{4}\/\d\d\/\d\d\/[a-z0-9-]{1,80}$/);
        expect(
          dangers(renderPage(document({ headline, inLanguage, articleBody: parsed.article.body }))),
        ).toEqual([]);
      }),
      { numRuns: 1500 },
    );
  });

  it('of any bytes is text or an OvnError', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          read(normaliseSource(bytes));
        } catch (error) {
          expect(error).toBeInstanceOf(OvnError);
        }
      }),
    );
  });
});

describe('a hostile page', () => {
  it('is safe whatever its fields and its Markdown hold', () => {
    fc.assert(
      fc.property(text, markdown, (value, body) => {
        const page = pageOf(value, body);
        expect(dangers(page)).toEqual([]);
        expect(page.match(/<script/g)).toHaveLength(1);
        expect(page).toContain('<script type="application/ld+json">');
        const { headline } = linkedDataIn(page) as { headline: string };
        expect(printable(headline)).toBe(printable(value));
        expect(elements(page).filter(({ tagName }) => tagName === 'h1')).toHaveLength(1);
        expect(pageOf(value, body)).toBe(page);
      }),
      { numRuns: 1500 },
    );
  });

  it.each(NASTY)('is safe with %j everywhere', (value) => {
    const page = pageOf(
      value,
      `${value}\n\n[${value}](${value}) ![${value}](<${value}> "${value}")\n\n# ${value}\n\n\`\`\`${value}\n${value}\n`,
    );
    expect(dangers(page)).toEqual([]);
  });

  it('would be found out by the check', () => {
    expect(dangers('<p onclick=x><script></script><a href="javascript:x">a</a><img src=//x>')).toEqual(
      expect.arrayContaining(['p onclick', '<script>', 'href javascript:x', 'src //x']),
    );
  });
});

describe('hostile Markdown', () => {
  it('names the same references to whoever collects and whoever renders', () => {
    fc.assert(
      fc.property(markdown, (body) => {
        const listed = imageReferences(body).map(({ reference }) => reference);
        const { references } = renderBody(body, {
          resolveMedia: () => 'media/a.png',
          file: 'a.md',
          firstLine: 1,
        });
        expect(references).toEqual([...new Set(listed)]);
      }),
      { numRuns: 1000 },
    );
  });

  it('makes every heading’s id its own', () => {
    const headings = fc.array(fc.constantFrom('a', 'a-1', 'a 1', 'b', 'ovn-sources', '!', 'A'), {
      maxLength: 30,
    });
    fc.assert(
      fc.property(headings, (names) => {
        const page = renderPage(document({ articleBody: names.map((name) => `# ${name}\n`).join('') }));
        const ids = elements(page).flatMap(({ attrs }) =>
          attrs.filter(({ name }) => name === 'id').map(({ value }) => value),
        );
        expect(new Set(ids).size).toBe(ids.length);
        expect(ids).toHaveLength(names.length);
      }),
    );
  });
});

describe('constructor and __proto__', () => {
  it('are slugs, categories and fields like others', () => {
    const lines = [
      'title: x',
      'date: 2025-07-07',
      'categories: [constructor, __proto__]',
      'slug: constructor',
      '__proto__: {a: 1}',
    ];
    const read = article(source(lines));
    expect(read.id).toBe('2025/07/07/constructor');
    expect(read.categories.map(({ slug }) => slug)).toEqual(['constructor', 'proto']);
    expect(({} as Record<string, unknown>).a).toBeUndefined();
  });
});
