import type { CategoryDecision } from './document.ts';
import { categorySlug } from './slug.ts';

/** What `ovn.json` decides, by slug. */
export type CategoryDecisions = Readonly<Record<string, CategoryDecision>>;

/** What `ovn.json` decides for a slug. */
export function decisionOf(
  decided: CategoryDecisions,
  slug: string,
): Exclude<CategoryDecision, string> | undefined {
  const decision = Object.hasOwn(decided, slug) ? decided[slug] : undefined;
  return typeof decision === 'string' ? { name: decision } : decision;
}

/** The names that `ovn.json` decides, by slug. */
export function decidedNames(decided: CategoryDecisions): Map<string, string> {
  return new Map(
    Object.entries(decided).map(([slug, said]) => [slug, typeof said === 'string' ? said : said.name]),
  );
}

/**
 * The slug of the category that a source means by a name: the name's own, where `ovn.json` knows that one; else the one of which
 * `ovn.json` says that it had this slug before, or that it is called so (of several the first by code unit); else its own.
 *
 * @param written NFC.
 */
export function slugOfName(written: string, decided: CategoryDecisions): string {
  const own = categorySlug(written);
  const slugs = Object.keys(decided);
  if (slugs.length === 0 || Object.hasOwn(decided, own)) return own;
  slugs.sort();
  return (
    slugs.find((slug) => decisionOf(decided, slug)?.formerly?.includes(own)) ??
    slugs.find((slug) => decisionOf(decided, slug)?.name === written) ??
    own
  );
}
