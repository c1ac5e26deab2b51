import { dayOf, instantOf } from './calendar.ts';
import { type CategoryDecisions, decisionOf, slugOfName } from './category-names.ts';
import type { Category } from './document.ts';
import type { FrontMatter } from './front-matter.ts';
import { isLanguage } from './languages.ts';
import { externalUrl } from './references.ts';
import { nameOfFile, slugify } from './slug.ts';

/** Characters of a text, and numbers of things. */
const LIMITS = {
  title: 500,
  summary: 5000,
  author: 200,
  authors: 100,
  category: 100,
  categories: 20,
  license: 500,
} as const;
const SCHEME = /^[a-z][a-z0-9+.-]*:\/\//i;

export function readHeadline(matter: FrontMatter): string | undefined {
  return required(matter, 'title', 'a headline', matter.text('title', LIMITS.title));
}

export function readSummary(matter: FrontMatter): string | undefined {
  return matter.text('summary', LIMITS.summary);
}

/** Passes a field's value on; an error when the field says nothing at all. */
export function required(
  matter: FrontMatter,
  name: string,
  expected: string,
  value: string | undefined,
): string | undefined {
  if (value === undefined && !matter.hasValue(name)) {
    matter.error(matter.lineOf(name), `${name}: expected ${expected}, found none`);
  }
  return value;
}

/** The slug of the field, else of the file's name; where that gives none, a proposal from it or from the headline. */
export function readSlug(
  matter: FrontMatter,
  file: string,
  headline: string | undefined,
): { slug?: string; isNamedByFile?: boolean; proposedSlug?: string } {
  const written = matter.text('slug', 500);
  const result = slugify(written ?? nameOfFile(file));
  if (result.error === undefined) return { slug: result.slug, isNamedByFile: written === undefined };
  const ofTitle = slugify(headline ?? '');
  const fromTitle =
    ofTitle.error === undefined && result.proposal.startsWith('a-') ? ofTitle.slug : result.proposal;
  const where = written === undefined ? 'slug: the file’s name gives none' : 'slug';
  matter.error(matter.lineOf('slug'), `${where}: ${result.error}; write "slug: ${fromTitle}"`);
  return { proposedSlug: fromTitle };
}

/** One or more categories, each once. `decided` names the slugs that `ovn.json` decides. */
export function readCategories(matter: FrontMatter, decided: CategoryDecisions): Category[] {
  const names = matter.texts('categories', LIMITS.category);
  if (matter.nodes('categories').length === 0) {
    matter.error(matter.lineOf('categories'), 'categories: expected one or more names, found none');
  }
  if (names.length > LIMITS.categories) {
    matter.error(
      matter.lineOf('categories'),
      `categories: expected at most ${LIMITS.categories}, found ${names.length}`,
    );
  }
  const bySlug = new Map<string, string>();
  for (const { value, line } of names) addCategory(matter, bySlug, value.normalize('NFC'), line, decided);
  return Array.from(bySlug, ([slug, name]) => ({ slug, name, ...topicOf(decided, slug) }));
}

function topicOf(decided: CategoryDecisions, slug: string): { topic?: string } {
  const topic = decisionOf(decided, slug)?.topic;
  return topic === undefined ? {} : { topic };
}

function addCategory(
  matter: FrontMatter,
  bySlug: Map<string, string>,
  written: string,
  line: number,
  decided: CategoryDecisions,
): void {
  const slug = slugOfName(written, decided);
  const name = decisionOf(decided, slug)?.name ?? written;
  const other = bySlug.get(slug);
  if (other === undefined) bySlug.set(slug, name);
  else if (other === name) matter.warn(line, `categories: "${written}" stands there twice`);
  else {
    matter.error(
      line,
      `categories: expected one name for "${slug}", found "${other}" and "${written}"; let "categories" in ovn.json decide`,
    );
  }
}

/** The article's language, else the outlet's. */
export function readLanguage(matter: FrontMatter, outlet: string): string {
  const language = matter.text('language', 60);
  if (language === undefined) return outlet;
  if (!isLanguage(language)) {
    matter.error(
      matter.lineOf('language'),
      `language: expected a BCP 47 tag such as en, pt-BR or zh-Hans, found "${language}"`,
    );
  }
  return language;
}

/** Names, as texts or as mappings with a `name`. */
export function readAuthors(matter: FrontMatter): string[] {
  const authors = matter.nodes('authors').flatMap((node) => {
    const named = node.kind === 'map' ? (node.fields.get('name')?.node ?? node) : node;
    return matter.textOf('authors', named, LIMITS.author, node.line) ?? [];
  });
  if (authors.length > LIMITS.authors) {
    matter.error(
      matter.lineOf('authors'),
      `authors: expected at most ${LIMITS.authors}, found ${authors.length}`,
    );
  }
  return authors;
}

/** An SPDX expression, another short text, or an address. */
export function readLicense(matter: FrontMatter): string | undefined {
  const license = matter.text('license', LIMITS.license);
  if (license === undefined || !SCHEME.test(license) || externalUrl(license) !== undefined) return license;
  matter.error(
    matter.lineOf('license'),
    `license: expected an SPDX identifier such as CC-BY-4.0, or an http(s) address, found "${license}"`,
  );
  return undefined;
}

/** When the article was last changed, by its own word. */
export function readUpdated(matter: FrontMatter, date: string | undefined): string | undefined {
  const updated = matter.date('updated');
  if (updated === undefined || date === undefined) return updated;
  if (dayOf(updated) < dayOf(date) && instantOf(updated) < instantOf(date)) {
    matter.warn(matter.lineOf('updated'), `updated: ${updated} lies before the date ${date}`);
  }
  return updated;
}
