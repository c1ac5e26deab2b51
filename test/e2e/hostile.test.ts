import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ParsedSource } from '../../src/article/article.ts';
import { parseSource } from '../../src/article/parse-source.ts';
import { normaliseSource } from '../../src/article/source-text.ts';
import { STYLE_CSS } from '../../src/article/style.ts';
import { type Bundle, buildBundle } from '../../src/bundle/build-bundle.ts';
import { toMarkdown } from '../../src/bundle/to-markdown.ts';
import { OvnError } from '../../src/errors.ts';
import { firstFailed } from '../../src/trust/check.ts';
import { publicationId } from '../../src/trust/masthead.ts';
import { signToBytes } from '../../src/trust/sign-document.ts';
import { addDirectory } from '../../src/unixfs/directory.ts';
import { addFile } from '../../src/unixfs/file.ts';
import { judgeBundle } from '../../src/workflows/verification/bundle.ts';
import { Evidence } from '../../src/workflows/verification/judging.ts';
import { dangers } from '../article/support.ts';
import { MemoryBlocks } from '../helpers/memory-blocks.ts';
import { KEYS, mastheadBytes } from '../helpers/publication.ts';
import { NOW } from './support.ts';

const blocks = new MemoryBlocks();
const MASTHEAD = mastheadBytes();
const STYLE = Buffer.from(STYLE_CSS, 'utf8');
const masthead = await addDirectory(
  [{ name: '1.json', ...(await addFile(MASTHEAD, blocks.sink)) }],
  blocks.sink,
);
const style = { link: await addFile(STYLE, blocks.sink), size: STYLE.length };
const publication = { id: publicationId(MASTHEAD), masthead: 1, name: 'Paper', tagline: '' };

const NAMES = [
  'constructor',
  '__proto__',
  'toString',
  'hasOwnProperty',
  'valueOf',
  'prototype',
  '..',
  'index',
  'con',
  'nul',
];
const BITS = [
  ...NAMES,
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  '</title></style><svg onload=alert(1)>',
  'javascript:alert(1)',
  '&#x6a;avascript:alert(1)',
  '//evil.example/x',
  '../../../etc/passwd',
  '%2e%2e%2f',
  'a\u0000b',
  '\u202egpj.exe',
  '\ud83d',
  '\u2028',
  'İıſK',
  '{{x}}$&$1',
  '*alias',
  '&anchor x',
  '!!python/object x',
  '<<: *x',
  '---',
  '...',
  '\t',
  '- ',
  '? ',
  '|+\n  x',
  '0x1f',
  '1e999',
  '~',
  '9'.repeat(400),
  'é'.repeat(100),
  '🧨',
];
const FIELDS =
  `title date categories slug summary author authors language image imageAlt imageCaption imageCredit updated
  corrections sources license draft published publishAt embargo`.split(/\s+/);

const bit = fc.oneof(fc.constantFrom(...BITS), fc.string({ unit: 'binary', maxLength: 40 }));
const value = fc.oneof(
  bit,
  bit.map((text) => JSON.stringify(text)),
  bit.map((text) => `[${text}, ${JSON.stringify(text)}]`),
  bit.map((text) => `\n  - ${text}`),
  bit.map((text) => `{${text}: x}`),
  fc.constantFrom(
    '2025-07-07',
    '2025-07-07T10:00:00+02:00',
    '2025-02-30',
    '0000-00-00',
    '9999-12-31',
    'true',
    '',
  ),
);
const line = fc.tuple(fc.constantFrom(...FIELDS, ...NAMES), value).map(([name, text]) => `${name}: ${text}`);
const slug = bit.map((text) => `slug: ${JSON.stringify(text)}`);
const categories = fc
  .array(bit, { minLength: 1, maxLength: 3 })
  .map((names) => `categories: ${JSON.stringify(names)}`);
const markdown = fc
  .array(
    fc.tuple(
      fc.constantFrom('', '# ', '> ', '- ', '    ', '![a](', '[a](', '<', '```', '|', '[x]: ', '\n'),
      bit,
      fc.constantFrom('', ')', '>'),
    ),
    { maxLength: 8 },
  )
  .map((lines) => lines.map((parts) => parts.join('')).join('\n'));

/** Front matter that is anything, and one that is whole but for what its author put in. */
const anything = fc.array(line, { maxLength: 8 });
const nearlyWhole = fc
  .tuple(categories, fc.option(slug), fc.array(line, { maxLength: 2 }), bit)
  .map(([named, slugged, more, title]) => [
    `title: ${JSON.stringify(`${title}.`)}`,
    'date: 2025-07-07',
    named,
    ...(slugged === null ? [] : [slugged]),
    ...more.filter((each) => !/^(?:title|date|categories|slug)\b/.test(each)),
  ]);
const source = fc
  .tuple(fc.oneof(anything, nearlyWhole, nearlyWhole, nearlyWhole), markdown, fc.constantFrom('---', '...'))
  .map(([lines, body, end]) => Buffer.from(`---\n${lines.join('\n')}\n${end}\n${body}`));
const fileName = fc
  .oneof(fc.constantFrom('first-light', ...NAMES), bit)
  .map((name) => `articles/${name.replaceAll('/', '-')}.md`);

function parse(file: string, text: string): ParsedSource {
  return parseSource({
    file,
    text,
    language: 'en',
    categoryNames: {},
    today: '2025-07-10',
    allowFuture: false,
  });
}

/** The way of an article: its source is read, and becomes a bundle, or is refused in words. */
async function take(file: string, bytes: Uint8Array): Promise<Bundle | 'held' | 'refused'> {
  const { article, held, findings } = parse(file, normaliseSource(bytes, file));
  if (held !== undefined) return 'held';
  if (article === undefined) {
    expect(findings.filter(({ severity }) => severity === 'error')).not.toEqual([]);
    return 'refused';
  }
  const bundle = await buildBundle(
    { article, source: file, publication, revision: 1, media: [], style, masthead },
    (document) => signToBytes(document, [KEYS.desk]),
  );
  for (const block of bundle.blocks) blocks.put(block);
  return bundle;
}

async function expectGenuine({ link }: Bundle): Promise<void> {
  const evidence = new Evidence(blocks.read, { now: NOW, signal: new AbortController().signal });
  const { checks, article } = await judgeBundle(link.cid, evidence);
  expect(firstFailed(checks)).toBeUndefined();
  expect(article?.identifier).toMatch(/^\d{4}\/\d\d\/\d\d\/[a-z0-9-]{1,80}$/);
}

function expectSafe({ blocks: made, document }: Bundle): void {
  const page = document.files.find(({ role }) => role === 'page')?.cid;
  const html = made.find(({ cid }) => cid.toString() === page)?.bytes ?? new Uint8Array();
  expect(html.length).toBeGreaterThan(0);
  expect(dangers(Buffer.from(html).toString('utf8'))).toEqual([]);
}

/** What `ovn get` gives as Markdown says the same as the article that it was made from. */
function expectSameAgain({ document }: Bundle): void {
  const again = parse('articles/again.md', toMarkdown(document));
  expect(again.findings.filter(({ severity }) => severity === 'error')).toEqual([]);
  expect(again.article).toMatchObject({
    id: document.identifier,
    headline: document.headline,
    categories: document.categories,
    body: document.articleBody,
  });
}

describe('a hostile source', () => {
  it('ends in words, or in a safe page that verifies and comes back as it was', async () => {
    const outcomes = { bundle: 0, refused: 0 };
    await fc.assert(
      fc.asyncProperty(fileName, source, async (file, bytes) => {
        const result = await take(file, bytes).catch((error: unknown) => {
          expect(error).toBeInstanceOf(OvnError);
          return 'refused' as const;
        });
        outcomes[typeof result === 'string' ? 'refused' : 'bundle'] += 1;
        if (typeof result === 'string') return;
        await expectGenuine(result);
        expectSafe(result);
        expectSameAgain(result);
      }),
      { numRuns: 1000 },
    );
    expect(outcomes.bundle).toBeGreaterThan(100);
    expect(outcomes.refused).toBeGreaterThan(100);
  });

  it.each(NAMES)('called %s in every place is as any other', async (name) => {
    const lines = [
      `title: ${name}`,
      'date: 2025-07-07',
      `categories: ["${name}", Science]`,
      `author: "${name}"`,
    ];
    const text = `---\n${lines.join('\n')}\n${name}: x\n---\n[${name}](#${name})\n`;
    const bundle = await take('articles/2025-07-07-a-file.md', Buffer.from(text));
    if (typeof bundle === 'string') throw new Error(bundle);
    await expectGenuine(bundle);
    expectSafe(bundle);
    expectSameAgain(bundle);
  });
});
