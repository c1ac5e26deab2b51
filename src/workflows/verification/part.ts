import type { CID } from 'multiformats/cid';
import type { LogFold } from '../../log/fold.ts';
import type { ReplayedLog } from '../../log/replay.ts';
import type { Manifest } from '../../manifest/manifest.ts';
import { type Check, skipChecks } from '../../trust/check.ts';
import type { JudgeProgress } from './bundles.ts';
import {
  type JudgedDocuments,
  type JudgedEdition,
  judgeDocuments,
  judgeHistory,
  judgeLogOf,
} from './edition.ts';
import { isHeldWhole } from './held-bundles.ts';
import { findHeld, type HeldContents } from './held-contents.ts';
import { checkAsync, type Evidence } from './judging.ts';
import { judgeKeyOrder } from './key-order.ts';
import { type BundleJudge, type Categories, judgeLoggedBundle, requireCategories } from './part-bundles.ts';

const YIELD_EVERY = 64;

/** What is asked of the contents that are here. */
export interface PartOptions extends Pick<BundleJudge, 'wasJudged'> {
  onProgress?: JudgeProgress | undefined;
}

/**
 * Every check that a part of an edition allows, where the rest of it is held by others: its documents and its log as of a whole one, and
 * of its bundles those that are here. What is about all of the edition is *not-checked*; what is here and false fails.
 */
export async function judgePart(
  root: CID,
  evidence: Evidence,
  onProgress?: JudgeProgress,
): Promise<JudgedEdition> {
  const checks: Check[] = [];
  const documents = await judgeDocuments(checks, root, evidence);
  if (documents === undefined) return { checks };
  const replayed = await judgeLogOf(checks, documents, evidence);
  await judgePartContents(checks, documents, replayed, evidence, { onProgress });
  const { manifest } = documents;
  return replayed === undefined ? { checks, manifest } : { checks, manifest, replayed };
}

/** Judges the bundles that are here, the categories that are here whole, and earlier manifests where all of them are. */
export async function judgePartContents(
  checks: Check[],
  documents: JudgedDocuments,
  replayed: ReplayedLog | undefined,
  evidence: Evidence,
  options: PartOptions = {},
): Promise<void> {
  const { root, entries, mastheads, manifest } = documents;
  const manifests = entries.find(({ name }) => name === 'manifests');
  const hasHistory = manifests === undefined || (await isHeldWhole(manifests.cid, evidence));
  if (hasHistory) await judgeHistory(checks, documents, evidence);
  else skipChecks(checks, ['manifest-history'], 'earlier manifests are not held; the log names them');
  if (replayed === undefined) {
    skipChecks(checks, ['articles', 'bundles', 'categories'], 'without a log, no part can be judged');
    return;
  }
  const { fold } = replayed;
  const find = () => findHeld(entries, manifest.manifest, evidence);
  const held = await tell(checks, 'articles', find, (found) => tellArticles(found, fold));
  if (held === undefined) return;
  const judge = { manifest: manifest.manifest, mastheads, fold, evidence, wasJudged: options.wasJudged };
  const judged = await judgeBundles(checks, held, judge, options.onProgress);
  if (judged === undefined) return;
  const known = hasHistory ? fold : { ...fold, editions: [] };
  await judgeKeyOrder(checks, { root, mastheads, fold: known }, held.bundles, evidence);
}

async function judgeBundles(
  checks: Check[],
  held: HeldContents,
  judge: BundleJudge,
  onProgress: JudgeProgress | undefined,
): Promise<Categories[] | undefined> {
  const { bundles } = held;
  const judged: Categories[] = [];
  const judgeAll = async (): Promise<void> => {
    for (const [at, bundle] of bundles.entries()) {
      judged.push(await judgeLoggedBundle(bundle, judge));
      onProgress?.(at + 1, bundles.length);
      if (at % YIELD_EVERY === 0) await new Promise(setImmediate);
    }
  };
  const failed = checks.length;
  await checkAsync(
    checks,
    'bundles',
    judgeAll,
    () => `${bundles.length} bundles that are held, each genuine, in its place and as it was logged last`,
  );
  if (checks[failed]?.result === 'fail') return undefined;
  await tell(
    checks,
    'categories',
    async () => requireCategories(judged, judge.manifest, held),
    () => tellCategories(held, judge.manifest),
  );
  const detail = 'of what is not held, nobody here can say whether it is as it was logged';
  skipChecks(checks, ['log-articles'], detail);
  return judged;
}

/** A check about all of an edition: it fails where what is here speaks against it, and else is not made. */
async function tell<T>(
  checks: Check[],
  name: string,
  rule: () => Promise<T>,
  say: (value: T) => string,
): Promise<T | undefined> {
  const found: Check[] = [];
  const value = await checkAsync(found, name, rule, say);
  checks.push(
    ...found.map((check) => (check.result === 'pass' ? { ...check, result: 'not-checked' as const } : check)),
  );
  return value;
}

function tellArticles({ bundles }: HeldContents, { articles }: LogFold): string {
  const newest = bundles.filter(({ revision }) => revision === undefined).length;
  return `${newest} of ${articles.size} articles are held, with ${bundles.length - newest} earlier revisions`;
}

function tellCategories({ categories: held }: HeldContents, { categories }: Manifest): string {
  const all = Object.entries(categories);
  const whole = all.filter(([slug]) => held.get(slug)?.isWhole);
  const partly = all.filter(([slug]) => held.get(slug)?.isWhole === false);
  const told = [
    ...whole.map(([slug, { count }]) => `${slug} is whole, with exactly its ${count} articles`),
    ...partly.map(([slug, { count }]) => `of ${slug} ${held.get(slug)?.ids.size} of ${count} are held`),
  ];
  const rest = all.length - told.length;
  return [...told, ...(rest === 0 ? [] : [`${rest} not held`])].join('; ');
}
