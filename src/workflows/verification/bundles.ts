import type { Check } from '../../trust/check.ts';
import type { FoundBundle, JudgedArticle } from './found-bundle.ts';
import { type JudgeProgress, judgeEach, type WasJudged } from './judge-each.ts';
import { checkAsync, type Evidence, refusal } from './judging.ts';
import { type PlacedBundle, placeOf, requirePlace } from './placed-bundles.ts';

export type { JudgedArticle } from './found-bundle.ts';
export type { JudgeProgress, WasJudged } from './judge-each.ts';

/** What was found out about many bundles. */
export interface JudgedBundles {
  /** By CID of the bundle. */
  articles: Map<string, JudgedArticle>;
  publications: Set<string>;
  /** CIDs of the mastheads that they were signed under. */
  mastheads: Set<string>;
}

/**
 * Judges every bundle of a list, each by its own masthead chain, and that each is what its place says. The check
 * `bundles` names the first one that fails.
 */
export async function judgeBundles(
  checks: Check[],
  bundles: readonly PlacedBundle[],
  evidence: Evidence,
  onProgress?: JudgeProgress,
  wasJudged: WasJudged = () => false,
): Promise<JudgedBundles> {
  const judged: JudgedBundles = { articles: new Map(), publications: new Set(), mastheads: new Set() };
  const judgeAll = async (): Promise<void> => {
    const found = await judgeEach(bundles, { evidence, wasJudged, onProgress });
    for (const bundle of bundles) take(bundle, found.get(bundle.cid.toString()), judged);
    requireOrder(bundles, judged);
    requireRevisions(bundles, judged);
    requireHistory(judged);
  };
  await checkAsync(
    checks,
    'bundles',
    judgeAll,
    () => `${bundles.length} bundles, each genuine and in its place`,
  );
  return judged;
}

/** Takes over what was found of a bundle; throws where that refuses it. */
function take(placed: PlacedBundle, found: FoundBundle | undefined, judged: JudgedBundles): void {
  if (found === undefined) throw new Error(`${placeOf(placed)} was not judged`);
  if ('error' in found) throw found.error;
  if ('failure' in found) throw refusal(`${placeOf(placed)}: ${found.failure}`);
  const { article, signed } = found;
  if (signed !== undefined) {
    judged.publications.add(signed.publication);
    judged.mastheads.add(signed.masthead);
  }
  judged.articles.set(placed.cid.toString(), article);
  requirePlace(placed, article);
}

/** What lies in the place of the newest revision is newer than every earlier one that is kept. */
function requireOrder(bundles: readonly PlacedBundle[], { articles }: JudgedBundles): void {
  const newest = new Map<string, number>();
  for (const { id, revision, cid } of bundles) {
    if (revision === undefined) newest.set(id, articles.get(cid.toString())?.revision ?? 0);
  }
  for (const { id, revision = 0 } of bundles) {
    const latest = newest.get(id);
    if (latest === undefined)
      throw refusal(`revision ${revision} of ${id} is kept, and the article is not there`);
    if (revision >= latest)
      throw refusal(`${id} is there as revision ${latest}, though revision ${revision} is kept`);
  }
}

/** Earlier revisions are all there, but for those that the newest one withholds: of these, none. */
function requireRevisions(bundles: readonly PlacedBundle[], { articles }: JudgedBundles): void {
  const kept = new Map<string, Set<number>>();
  for (const { id, revision } of bundles) {
    if (revision !== undefined) kept.set(id, (kept.get(id) ?? new Set()).add(revision));
  }
  for (const { id, revision: earlier, cid } of bundles) {
    const newest = earlier === undefined ? articles.get(cid.toString()) : undefined;
    for (let revision = 1; revision < (newest?.revision ?? 0); revision++) {
      const isWithheld = newest?.withheld.includes(revision) ?? false;
      const isKept = kept.get(id)?.has(revision) ?? false;
      if (isKept && isWithheld)
        throw refusal(`revision ${revision} of ${id} is there, though it is withheld`);
      if (!isKept && !isWithheld) throw refusal(`revision ${revision} of ${id} is missing, and not withheld`);
    }
  }
}

/** `previous` is signed: the earlier revision that is here must be the one that the next one names. */
function requireHistory({ articles, publications }: JudgedBundles): void {
  if (publications.size > 1) throw refusal(`the articles are of ${publications.size} publications`);
  const byRevision = new Map<string, string>();
  for (const [cid, { identifier, revision }] of articles) byRevision.set(`${identifier}#${revision}`, cid);
  for (const { identifier, revision, previous } of articles.values()) {
    const before = byRevision.get(`${identifier}#${revision - 1}`);
    if (before !== undefined && before !== previous) {
      throw refusal(`${identifier} revision ${revision} follows ${previous}, but ${before} is in its place`);
    }
  }
}
