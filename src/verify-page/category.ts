import { type JudgedBundle, requireBundle } from './bundle.ts';
import type { Evidence } from './evidence.ts';
import { Refused } from './failure.ts';
import { listEarlier, listNewest, type PlacedBundle } from './places.ts';
import { counted, type Report } from './report.ts';
import type { Store } from './store.ts';

/** Most bundles that are judged in one go. */
export const MOST_BUNDLES = 2000;
const AT_ONCE = 16;
const EXTRAS = ['style.css', 'revisions'];

/** A category as the manifest has it. */
export interface ListedCategory {
  slug: string;
  name: string;
  cid: string;
  count: number;
}

/** Judges a category: every bundle in it, and that it is the one that the manifest names, where there is one. */
export async function judgeCategory(
  report: Report,
  folder: readonly string[],
  evidence: Evidence,
  listed?: ListedCategory,
): Promise<void> {
  if (listed !== undefined) {
    await report.check(
      'category',
      async () => requireListed(listed, await evidence.store.cidAt(folder)),
      () => `${listed.name}: ${listed.cid}`,
    );
  }
  const placed = await report.check(
    'articles',
    () => listCategory(evidence.store, folder),
    (all) => `${counted(all.filter(isNewest).length, 'article')}, each in its place`,
  );
  if (placed === undefined) return;
  const judged = await judgeBundles(report, placed, evidence);
  if (judged === undefined) return;
  await report.check(
    'category-articles',
    () => requireMembers(placed, judged, listed),
    (count) => `${counted(count, 'article')}, each of which says that it is in this category`,
  );
  report.skip('categories', 'whether an article of it is missing here is checked with the whole edition');
  if (listed === undefined) report.skip('pages', 'its pages and its feed are bound by an edition only');
}

/** All that stands in a category, the newest revisions first. */
export async function listCategory(store: Store, folder: readonly string[]): Promise<PlacedBundle[]> {
  const newest = await listNewest(store, folder, 'category', EXTRAS);
  const hasEarlier = (await store.list(folder))?.has('revisions') === true;
  return hasEarlier ? [...newest, ...(await listEarlier(store, [...folder, 'revisions']))] : newest;
}

/** Judges bundles, each of them once. The result is by CID, and `undefined` where one does not hold or not all were judged. */
export async function judgeBundles(
  report: Report,
  placed: readonly PlacedBundle[],
  evidence: Evidence,
): Promise<Map<string, JudgedBundle> | undefined> {
  const judged = new Map<string, JudgedBundle>();
  const disowned = evidence.disowned ?? [];
  const collecting = { ...evidence, disowned };
  const done = await report.check(
    'bundles',
    async () => {
      const judge = async (bundle: PlacedBundle) =>
        judged.set(bundle.cid, await requireBundle(bundle, collecting));
      for (let at = 0; at < Math.min(placed.length, MOST_BUNDLES); at += AT_ONCE) {
        await Promise.all(placed.slice(at, Math.min(at + AT_ONCE, MOST_BUNDLES)).map(judge));
      }
      requireLinked(placed, judged);
      return judged.size;
    },
    (count) => `${counted(count, 'bundle')}: signatures, files and places hold in each`,
  );
  if (disowned.length > 0)
    report.skip('log-keys', `signed by keys since revoked, and disowned: ${disowned.join(', ')}`);
  if (done === undefined || placed.length <= MOST_BUNDLES) return done === undefined ? undefined : judged;
  report.skip(
    'more-bundles',
    `${placed.length - MOST_BUNDLES} more bundles are not judged here; "ovn verify" judges all`,
  );
  return undefined;
}

/** An earlier revision is the one that the revision after it names. */
function requireLinked(placed: readonly PlacedBundle[], judged: ReadonlyMap<string, JudgedBundle>): void {
  const previous = new Map<string, string | undefined>();
  for (const { id, cid } of placed) {
    const article = judged.get(cid)?.article;
    if (article !== undefined) previous.set(`${id} ${article.revision - 1}`, article.previous);
  }
  for (const { id, revision, cid } of placed) {
    const expected = previous.get(`${id} ${revision}`);
    if (expected !== undefined && expected !== cid) {
      throw new Refused(`revision ${revision} of ${id} is ${cid}; the one after it names ${expected}`);
    }
  }
}

function isNewest({ revision }: PlacedBundle): boolean {
  return revision === undefined;
}

function requireListed({ slug, cid: listed }: ListedCategory, cid: string | undefined): void {
  if (cid !== listed) throw new Refused(`categories/${slug} is ${cid}; the manifest says ${listed}`);
}

/** All say that they are in it; of a category alone, that there is one that all are in. */
function requireMembers(
  placed: readonly PlacedBundle[],
  judged: ReadonlyMap<string, JudgedBundle>,
  listed: ListedCategory | undefined,
): number {
  const newest = placed.filter(isNewest);
  const slugs = newest.map(({ cid }) => judged.get(cid)?.article.categories.map(({ slug }) => slug) ?? []);
  const shared = slugs[0]?.filter((slug) => slugs.every((each) => each.includes(slug))) ?? [];
  if (listed === undefined ? shared.length === 0 : !shared.includes(listed.slug)) {
    throw new Refused('an article in it says that it is in other categories');
  }
  if (listed !== undefined && listed.count !== newest.length) {
    throw new Refused(`it has ${newest.length} articles; the manifest says ${listed.count}`);
  }
  return newest.length;
}
