import { isSiteFile } from '../site-files.ts';
import type { JudgedBundle } from './bundle.ts';
import { listCategory } from './category.ts';
import type { Evidence } from './evidence.ts';
import { Refused } from './failure.ts';
import type { Manifest } from './manifest.ts';
import type { PlacedBundle } from './places.ts';

/** A category holds every article that says it is in it, their earlier revisions, and nothing else. */
export async function requireCategories(
  { categories }: Manifest,
  newest: readonly PlacedBundle[],
  earlier: readonly PlacedBundle[],
  judged: ReadonlyMap<string, JudgedBundle>,
  { store }: Evidence,
): Promise<number> {
  const inside = (await store.list(['categories'])) ?? [];
  const folders = new Map([...inside].filter(([name]) => !isSiteFile(name)));
  const expected = new Map<string, PlacedBundle[]>(Object.keys(categories).map((slug) => [slug, []]));
  for (const bundle of newest) {
    const later = earlier.filter(({ id }) => id === bundle.id);
    for (const { slug } of judged.get(bundle.cid)?.article.categories ?? []) {
      const list = expected.get(slug);
      if (list === undefined)
        throw new Refused(`${bundle.id} is in the category ${slug}, which the manifest lacks`);
      list.push(bundle, ...later);
    }
  }
  for (const [slug, bundles] of expected) {
    const { cid, count } = categories[slug] ?? {};
    if (folders.get(slug) !== cid)
      throw new Refused(`categories/${slug} is ${folders.get(slug)}; the manifest says ${cid}`);
    folders.delete(slug);
    requireSame(slug, await listCategory(store, ['categories', slug]), bundles, count);
  }
  for (const name of folders.keys()) throw new Refused(`categories/${name} is not in the manifest`);
  return expected.size;
}

function requireSame(
  slug: string,
  found: PlacedBundle[],
  expected: PlacedBundle[],
  count: number | undefined,
): void {
  const nameOf = ({ id, revision, cid }: PlacedBundle) => `${id} ${revision ?? 'newest'} ${cid}`;
  const present = new Set(found.map(nameOf));
  for (const name of expected.map(nameOf)) {
    if (!present.delete(name)) throw new Refused(`categories/${slug} lacks ${name}`);
  }
  for (const name of present)
    throw new Refused(`categories/${slug} holds ${name}, which is not in the edition so`);
  const articles = expected.filter(({ revision }) => revision === undefined).length;
  if (articles !== count) throw new Refused(`${slug} has ${articles} articles; the manifest says ${count}`);
}
