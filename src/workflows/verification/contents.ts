import { isSiteFile } from '../../edition/layout.ts';
import type { Manifest } from '../../manifest/manifest.ts';
import type { Check } from '../../trust/check.ts';
import type { DirectoryEntry } from '../../unixfs/directory.ts';
import { cidKey } from '../../unixfs/hash.ts';
import { type JudgedBundles, type JudgeProgress, judgeBundles, type WasJudged } from './bundles.ts';
import { requireEntry } from './entries.ts';
import { checkAsync, type Evidence, refusal } from './judging.ts';
import { listBundles, listCategory, listRevisions, type PlacedBundle, placeOf } from './placed-bundles.ts';

interface PlacedArticles {
  newest: PlacedBundle[];
  earlier: PlacedBundle[];
}

/** The bundles of an edition, and what was found out about them. */
export interface Contents {
  placed: PlacedArticles;
  judged: JudgedBundles;
}

/** Every article that is there, and that its categories hold exactly those that say so. Gives what was found of each. */
export async function judgeContents(
  checks: Check[],
  entries: DirectoryEntry[],
  manifest: Manifest,
  evidence: Evidence,
  onProgress: JudgeProgress | undefined,
  wasJudged?: WasJudged,
): Promise<Contents | undefined> {
  const placed = await checkAsync(
    checks,
    'articles',
    () => listArticles(entries, manifest, evidence),
    ({ newest, earlier }) => `${newest.length} articles, ${earlier.length} earlier revisions`,
  );
  if (placed === undefined) return undefined;
  const bundles = [...placed.newest, ...placed.earlier];
  const judged = await judgeBundles(checks, bundles, evidence, onProgress, wasJudged);
  await checkAsync(
    checks,
    'categories',
    () => requireCategories(entries, manifest, placed, judged, evidence),
    (count) => `${count} categories, each with exactly its articles`,
  );
  return { placed, judged };
}

async function listArticles(
  entries: DirectoryEntry[],
  { articles }: Manifest,
  evidence: Evidence,
): Promise<PlacedArticles> {
  const newest = await listBundles(requireEntry(entries, 'articles'), evidence, 'articles');
  if (newest.length !== articles.count) {
    throw refusal(`articles/ holds ${newest.length}; the manifest says ${articles.count}`);
  }
  const revisions = entries.find(({ name }) => name === 'revisions');
  return { newest, earlier: revisions === undefined ? [] : await listRevisions(revisions.cid, evidence) };
}

/** A category holds every article that says it is in it, their earlier revisions, and nothing else. */
async function requireCategories(
  entries: DirectoryEntry[],
  manifest: Manifest,
  placed: PlacedArticles,
  judged: JudgedBundles,
  evidence: Evidence,
): Promise<number> {
  const inside = await evidence.directory(requireEntry(entries, 'categories'));
  const folders = inside.filter(({ name }) => !isSiteFile(name));
  const slugs = Object.keys(manifest.categories);
  requireNamedCategories(manifest, placed, judged);
  if (folders.length !== slugs.length) {
    throw refusal(`categories/ holds ${folders.length}; the manifest lists ${slugs.length}`);
  }
  const expectedOf = expectedByCategory(placed, judged);
  for (const { name, cid } of folders) {
    const listed = Object.hasOwn(manifest.categories, name) ? manifest.categories[name] : undefined;
    if (listed?.cid !== cid.toString())
      throw refusal(`categories/${name} is ${cid}; the manifest says ${listed?.cid}`);
    const expected = expectedOf.get(name) ?? { all: [], count: 0 };
    await requireSameBundles(name, await listCategory(cid, evidence), expected.all);
    if (expected.count !== listed.count)
      throw refusal(`${name} has ${expected.count}; the manifest says ${listed.count}`);
  }
  return slugs.length;
}

/** No article may be hidden by leaving its category out. */
function requireNamedCategories(
  { categories }: Manifest,
  { newest }: PlacedArticles,
  { articles }: JudgedBundles,
): void {
  for (const { id, cid } of newest) {
    const missing = articles.get(cid.toString())?.categories.find((slug) => !Object.hasOwn(categories, slug));
    if (missing !== undefined)
      throw refusal(`${id} is in the category ${missing}, which the manifest does not list`);
  }
}

interface Expected {
  all: PlacedBundle[];
  count: number;
}

/** What each category must hold. */
function expectedByCategory(
  { newest, earlier }: PlacedArticles,
  { articles }: JudgedBundles,
): ReadonlyMap<string, Expected> {
  const slugsOf = new Map<string, ReadonlySet<string>>();
  const expected = new Map<string, Expected>();
  const add = (bundle: PlacedBundle, slug: string, isNewest: boolean): void => {
    const category = expected.get(slug) ?? { all: [], count: 0 };
    category.all.push(bundle);
    if (isNewest) category.count += 1;
    expected.set(slug, category);
  };
  for (const bundle of newest) {
    const slugs = new Set(articles.get(bundle.cid.toString())?.categories);
    slugsOf.set(bundle.id, slugs);
    for (const slug of slugs) add(bundle, slug, true);
  }
  for (const bundle of earlier) for (const slug of slugsOf.get(bundle.id) ?? []) add(bundle, slug, false);
  return expected;
}

async function requireSameBundles(
  slug: string,
  found: PlacedBundle[],
  expected: PlacedBundle[],
): Promise<void> {
  const present = new Map(found.map((bundle) => [placeKey(bundle), bundle]));
  for (const bundle of expected) {
    if (!present.delete(placeKey(bundle)))
      throw refusal(`categories/${slug} lacks ${bundle.id} (${bundle.cid})`);
  }
  for (const bundle of present.values())
    throw refusal(`categories/${slug} holds ${placeOf(bundle)}, which is not in the edition so`);
}

/** A place and what lies there, for maps. */
function placeKey({ id, revision, cid }: PlacedBundle): string {
  return `${id} ${revision} ${cidKey(cid)}`;
}
