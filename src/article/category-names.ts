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
 * The slug of the category that a source means by a name: the name's own, where `ovn.json` knows that one; else the one that
 * `ovn.json` gives this name to (of several the first by code unit); else its own.
 *
 * @param written NFC.
 */
export function slugOfName(written: string, decided: CategoryDecisions): string {
  const own = categorySlug(written);
  if (Object.hasOwn(decided, own)) return own;
  const slugs = Object.keys(decided).filter((slug) => decisionOf(decided, slug)?.name === written);
  return slugs.sort()[0] ?? own;
}
