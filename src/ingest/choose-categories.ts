import { categorySlug } from '../article/slug.ts';
import type { ForeignPost } from './foreign-post.ts';
import type { Losses } from './losses.ts';
import { plainLine, shorten } from './plain-text.ts';

/** Where categories come from, the first of them that says anything. */
export const CATEGORY_SOURCES = ['categories', 'section', 'tags'] as const;
export type CategorySource = (typeof CATEGORY_SOURCES)[number];

const LIMITS = { name: 100, number: 20 } as const;
/** What says nothing: collections of Eleventy, and what WordPress writes where nothing was chosen. */
const NOTHING = new Set('post posts all uncategorized uncategorised allgemein'.split(' '));

/** Gives categories to articles, each under one name however often it is written in another way. */
export class CategoryChooser {
  readonly #sources: readonly CategorySource[];
  readonly #fallback: readonly string[];
  readonly #names: Map<string, string>;

  /**
   * @param fallback categories of a post that has none.
   * @param known names that are decided, by slug.
   */
  constructor(
    sources: readonly CategorySource[],
    fallback: readonly string[],
    known: Iterable<readonly [string, string]>,
  ) {
    this.#sources = sources;
    this.#fallback = fallback;
    this.#names = new Map(known);
  }

  choose(post: ForeignPost, losses: Losses): string[] {
    const written: Record<CategorySource, readonly string[]> = {
      categories: post.categories,
      section: post.section === undefined ? [] : [post.section],
      tags: post.tags,
    };
    const source = this.#sources.find((name) => meaningful(written[name]).length > 0);
    const chosen = this.#unite(source === undefined ? this.#fallback : meaningful(written[source]));
    const slugs = [...chosen.keys()].slice(0, LIMITS.number);
    const kept = slugs.map((slug) => chosen.get(slug) ?? slug);
    const lost = meaningful([...post.categories, ...post.tags]).filter(
      (name) => !slugs.includes(categorySlug(name)),
    );
    const named = [...new Set(lost)];
    if (named.length > 0)
      losses.add('category', `not among its categories: ${named.slice(0, 40).join(', ')}`);
    return kept;
  }

  /** Names by slug. One that is decided elsewhere and would give another slug is left to ovn.json to be written. */
  #unite(names: readonly string[]): Map<string, string> {
    const chosen = new Map<string, string>();
    for (const name of names) {
      const slug = categorySlug(name);
      const known = this.#names.get(slug);
      const kept = known !== undefined && categorySlug(known) === slug ? known : name;
      if (known === undefined) this.#names.set(slug, name);
      if (!chosen.has(slug)) chosen.set(slug, kept);
    }
    return chosen;
  }
}

function meaningful(names: readonly string[]): string[] {
  return names
    .map((name) => shorten(plainLine(name).normalize('NFC'), LIMITS.name))
    .filter((name) => name !== '' && !NOTHING.has(name.toLowerCase()));
}
