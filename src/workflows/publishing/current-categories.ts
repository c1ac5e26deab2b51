import { decidedNames, decisionOf } from '../../article/category-names.ts';
import type { MovedCategory } from '../../edition/redirects.ts';
import type { Repository } from '../../repo/repository.ts';
import type { Settings } from '../../repo/settings.ts';

/** What categories are called from now on, by slug: as ovn.json decides, else as in the head. */
export function currentNames({
  articles,
  settings,
}: Pick<Repository, 'articles' | 'settings'>): Map<string, string> {
  return new Map([...articles.categoryNames(), ...decidedNames(settings.categories ?? {})]);
}

/**
 * The categories that had other slugs before; of a slug that several claim, the last. A slug that ovn.json decides is that category's
 * own, as it is for sources: no address leads away from it, and none in a circle.
 */
export function movedCategories({ categories = {} }: Pick<Settings, 'categories'>): MovedCategory[] {
  const moved = Object.keys(categories).flatMap((to) =>
    (decisionOf(categories, to)?.formerly ?? []).map((from) => [from, to] as const),
  );
  return Array.from(new Map(moved), ([from, to]) => ({ from, to })).filter(
    ({ from }) => !Object.hasOwn(categories, from),
  );
}
