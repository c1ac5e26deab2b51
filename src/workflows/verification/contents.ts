import { isSiteFile } from '../../edition/layout.ts';
import type { Manifest } from '../../manifest/manifest.ts';
import type { Check } from '../../trust/check.ts';
import type { DirectoryEntry } from '../../unixfs/directory.ts';
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
  const newest = await listBundles(requireEntry(entries, 'articles'), evidence, []);
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
  for (const { name, cid } of folders) {
    const listed = Object.hasOwn(manifest.categories, name) ? manifest.categories[name] : undefined;
    if (listed?.cid !== cid.toString())
      throw refusal(`categories/${name} is ${cid}; the manifest says ${listed?.cid}`);
    const expected = expectedBundles(name, placed, judged);
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

function expectedBundles(
  slug: string,
  { newest, earlier }: PlacedArticles,
  { articles }: JudgedBundles,
): { all: PlacedBundle[]; count: number } {
  const inside = newest.filter(({ cid }) => articles.get(cid.toString())?.categories.includes(slug));
  const ids = new Set(inside.map(({ id }) => id));
  return { all: [...inside, ...earlier.filter(({ id }) => ids.has(id))], count: inside.length };
}

async function requireSameBundles(
  slug: string,
  found: PlacedBundle[],
  expected: PlacedBundle[],
): Promise<void> {
  const present = new Set(found.map(placeOf));
  for (const bundle of expected) {
    if (!present.delete(placeOf(bundle)))
      throw refusal(`categories/${slug} lacks ${bundle.id} (${bundle.cid})`);
  }
  for (const place of present)
    throw refusal(`categories/${slug} holds ${place}, which is not in the edition so`);
}
