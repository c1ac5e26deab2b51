import type { CID } from 'multiformats/cid';
import { isSiteFile } from '../../edition/layout.ts';
import type { Manifest } from '../../manifest/manifest.ts';
import type { DirectoryEntry } from '../../unixfs/directory.ts';
import { directoryIfHeld, type HeldTree, listHeld } from './held-bundles.ts';
import { type Evidence, refusal } from './judging.ts';
import { CATEGORY_EXTRAS, type PlacedBundle, placeOf, REVISIONS } from './placed-bundles.ts';

/** A category of which something is here. */
export interface HeldCategory {
  /** Ids of its articles whose newest revision is here. */
  ids: Set<string>;
  /** Whether all of it is here: every bundle, and its own pages. */
  isWhole: boolean;
}

/** What of an edition is here besides its documents. */
export interface HeldContents {
  /** By slug; those of which nothing is here are absent. */
  categories: Map<string, HeldCategory>;
  /** Bundles that are here with all their blocks; each place once. */
  bundles: PlacedBundle[];
  /** Whether everything below `articles/`, `revisions/` and `categories/` is here. */
  isWhole: boolean;
}

/**
 * Looks through an edition for what of it is here.
 *
 * @throws {OvnError} `refused` where something lies in a place that it cannot have, or is another than the manifest says.
 */
export async function findHeld(
  root: readonly DirectoryEntry[],
  manifest: Manifest,
  evidence: Evidence,
): Promise<HeldContents> {
  const held: HeldContents = { categories: new Map(), bundles: [], isWhole: true };
  const places = new Set<string>();
  const take = ({ bundles, isWhole }: HeldTree): void => {
    held.isWhole &&= isWhole;
    for (const bundle of bundles) {
      const isNew = places.size < places.add(placeOf(bundle)).size;
      if (isNew) held.bundles.push(bundle);
    }
  };
  for (const { slug, cid } of await listCategories(root, manifest, evidence, held)) {
    const trees = await listCategoryHeld(slug, cid, evidence);
    if (trees === undefined) held.isWhole = false;
    for (const tree of trees ?? []) take(tree);
    if (trees !== undefined) held.categories.set(slug, categoryOf(slug, manifest, trees));
  }
  for (const { name, cid } of root) {
    const kind = name === 'articles' ? 'newest' : 'revisions';
    if (name === 'articles' || name === REVISIONS)
      take(await listHeld({ root: cid, name, kind, extras: [] }, evidence));
  }
  return held;
}

/** The folders of `categories/` that are the manifest's. */
async function listCategories(
  root: readonly DirectoryEntry[],
  manifest: Manifest,
  evidence: Evidence,
  held: HeldContents,
): Promise<{ slug: string; cid: CID }[]> {
  const link = root.find(({ name }) => name === 'categories');
  const inside = link === undefined ? [] : await directoryIfHeld(link.cid, evidence);
  if (inside === undefined) {
    held.isWhole = false;
    return [];
  }
  const folders = inside.filter(({ name }) => !isSiteFile(name));
  const count = Object.keys(manifest.categories).length;
  if (folders.length !== count)
    throw refusal(`categories/ holds ${folders.length}; the manifest lists ${count}`);
  return folders.map(({ name: slug, cid }) => {
    const listed = Object.hasOwn(manifest.categories, slug) ? manifest.categories[slug]?.cid : undefined;
    if (listed === cid.toString()) return { slug, cid };
    throw refusal(`categories/${slug} is ${cid}; the manifest says ${listed}`);
  });
}

/** The articles of a category and their earlier revisions; nothing where not even its own directory is here. */
export async function listCategoryHeld(
  slug: string,
  root: CID,
  evidence: Evidence,
): Promise<HeldTree[] | undefined> {
  const entries = await directoryIfHeld(root, evidence);
  if (entries === undefined) return undefined;
  const name = `categories/${slug}`;
  const newest = await listHeld({ root, name, kind: 'newest', extras: CATEGORY_EXTRAS }, evidence);
  const revisions = entries.find((entry) => entry.name === REVISIONS);
  if (revisions === undefined) return [newest];
  const below = { root: revisions.cid, name: `${name}/revisions`, kind: 'revisions' as const, extras: [] };
  return [newest, await listHeld(below, evidence)];
}

function categoryOf(slug: string, { categories }: Manifest, [newest, ...more]: HeldTree[]): HeldCategory {
  const ids = new Set(newest?.bundles.map(({ id }) => id));
  const isWhole = newest?.isWhole === true && more.every((tree) => tree.isWhole);
  const count = categories[slug]?.count;
  if (isWhole && ids.size !== count) throw refusal(`${slug} has ${ids.size}; the manifest says ${count}`);
  return { ids, isWhole };
}
