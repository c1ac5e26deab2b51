import type { CID } from 'multiformats/cid';
import { type Check, firstFailed } from '../../trust/check.ts';
import { judgeBundle } from './bundle.ts';
import { type JudgedBundles, type JudgeProgress, judgeBundles } from './bundles.ts';
import { listCategoryHeld } from './held-contents.ts';
import { checkAsync, type Evidence, refusal } from './judging.ts';
import { listCategory, type PlacedBundle, placeOf } from './placed-bundles.ts';

/** What was found out about a category. */
export interface JudgedCategory {
  checks: Check[];
  /** Both only where it has articles. */
  publication?: string;
  bundles?: readonly PlacedBundle[];
}

/** A category alone: every bundle is judged; which articles ought to be in it, and its own pages, only an edition says. */
export async function judgeCategory(
  root: CID,
  evidence: Evidence,
  onProgress?: JudgeProgress,
): Promise<JudgedCategory> {
  const checks: Check[] = [];
  const bundles = await checkAsync(
    checks,
    'structure',
    () => listCategory(root, evidence),
    (found) => `${found.length} bundles by date`,
  );
  if (bundles === undefined) return { checks };
  const judged = await judgeBundles(checks, bundles, evidence, onProgress);
  await checkAsync(
    checks,
    'category',
    async () => requireOneCategory(bundles, judged),
    (slug) => `every article is in the category ${slug}`,
  );
  checks.push({
    name: 'pages',
    result: 'not-checked',
    detail: 'its own pages and feed are bound by an edition only',
  });
  const [publication] = judged.publications;
  return publication === undefined ? { checks } : { checks, publication, bundles };
}

function requireOneCategory(bundles: readonly PlacedBundle[], { articles }: JudgedBundles): string {
  let common: Set<string> | undefined;
  for (const { cid, revision } of bundles) {
    if (revision !== undefined) continue;
    const slugs = new Set(articles.get(cid.toString())?.categories);
    common = common === undefined ? slugs : common.intersection(slugs);
  }
  if (common === undefined || common.size === 0) throw refusal('the articles have no category in common');
  return [...common].sort().join(', ');
}

/** A category of which a part is here: every bundle of that is judged by itself. Which others there are, only the rest of it would tell. */
export async function judgePartOfCategory(
  root: CID,
  evidence: Evidence,
  onProgress?: JudgeProgress,
): Promise<JudgedCategory> {
  const checks: Check[] = [];
  const publications = new Set<string>();
  const judgeAll = async (): Promise<PlacedBundle[]> => {
    const trees = (await listCategoryHeld('', root, evidence)) ?? [];
    const bundles = trees.flatMap((tree) => tree.bundles);
    for (const [at, bundle] of bundles.entries()) {
      publications.add(await judgeAlone(bundle, evidence));
      onProgress?.(at + 1, bundles.length);
    }
    if (publications.size > 1) throw refusal(`the articles are of ${publications.size} publications`);
    return bundles;
  };
  const bundles = await checkAsync(
    checks,
    'bundles',
    judgeAll,
    (found) => `${found.length} bundles that are held, each genuine`,
  );
  checks.push({ name: 'category', result: 'not-checked', detail: 'not all of its articles are held' });
  const [publication] = publications;
  return publication === undefined || bundles === undefined ? { checks } : { checks, publication, bundles };
}

/** The publication that a bundle is genuine for. */
async function judgeAlone(placed: PlacedBundle, evidence: Evidence): Promise<string> {
  const { checks, article, mastheads } = await judgeBundle(placed.cid, evidence);
  const failed = firstFailed(checks);
  if (article === undefined || mastheads === undefined)
    throw refusal(`${placeOf(placed)}: ${failed?.name}: ${failed?.detail}`);
  if (article.identifier !== placed.id || article.revision !== (placed.revision ?? article.revision))
    throw refusal(`${placeOf(placed)} is ${article.identifier}, revision ${article.revision}`);
  return mastheads.publicationId;
}
