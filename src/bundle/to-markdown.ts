import { dump, FAILSAFE_SCHEMA } from 'js-yaml';
import { dayOf } from '../article/calendar.ts';
import type { ArticleDocument, BundleFile, Citation, Correction } from '../article/document.ts';

/**
 * An article as a source file: front matter that says what article.json says, and the very bytes of the body. Parsing
 * it gives the same article; that is how an article comes back when only its bundle is left.
 */
export function toMarkdown(document: ArticleDocument): string {
  const frontMatter = dump(fields(document), { schema: FAILSAFE_SCHEMA, lineWidth: -1, noRefs: true });
  return `---\n${frontMatter}---\n${document.articleBody}`;
}

function fields(document: ArticleDocument): Record<string, unknown> {
  const lead = document.files.find((file) => file.lead);
  const { datePublished, dateModified } = document;
  return withoutNothing({
    title: document.headline,
    ...dateFields(document),
    slug: document.identifier.slice('YYYY/MM/DD/'.length),
    categories: document.categories.map(({ name }) => name),
    summary: document.description,
    authors: document.author?.map(({ name }) => name),
    language: document.inLanguage,
    ...imageFields(lead),
    updated: dateModified === datePublished ? undefined : dateModified,
    corrections: document.correction?.map((entry) => correctionFields(entry, document)),
    sources: document.citation?.map(citationFields),
    license: document.license,
  });
}

/** The day of the id; where the article was first published on another one, that was its `publishAt`. */
function dateFields({ identifier, datePublished }: ArticleDocument): Record<string, string> {
  const day = identifier.slice(0, 'YYYY/MM/DD'.length).replaceAll('/', '-');
  return dayOf(datePublished) === day ? { date: datePublished } : { date: day, publishAt: datePublished };
}

function imageFields(lead: BundleFile | undefined): Record<string, unknown> {
  if (lead === undefined) return {};
  return {
    image: lead.source?.[0],
    imageAlt: lead.alt ?? '',
    imageCaption: lead.caption,
    imageCredit: lead.credit,
  };
}

function correctionFields(
  { datePublished, kind, text }: Correction,
  { withheld }: ArticleDocument,
): Record<string, string> {
  const entry = { date: datePublished, type: kind, text };
  return kind === 'retraction' && withheld !== undefined ? { ...entry, withhold: 'true' } : entry;
}

function citationFields({ name, url }: Citation): string | Record<string, string> {
  return url === undefined ? name : { title: name, url };
}

function withoutNothing(values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
