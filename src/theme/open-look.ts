import type { ArticleDocument } from '../article/document.ts';
import { direction } from '../article/languages.ts';
import type { Look } from '../article/look.ts';
import type { TemplateRules } from './scan-template.ts';
import { TemplateEngine } from './template-engine.ts';
import type { Theme } from './theme.ts';

const PAGE: TemplateRules = {
  parts: ['masthead', 'navigation', 'main', 'footer'],
  required: ['masthead', 'navigation', 'main', 'footer'],
  around: new Set(['div']),
  inOrder: true,
};
const ARTICLE: TemplateRules = {
  parts: [
    'retraction',
    'categories',
    'headline',
    'summary',
    'byline',
    'notice',
    'picture',
    'body',
    'corrections',
    'sources',
  ],
  required: ['retraction', 'categories', 'headline', 'byline', 'notice', 'body', 'corrections', 'sources'],
  around: new Set(['div', 'section', 'header']),
  inOrder: false,
};
const FRONT: TemplateRules = {
  parts: ['latest', 'categories', 'corrections'],
  required: ['latest', 'categories', 'corrections'],
  around: new Set(['div']),
  inOrder: false,
};

/**
 * Makes ready to lay pages out as a theme has it.
 *
 * @throws {OvnError} `source`, with file and line, where a template cannot be read; what a look gives throws the same where a
 * template fails.
 */
export function openLook(theme: Theme): Look {
  const own = { theme: theme.cid, ...(theme.embeds ? { embeds: true as const } : {}) };
  if (Object.keys(theme.templates).length === 0) return own;
  const engine = new TemplateEngine(theme);
  const page = engine.compile('page.liquid', PAGE);
  const article = engine.compile('article.liquid', ARTICLE);
  const front = engine.compile('front.liquid', FRONT);
  return {
    ...own,
    ...(page === undefined
      ? {}
      : {
          page: (parts, { language, direction: way, outlet }) =>
            page({ ...parts }, { page: { language, direction: way }, outlet }),
        }),
    ...(article === undefined
      ? {}
      : {
          article: (parts, document) =>
            article({ ...parts }, { article: factsOf(document) }, document.identifier),
        }),
    ...(front === undefined ? {} : { front: (parts) => front({ ...parts }, {}) }),
  };
}

/** What a template may ask about an article: texts, which are escaped where they are written. Every member is always there. */
function factsOf(document: ArticleDocument) {
  const { publication, author = [], correction = [], citation = [], inLanguage, revision, status } = document;
  return {
    id: document.identifier,
    headline: document.headline,
    summary: document.description ?? '',
    authors: author.map(({ name }) => name),
    categories: document.categories.map(({ slug, name }) => ({ slug, name })),
    published: document.datePublished,
    modified: document.dateModified,
    language: inLanguage,
    direction: direction(inLanguage),
    revision,
    status,
    words: document.wordCount ?? 0,
    corrections: correction.map(({ kind, datePublished, text }) => ({ kind, date: datePublished, text })),
    sources: citation.map(({ name, url = '' }) => ({ name, url })),
    license: document.license ?? '',
    outlet: { name: publication.name, tagline: publication.tagline },
  };
}
