import { pageAddress } from '../../article/addresses.ts';
import type { ArticleDocument } from '../../article/document.ts';
import { renderBody } from '../../article/markdown.ts';
import { topicAddress } from '../../article/media-topics.ts';
import { externalUrl } from '../../article/references.ts';
import { asInstant } from '../feeds/feed.ts';
import { feedId } from '../feeds/feed-id.ts';
import { picturesOf } from './ninjs-pictures.ts';

/** A news item of IPTC ninjs 3.1, as far as one is made of an article. */
export type NinjsItem = Record<string, unknown>;

/**
 * An article as IPTC ninjs 3.1 (docs/format.md, "ninjs"). It knows no member for a correction: notices are descriptions
 * with the role `correction` and the like, and every revision is a new `version`.
 *
 * @param cid of the bundle: pictures are addressed in it.
 */
export function ninjsOf(document: ArticleDocument, cid: string): NinjsItem {
  const { publication, identifier, status, headline, author = [] } = document;
  const by = author.map(({ name }) => name);
  return {
    uri: feedId(publication.id, identifier),
    standard: {
      name: 'ninjs',
      version: '3.1',
      schema: 'http://www.iptc.org/std/ninjs/ninjs-schema_3.1.json',
    },
    type: 'text',
    representationType: document.withheld === undefined ? 'full' : 'partial',
    version: String(document.revision),
    firstCreated: asInstant(document.datePublished),
    versionCreated: asInstant(document.dateModified),
    pubStatus: status === 'retracted' ? 'canceled' : 'usable',
    language: document.inLanguage,
    title: headline,
    headlines: [{ role: 'main', contentType: 'text/plain', value: headline }],
    ...listed('descriptions', descriptionsOf(document)),
    ...listed('bodies', bodiesOf(document, cid)),
    ...(by.length === 0 ? {} : { by: by.join(', ') }),
    ...listed(
      'people',
      by.map((name) => ({ name, rel: 'author' })),
    ),
    ...listed('subjects', subjectsOf(document)),
    infoSources: [sourceOf(document)],
    ...rightsOf(document),
    ...listed('associations', picturesOf(document, cid)),
    altIds: altIdsOf(document, cid),
    trustIndicators: [
      {
        role: 'https://www.w3.org/TR/vc-di-eddsa/',
        title: 'Signed record',
        href: `ipfs://${cid}/article.json`,
      },
    ],
  };
}

function listed(name: string, values: readonly unknown[]): NinjsItem {
  return values.length === 0 ? {} : { [name]: values };
}

function descriptionsOf({ description, correction = [] }: ArticleDocument): NinjsItem[] {
  const text = (role: string, value: string) => ({ role, contentType: 'text/plain', value });
  return [
    ...(description === undefined ? [] : [text('summary', description)]),
    ...correction.map((notice) => text(notice.kind, `${notice.datePublished}: ${notice.text}`)),
  ];
}

/** As it was written, and as HTML; nothing where the text is withheld. */
function bodiesOf(document: ArticleDocument, cid: string): NinjsItem[] {
  const { articleBody, withheld, wordCount, inLanguage, files, identifier } = document;
  if (withheld !== undefined) return [];
  const media = new Map(
    files
      .filter(({ role }) => role === 'image')
      .flatMap(({ path, source = [] }) => source.map((reference) => [reference, path])),
  );
  const { html } = renderBody(articleBody, {
    resolveMedia: (reference) => {
      const path = media.get(reference);
      return path === undefined ? undefined : `ipfs://${cid}/${path}`;
    },
    file: identifier,
    firstLine: 1,
    language: inLanguage,
  });
  const words = wordCount === undefined ? {} : { wordCount };
  return [
    { role: 'main', contentType: 'text/markdown', ...words, value: articleBody },
    { role: 'main', contentType: 'text/html', ...words, value: html },
  ];
}

/** The categories, and their Media Topics, each once. */
function subjectsOf({ categories }: ArticleDocument): NinjsItem[] {
  const topics = new Map<string, NinjsItem>();
  for (const { name, topic } of categories) {
    if (topic !== undefined && !topics.has(topic))
      topics.set(topic, { name, rel: 'about', uri: topicAddress(topic), literal: topic, creator: 'editor' });
  }
  return [
    ...categories.map(({ slug, name }) => ({ name, rel: 'category', literal: slug })),
    ...topics.values(),
  ];
}

function sourceOf({ publication: { id, name, url } }: ArticleDocument): NinjsItem {
  const address = url === undefined ? undefined : externalUrl(url);
  return { name, role: 'publisher', literal: id, ...(address === undefined ? {} : { uri: address }) };
}

function rightsOf({ license }: ArticleDocument): NinjsItem {
  if (license === undefined) return {};
  const address = externalUrl(license);
  return {
    usageTerms: license,
    ...(address === undefined
      ? {}
      : { rightsInfo: { langId: 'http://www.w3.org/ns/odrl/2/', linkedRights: address } }),
  };
}

function altIdsOf({ identifier, publication, previous }: ArticleDocument, cid: string): NinjsItem[] {
  const page = pageAddress(identifier, publication);
  return [
    { role: 'cid', value: cid },
    { role: 'article', value: identifier },
    { role: 'publication', value: publication.id },
    ...(previous === undefined ? [] : [{ role: 'previous', value: previous }]),
    ...(page === undefined ? [] : [{ role: 'url', value: page }]),
  ];
}
