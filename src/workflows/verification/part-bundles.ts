import type { SignedArticle } from '../../bundle/article-json.ts';
import type { LogFold } from '../../log/fold.ts';
import type { Manifest } from '../../manifest/manifest.ts';
import { firstFailed } from '../../trust/check.ts';
import type { VerifiedMastheads } from '../../trust/masthead-chain.ts';
import { readArticle } from '../read-article.ts';
import { judgeBundle } from './bundle.ts';
import type { HeldContents } from './held-contents.ts';
import { type Evidence, refusal } from './judging.ts';
import { requireRetraction } from './logged-articles.ts';
import { type PlacedBundle, placeOf } from './placed-bundles.ts';
import { requireRerendered } from './rerendered.ts';

/** What single bundles of an edition are judged by. */
export interface BundleJudge {
  manifest: Manifest;
  mastheads: VerifiedMastheads;
  fold: LogFold;
  evidence: Evidence;
  /** Whether a bundle was judged before, so that only its record is read. */
  wasJudged?: ((bundle: PlacedBundle) => boolean) | undefined;
}

/**
 * Judges a bundle by itself and by the log, which tells all that the bundles around it would: where it belongs, what came before it, and
 * whether it is retracted.
 *
 * @throws {OvnError} `refused`, naming its place.
 */
export async function judgeLoggedBundle(placed: PlacedBundle, judge: BundleJudge): Promise<Categories> {
  const { fold } = judge;
  const history = fold.articles.get(placed.id);
  const logged = placed.revision === undefined ? history?.newest : history?.earlier[placed.revision - 1];
  if (history === undefined || logged?.cid !== placed.cid.toString())
    throw refusal(`${placeOf(placed)} was never logged so: the log has ${logged?.cid ?? 'nothing there'}`);
  const article = await readJudged(placed, judge);
  const { identifier, revision, previous, status, withheld = [] } = article;
  if (identifier !== placed.id || revision !== logged.revision)
    throw refusal(`${placeOf(placed)} is ${identifier}, revision ${revision}`);
  const before = history.earlier[revision - 2]?.cid;
  if (previous !== before) throw refusal(`${placeOf(placed)} follows ${previous}; the log has ${before}`);
  const categories = article.categories.map(({ slug }) => slug);
  const retracted = status === 'retracted';
  if (placed.revision === undefined)
    requireRetraction(placed.id, history, { identifier, revision, categories, retracted, withheld });
  else if (history.withheld.has(revision))
    throw refusal(`revision ${revision} of ${placed.id} is there, though it is withheld`);
  await requireRerendered(placed, history, judge.evidence);
  return { id: placed.id, isNewest: placed.revision === undefined, categories };
}

/** The categories that an article says it is in. */
export interface Categories {
  id: string;
  isNewest: boolean;
  categories: string[];
}

async function readJudged(
  placed: PlacedBundle,
  { evidence, mastheads, wasJudged }: BundleJudge,
): Promise<Omit<SignedArticle, 'proof'>> {
  if (wasJudged?.(placed) === true) return readArticle(placed.cid, evidence.read);
  const judged = await judgeBundle(placed.cid, evidence);
  const failed = firstFailed(judged.checks);
  if (judged.article === undefined || judged.mastheads === undefined)
    throw refusal(`${placeOf(placed)}: ${failed?.name}: ${failed?.detail}`);
  const { newest } = judged.mastheads;
  if (!mastheads.versions.some(({ cid }) => cid === newest.cid))
    throw refusal(
      `${placeOf(placed)} is signed under masthead ${newest.cid}, which the edition does not have`,
    );
  return judged.article;
}

/**
 * Every category that is here whole has each article that says it is in it, and no category has one that does not.
 *
 * @throws {OvnError} `refused`
 */
export function requireCategories(
  articles: readonly Categories[],
  { categories: listed }: Manifest,
  { categories: held }: HeldContents,
): void {
  for (const { id, isNewest, categories } of articles) {
    if (!isNewest) continue;
    for (const slug of categories) {
      if (!Object.hasOwn(listed, slug))
        throw refusal(`${id} is in the category ${slug}, which the manifest does not list`);
      const found = held.get(slug);
      if (found?.isWhole === true && !found.ids.has(id)) throw refusal(`categories/${slug} lacks ${id}`);
    }
    for (const [slug, { ids }] of held)
      if (ids.has(id) && !categories.includes(slug))
        throw refusal(`categories/${slug} holds ${id}, which is not in it`);
  }
}
