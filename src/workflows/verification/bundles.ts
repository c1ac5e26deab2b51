import { ARTICLE_JSON_LIMIT, parseArticle, type SignedArticle } from '../../bundle/article-json.ts';
import { type Check, firstFailed } from '../../trust/check.ts';
import { judgeBundle } from './bundle.ts';
import { requireEntry } from './entries.ts';
import { checkAsync, type Evidence, refusal } from './judging.ts';
import { type PlacedBundle, placeOf } from './placed-bundles.ts';

/** What the rules about many bundles need to know of one. */
export type JudgedArticle = Pick<SignedArticle, 'identifier' | 'revision' | 'previous'> & {
  categories: string[];
  retracted: boolean;
  /** Revisions that may not be there. */
  withheld: readonly number[];
};

/** What was found out about many bundles. */
export interface JudgedBundles {
  /** By CID of the bundle. */
  articles: Map<string, JudgedArticle>;
  publications: Set<string>;
  /** CIDs of the mastheads that they were signed under. */
  mastheads: Set<string>;
}

/** Whether a bundle was judged before, so that only what the rules about many need is read of it. */
export type WasJudged = (bundle: PlacedBundle) => boolean;

export type JudgeProgress = (done: number, total: number) => void;

const YIELD_EVERY = 64;

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
  const judge = (bundle: PlacedBundle): Promise<JudgedArticle> =>
    wasJudged(bundle) ? readOne(bundle, evidence, judged) : judgeOne(bundle, evidence, judged);
  const judgeAll = async (): Promise<void> => {
    for (const [at, bundle] of bundles.entries()) {
      requirePlace(bundle, judged.articles.get(bundle.cid.toString()) ?? (await judge(bundle)));
      onProgress?.(at + 1, bundles.length);
      if (at % YIELD_EVERY === 0) await new Promise(setImmediate);
    }
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

/** Judges a bundle that was not met before. */
async function judgeOne(
  placed: PlacedBundle,
  evidence: Evidence,
  judged: JudgedBundles,
): Promise<JudgedArticle> {
  const { checks, article, mastheads } = await judgeBundle(placed.cid, evidence);
  if (article === undefined || mastheads === undefined) {
    const failed = firstFailed(checks);
    throw refusal(`${placeOf(placed)}: ${failed?.name}: ${failed?.detail}`);
  }
  judged.publications.add(mastheads.publicationId);
  judged.mastheads.add(mastheads.newest.cid);
  return note(placed, article, judged);
}

/** Reads of a bundle that was judged before what the rules about many need. */
async function readOne(
  placed: PlacedBundle,
  evidence: Evidence,
  judged: JudgedBundles,
): Promise<JudgedArticle> {
  const file = requireEntry(await evidence.directory(placed.cid), 'article.json');
  return note(placed, parseArticle(await evidence.file(file, ARTICLE_JSON_LIMIT)), judged);
}

function note(
  placed: PlacedBundle,
  { identifier, revision, previous, categories, status, withheld = [] }: SignedArticle,
  judged: JudgedBundles,
): JudgedArticle {
  const before = previous === undefined ? {} : { previous };
  const known = {
    identifier,
    revision,
    ...before,
    categories: categories.map(({ slug }) => slug),
    retracted: status === 'retracted',
    withheld,
  };
  judged.articles.set(placed.cid.toString(), known);
  return known;
}

/** One bundle may lie in several places: each must be its own. */
function requirePlace(placed: PlacedBundle, { identifier, revision }: JudgedArticle): void {
  if (identifier !== placed.id) throw refusal(`${placeOf(placed)} is the article ${identifier}`);
  if ((placed.revision ?? revision) !== revision) throw refusal(`${placeOf(placed)} is revision ${revision}`);
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
