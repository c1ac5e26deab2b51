import { type DefaultTreeAdapterTypes, parse } from 'parse5';
import type { ParsedSource, SourceInput } from '../../src/article/article.ts';
import type { ArticleDocument } from '../../src/article/document.ts';
import { renderBody } from '../../src/article/markdown.ts';
import { parseSource } from '../../src/article/parse-source.ts';

export const HEAD = ['title: First light', 'date: 2025-07-07', 'categories: Science'];

/** A source of front matter lines and a body. */
export function source(lines: readonly string[], body = 'Text.\n'): string {
  return `---\n${lines.join('\n')}\n---\n${body}`;
}

export function read(text: string, changes: Partial<SourceInput> = {}): ParsedSource {
  const file = 'articles/first-light.md';
  const today = '2025-07-08';
  return parseSource({
    file,
    text,
    language: 'en',
    categoryNames: {},
    today,
    allowFuture: false,
    ...changes,
  });
}

/** The article of a source that must have one. */
export function article(text: string, changes: Partial<SourceInput> = {}) {
  const parsed = read(text, changes);
  if (parsed.article === undefined) throw new Error(JSON.stringify(parsed.findings));
  return parsed.article;
}

/** `line: message` of every error. */
export function errors(parsed: ParsedSource): string[] {
  return parsed.findings
    .filter(({ severity }) => severity === 'error')
    .map(({ line, message }) => `${line}: ${message}`);
}

export function body(markdown: string, media: Record<string, string> = {}, firstLine = 1) {
  const known = new Map(Object.entries(media));
  return renderBody(markdown, { resolveMedia: (reference) => known.get(reference), file: 'a.md', firstLine });
}

export function document(changes: Partial<ArticleDocument> = {}): ArticleDocument {
  return {
    '@context': ['https://schema.org', 'https://w3id.org/security/data-integrity/v2'],
    '@type': 'NewsArticle',
    format: 'ovn-article/1',
    template: 1,
    publication: {
      id: 'bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy',
      masthead: 1,
      name: 'OpenVoiceNews',
      tagline: 'Transparent. Unbiased. Yours.',
      url: 'https://openvoice.example/',
    },
    identifier: '2025/07/07/first-light',
    revision: 1,
    status: 'published',
    headline: 'First light',
    articleSection: ['Science'],
    categories: [{ slug: 'science', name: 'Science' }],
    datePublished: '2025-07-07',
    dateModified: '2025-07-07',
    inLanguage: 'en',
    encodingFormat: 'text/markdown',
    articleBody: 'Text.\n',
    files: [],
    ...changes,
  };
}

/** Every element of a page, as a browser's parser sees it. */
export function elements(html: string): DefaultTreeAdapterTypes.Element[] {
  const found: DefaultTreeAdapterTypes.Element[] = [];
  const open: DefaultTreeAdapterTypes.Node[] = [parse(html)];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if ('tagName' in node) found.push(node);
    if ('childNodes' in node) open.push(...node.childNodes);
  }
  return found;
}

const TAGS = new Set(
  `html head meta title link body header main article footer section figure figcaption div span p a img time ul ol li h1 h2 h3 h4 h5 h6
  em strong s ins del code pre blockquote hr br table thead tbody tr th td`.split(/\s+/),
);
const ATTRIBUTES = new Set(
  `charset http-equiv content name rel href type title lang dir class id datetime src alt width height loading decoding download
  property scope sizes srcset tabindex role aria-label aria-labelledby start`.split(/\s+/),
);
const SOURCES = /^(?:media\/[a-z0-9-]+\.[a-z0-9]+ \d+w(?:, |$))+$/;
const HREF =
  /^(?:https?:\/\/|ipfs:\/\/|ipns:\/\/|mailto:|#|media\/|\.\/\?format=car$|article\.json$|style\.css$|changes\.html$|index\.html$)/i;

/** A block of data, which no browser runs. */
function isData(tagName: string, attrs: readonly { name: string; value: string }[]): boolean {
  const [type, ...more] = attrs;
  const isType = type?.name === 'type' && type.value === 'application/ld+json';
  return tagName === 'script' && isType && more.length === 0;
}

/** The data in a page, as a search engine reads it. */
export function linkedDataIn(html: string): unknown {
  const [, text = ''] = /<script type="application\/ld\+json">([^<]*)<\/script>/.exec(html) ?? [];
  return JSON.parse(text);
}

/** What a page holds that no page may hold: a foreign element or attribute, or an address that leads elsewhere. */
export function dangers(html: string): string[] {
  return elements(html).flatMap(({ tagName, attrs }) => [
    ...(TAGS.has(tagName) || isData(tagName, attrs) ? [] : [`<${tagName}>`]),
    ...attrs.filter(({ name }) => !ATTRIBUTES.has(name)).map(({ name }) => `${tagName} ${name}`),
    ...attrs
      .filter(({ name, value }) => name === 'href' && !HREF.test(value))
      .map(({ value }) => `href ${value}`),
    ...attrs
      .filter(({ name, value }) => name === 'src' && !value.startsWith('media/'))
      .map(({ value }) => `src ${value}`),
    ...attrs
      .filter(({ name, value }) => name === 'srcset' && !SOURCES.test(value))
      .map(({ value }) => `srcset ${value}`),
  ]);
}
