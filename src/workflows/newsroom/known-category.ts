import { decidedNames, decisionOf, slugOfName } from '../../article/category-names.ts';
import { hasControl } from '../../article/characters.ts';
import { categorySlug } from '../../article/slug.ts';
import { suggest } from '../../article/suggest.ts';
import { OvnError } from '../../errors.ts';
import type { Repository } from '../../repo/repository.ts';
import type { CategorySource } from './category-sources.ts';

/** A category, and how a source has to write it. */
export interface NamedCategory {
  slug: string;
  name: string;
}

const NAME_LIMIT = 100;

/** What categories there are, by slug: published, decided by ovn.json, or named by a source that waits. */
export function knownCategories(
  { articles, settings }: Repository,
  sources: readonly CategorySource[],
): Map<string, string> {
  const written = sources.flatMap(({ names, slugs }) =>
    slugs.map((slug, at): [string, string] => [slug, names[at] ?? slug]),
  );
  return new Map([...written, ...articles.categoryNames(), ...decidedNames(settings.categories ?? {})]);
}

/**
 * The category that somebody means by a slug or a name.
 *
 * @throws {OvnError} `not-found`
 */
export function requireCategory(
  repository: Repository,
  known: ReadonlyMap<string, string>,
  what: string,
): NamedCategory {
  const found = findCategory(repository, known, what);
  if (found !== undefined) return found;
  const meant = suggest(what, [...known.keys()]);
  throw new OvnError('not-found', `there is no category ${what}`, {
    hint: meant === undefined ? 'ovn category ls shows them.' : `Did you mean ${meant}?`,
  });
}

/** As {@link requireCategory}; nothing where there is none. */
export function findCategory(
  { settings }: Repository,
  known: ReadonlyMap<string, string>,
  what: string,
): NamedCategory | undefined {
  const meant = known.has(what) ? what : slugOfName(what.normalize('NFC'), settings.categories ?? {});
  const own = categorySlug(what.normalize('NFC'));
  const slug = known.has(meant) ? meant : [...known].find(([, name]) => categorySlug(name) === own)?.[0];
  const name = known.get(slug ?? '');
  return slug === undefined || name === undefined ? undefined : { slug, name };
}

/**
 * What a source has to write for a category: its name, where that leads to it; else what another source writes, else the slug.
 */
export function spellingOf(
  { settings }: Repository,
  { slug, name }: NamedCategory,
  sources: readonly CategorySource[],
): string {
  const decided = settings.categories ?? {};
  if (slugOfName(name, decided) === slug) return name;
  const written = sources.flatMap(({ names, slugs }) => names.filter((_, at) => slugs[at] === slug));
  return written[0] ?? decisionOf(decided, slug)?.formerly?.[0] ?? slug;
}

/** @throws {OvnError} `usage` for what can be no name of a category. */
export function requireName(text: string): string {
  const name = text.normalize('NFC').replace(/\s+/g, ' ').trim();
  if (name === '') throw new OvnError('usage', 'the name of a category is empty');
  if (name.length > NAME_LIMIT)
    throw new OvnError('usage', `the name has ${name.length} characters; at most ${NAME_LIMIT} are taken`);
  if (hasControl(name)) throw new OvnError('usage', 'the name holds control characters');
  return name;
}

/** @throws {OvnError} `usage` for what is no slug. */
export function requireSlug(text: string): string {
  if (categorySlug(text) === text) return text;
  throw new OvnError('usage', `--slug takes letters a-z, digits and "-", not "${text}"`, {
    hint: `Did you mean --slug ${categorySlug(text)}?`,
  });
}
