import { pageAddress, siteOf } from './addresses.ts';
import type { ArticleDocument, BundleFile } from './document.ts';
import { leadFile } from './lead-file.ts';
import { TOPIC_SCHEME, topicAddress, topicCode } from './media-topics.ts';
import { externalUrl } from './references.ts';

/** Where the page with the data is, if it is not in the bundle. */
export interface LinkedDataPlace {
  /** What leads to the bundle's files, with a slash at the end. */
  files?: string;
  /** CID of the bundle, which its own page cannot know. */
  cid?: string;
}

/** An article as schema.org's NewsArticle, for search engines and other readers: what its page shows, and nothing else. */
export function newsArticle(document: ArticleDocument, { files = '', cid }: LinkedDataPlace = {}) {
  const { publication, identifier, author = [], categories, license } = document;
  const page = pageAddress(identifier, publication);
  return {
    '@context': 'https://schema.org',
    '@type': 'NewsArticle',
    ...(page === undefined ? {} : { mainEntityOfPage: page, url: page }),
    identifier,
    ...(cid === undefined ? {} : { sameAs: `ipfs://${cid}/` }),
    headline: document.headline,
    ...(document.description === undefined ? {} : { description: document.description }),
    ...imageOf(document, files),
    datePublished: document.datePublished,
    dateModified: document.dateModified,
    inLanguage: document.inLanguage,
    ...(author.length === 0
      ? {}
      : { author: author.map(({ name }) => ({ '@type': 'Person', name }) as const) }),
    publisher: publisherOf(document),
    articleSection: categories.map(({ name }) => name),
    ...aboutOf(document),
    version: document.revision,
    ...(document.wordCount === undefined ? {} : { wordCount: document.wordCount }),
    ...(license === undefined ? {} : { license }),
    isAccessibleForFree: true,
    ...(document.status === 'retracted' ? { creativeWorkStatus: 'Retracted' } : {}),
    ...citationsOf(document),
    ...correctionsOf(document),
  } as const;
}

function imageOf(document: ArticleDocument, files: string) {
  const lead = leadFile(document);
  return lead === undefined ? {} : { image: [pictureOf(lead, files)] };
}

function pictureOf({ path, width, height, caption, credit }: BundleFile, files: string) {
  return {
    '@type': 'ImageObject',
    url: `${files}${path}`,
    ...(width === undefined ? {} : { width: `${width} px` }),
    ...(height === undefined ? {} : { height: `${height} px` }),
    ...(caption === undefined ? {} : { caption }),
    ...(credit === undefined ? {} : { creditText: credit }),
  } as const;
}

/** The outlet as schema.org knows it. */
export function publisherOf({
  publication,
}: {
  publication: Omit<ArticleDocument['publication'], 'masthead'>;
}) {
  const { id, name, tagline } = publication;
  const site = siteOf(publication);
  return {
    '@type': 'NewsMediaOrganization',
    name,
    identifier: id,
    ...(tagline === '' ? {} : { slogan: tagline }),
    ...(site === undefined ? {} : { url: site }),
  } as const;
}

/** The Media Topics of its categories, each once. */
function aboutOf({ categories }: ArticleDocument) {
  const topics = new Set(categories.flatMap(({ topic }) => topic ?? []));
  const about = Array.from(
    topics,
    (topic) =>
      ({
        '@type': 'DefinedTerm',
        '@id': topicAddress(topic),
        termCode: topicCode(topic),
        inDefinedTermSet: TOPIC_SCHEME,
      }) as const,
  );
  return about.length === 0 ? {} : { about };
}

function citationsOf({ citation = [] }: ArticleDocument) {
  const citations = citation.map(({ name, url }) => {
    const address = url === undefined ? undefined : externalUrl(url);
    return { '@type': 'CreativeWork', name, ...(address === undefined ? {} : { url: address }) } as const;
  });
  return citations.length === 0 ? {} : { citation: citations };
}

function correctionsOf({ correction = [] }: ArticleDocument) {
  const corrections = correction.map(
    ({ text, datePublished }) => ({ '@type': 'CorrectionComment', text, datePublished }) as const,
  );
  return corrections.length === 0 ? {} : { correction: corrections };
}
