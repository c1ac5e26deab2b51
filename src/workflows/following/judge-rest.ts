import { CID } from 'multiformats/cid';
import { OvnError } from '../../errors.ts';
import type { LoggedArticle } from '../../log/fold.ts';
import { TileTree } from '../../log/tile-tree.ts';
import { headOf, isSameHead, type TreeHead } from '../../log/tree-head.ts';
import { parseManifestJson, requireManifest } from '../../manifest/parse-manifest.ts';
import type { Followed } from '../../repo/followed.ts';
import { type Check, firstFailed } from '../../trust/check.ts';
import { type Contents, judgeContents } from '../verification/contents.ts';
import { judgeHistory } from '../verification/edition.ts';
import { type Evidence, refusal } from '../verification/judging.ts';
import { judgeKeyOrder } from '../verification/key-order.ts';
import { judgeLoggedArticles } from '../verification/logged-articles.ts';
import type { SyncEffects } from './effects.ts';
import type { JudgedSpine } from './judge-spine.ts';

/** What was judged before, with the edition that is held. */
interface Before {
  /** Entries of its log. */
  size: number;
  sequence: number;
}

/**
 * Judges all that an edition's spine leads to, as `verify` does: every bundle genuine and in its place, every category complete, everything
 * as it was logged. What was judged with the edition that is held, and is in the same log, is not judged again.
 *
 * @throws {OvnError} `refused`, naming the check.
 */
export async function judgeRest(
  spine: JudgedSpine,
  held: Followed | undefined,
  evidence: Evidence,
  effects: SyncEffects,
): Promise<void> {
  const { documents } = spine.candidate;
  const checks: Check[] = [];
  const before = await judgedBefore(spine, held, effects);
  const onProgress = (done: number, total: number): void => effects.onProgress?.('articles', done, total, 0);
  await judgeHistory(checks, documents, evidence, before && historyOf(spine, before));
  const isKnown = knownBundles(spine, before);
  const { entries, manifest } = documents;
  const contents = await judgeContents(checks, entries, manifest.manifest, evidence, onProgress, isKnown);
  if (contents !== undefined) await judgeLogged(checks, spine, contents, before, evidence);
  const failed = firstFailed(checks);
  if (failed === undefined) return;
  const { sequence } = manifest.manifest;
  throw new OvnError('refused', `edition ${sequence} (${documents.root}): ${failed.name}: ${failed.detail}`);
}

async function judgeLogged(
  checks: Check[],
  { candidate, replayed }: JudgedSpine,
  { placed, judged }: Contents,
  before: Before | undefined,
  evidence: Evidence,
): Promise<void> {
  const { root, mastheads } = candidate.documents;
  requireMastheads(checks, judged.mastheads, mastheads.versions);
  if (replayed === undefined) return;
  const { fold } = replayed;
  await judgeLoggedArticles(checks, fold, placed.newest, judged);
  const since = before?.size ?? 0;
  const indexes = indexesOf(fold.articles.values());
  const bundles = [...placed.newest, ...placed.earlier].filter(
    ({ cid }) => (indexes.get(cid.toString()) ?? since) >= since,
  );
  const editions = fold.editions.filter(({ index }) => index >= since);
  await judgeKeyOrder(checks, { root, mastheads, fold: { ...fold, editions } }, bundles, evidence);
}

/** No bundle brings a masthead of its own. */
function requireMastheads(
  checks: Check[],
  signedUnder: ReadonlySet<string>,
  versions: readonly { cid: string }[],
): void {
  const known = new Set(versions.map(({ cid }) => cid));
  const strange = [...signedUnder].find((cid) => !known.has(cid));
  if (strange === undefined) return;
  const detail = `an article is signed under masthead ${strange}, which the edition does not have`;
  checks.push({ name: 'bundles', result: 'fail', detail });
}

/**
 * What of the log that is offered was judged with the edition that is held: that one was held whole, its log is the beginning of this one,
 * and no masthead came since, which could take a key away from what it had signed.
 */
async function judgedBefore(
  { candidate, replayed, offered }: JudgedSpine,
  held: Followed | undefined,
  { repository }: SyncEffects,
): Promise<Before | undefined> {
  if (held === undefined || held.manifest === null || !held.whole || replayed === undefined) return undefined;
  const bytes = repository.blockstore.getBytes(CID.parse(held.manifest));
  if (bytes === undefined) return undefined;
  const { log, masthead, sequence } = requireManifest(parseManifestJson(bytes));
  const head: TreeHead = headOf(log);
  const isSameMasthead = masthead.cid === candidate.documents.mastheads.newest.cid;
  if (!isSameMasthead || log.size === 0 || log.size > replayed.head.size) return undefined;
  const tree = await TileTree.open(replayed.head, offered.readTile);
  const isBeginning = isSameHead(head, { size: head.size, root: await tree.rootAt(head.size) });
  if (!isBeginning) throw refusal(`its log does not begin with that of edition ${sequence}, which is held`);
  return { size: log.size, sequence };
}

function historyOf({ replayed }: JudgedSpine, { sequence }: Before) {
  return { sequence, cids: replayed?.fold.editions.map(({ cid }) => cid) ?? [] };
}

function knownBundles({ replayed }: JudgedSpine, before: Before | undefined) {
  if (before === undefined || replayed === undefined) return undefined;
  const indexes = indexesOf(replayed.fold.articles.values());
  return ({ cid }: { cid: CID }): boolean => (indexes.get(cid.toString()) ?? before.size) < before.size;
}

/** Entries of bundles in the log, by CID. */
function indexesOf(articles: Iterable<LoggedArticle>): Map<string, number> {
  const indexes = new Map<string, number>();
  for (const { newest, earlier } of articles)
    for (const { cid, index } of [newest, ...earlier]) indexes.set(cid, index);
  return indexes;
}
