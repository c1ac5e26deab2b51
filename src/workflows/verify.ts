import { statSync } from 'node:fs';
import type { CID } from 'multiformats/cid';
import { EXIT, OvnError } from '../errors.ts';
import type { Repository } from '../repo/repository.ts';
import { type Check, firstFailed } from '../trust/check.ts';
import { expiryCheck } from '../trust/instant.ts';
import type { BlockReader } from '../unixfs/block.ts';
import { readIfDirectory } from '../unixfs/directory.ts';
import { measureDag } from './measure-dag.ts';
import { resolveTarget, type Target } from './resolve-target.ts';
import { isArticleProof, judgeArticleProof } from './verification/article-proof.ts';
import { judgeBundle } from './verification/bundle.ts';
import { type JudgeProgress, judgeCategory } from './verification/category.ts';
import { judgeEdition } from './verification/edition.ts';
import { checkAsync, Evidence } from './verification/judging.ts';
import { judgeInclusion } from './verification/log-inclusion.ts';
import { openCar, openFolder } from './verification/outside.ts';
import { confirmPublication, type Judged, judgeStanding } from './verification/standing.ts';

/**
 * The most that can be said: `refused` is proof of falsehood; `genuine` is timeless; `listed` is the newest revision in
 * an edition; `current` is that, in an edition that is the newest known and unexpired.
 */
export type Verdict = 'refused' | 'genuine' | 'listed' | 'current';

/** What `ovn verify --json` prints. */
export interface VerifyReport {
  ok: boolean;
  target: string;
  /** The publication that it is genuine for; nothing where it is not. */
  publication: string | null;
  verdict: Verdict;
  checks: Check[];
}

export interface VerifyOptions {
  what: string | undefined;
  /** The id that the reader expects. */
  publication: string | undefined;
}

export interface VerifyEffects {
  /** Absent where nothing of a repository is needed: a CAR file or a folder. */
  local: { repository: Repository; read: BlockReader } | undefined;
  now: Date;
  signal: AbortSignal;
  onProgress?: JudgeProgress;
}

/** Every check that a stranger can make on a bundle, a category or an edition; believes nothing on the way. */
export async function verify(
  options: VerifyOptions,
  effects: VerifyEffects,
): Promise<{ report: VerifyReport; exitCode: number }> {
  const outside = options.what === undefined ? undefined : outsideKind(options.what);
  if (outside !== undefined && options.what !== undefined)
    return verifyOutside(options.what, outside, options, effects);
  if (effects.local === undefined) {
    throw new OvnError(
      'not-found',
      `${options.what ?? 'there'} is no CAR file or folder, and no repository is here`,
    );
  }
  const { repository, read } = effects.local;
  const target = await resolveTarget(repository, read, options.what);
  const judged = await judge(target.cid, new Evidence(read, effects), effects.onProgress);
  return conclude(target.name, target, judged, options, effects);
}

/** Whether a path on disk is meant: a folder, or a file that is no source. */
function outsideKind(what: string): 'car' | 'folder' | undefined {
  const stat = statSync(what, { throwIfNoEntry: false });
  if (stat?.isDirectory()) return 'folder';
  return stat?.isFile() && !/\.(?:md|markdown)$/i.test(what) ? 'car' : undefined;
}

async function verifyOutside(
  what: string,
  kind: 'car' | 'folder',
  options: VerifyOptions,
  effects: VerifyEffects,
): Promise<{ report: VerifyReport; exitCode: number }> {
  try {
    const { root, read } = await (kind === 'car' ? openCar : openFolder)(what, effects.signal);
    const judged = await judge(root, new Evidence(read, effects), effects.onProgress);
    const { checks } = judged;
    checks.unshift({
      name: 'blocks',
      result: 'pass',
      detail: `every block has the hash that its CID names: ${root}`,
    });
    return await conclude(what, undefined, judged, options, effects);
  } catch (error) {
    if (!(error instanceof OvnError) || !['malformed', 'limit', 'refused'].includes(error.code)) throw error;
    const checks: Check[] = [{ name: 'blocks', result: 'fail', detail: error.message }];
    const report: VerifyReport = { ok: false, target: what, publication: null, verdict: 'refused', checks };
    return { report, exitCode: EXIT.refused };
  }
}

/** Tells bundle, category and edition apart by what they hold. */
async function judge(cid: CID, evidence: Evidence, onProgress?: JudgeProgress): Promise<Judged> {
  const root = cid.toString();
  const names = new Set((await readIfDirectory(cid, evidence.read))?.map(({ name }) => name));
  if (names.has('article.json')) {
    const { checks, article, mastheads } = await judgeBundle(cid, evidence);
    if (article === undefined || mastheads === undefined) return { kind: 'bundle', root, checks };
    const { publicationId: publication } = mastheads;
    const { identifier, revision } = article;
    return { kind: 'bundle', root, checks, publication, article: identifier, revision };
  }
  if (isArticleProof(names)) return judgeWithProof(cid, evidence);
  if (names.has('manifest.json')) {
    const { checks, manifest } = await judgeEdition(cid, evidence, onProgress);
    if (manifest === undefined) return { kind: 'edition', root, checks };
    const { publication, expires } = manifest.manifest;
    const expiry = expiryCheck('expiry', expires, evidence.now);
    await judgeWhole(checks, cid, evidence);
    return { kind: 'edition', root, checks: [...checks, expiry], publication: publication.id };
  }
  if (names.has('feed.json')) {
    const judged = await judgeCategory(cid, evidence, onProgress);
    await judgeWhole(judged.checks, cid, evidence);
    return { kind: 'category', root, ...judged };
  }
  throw new OvnError('refused', `${root} is no bundle, no category and no edition of OpenVoiceNews`);
}

/** An article that brings the proof that it was logged stands for its bundle. */
async function judgeWithProof(cid: CID, evidence: Evidence): Promise<Judged> {
  const { checks, bundle = cid, article, mastheads } = await judgeArticleProof(cid, evidence);
  const root = bundle.toString();
  if (article === undefined || mastheads === undefined) return { kind: 'bundle', root, checks };
  const { identifier, revision } = article;
  return {
    kind: 'bundle',
    root,
    checks,
    publication: mastheads.publicationId,
    article: identifier,
    revision,
  };
}

/** Nothing that the root reaches is missing, the pages among it that no rule reads. */
async function judgeWhole(checks: Check[], root: CID, { read, signal }: Evidence): Promise<void> {
  await checkAsync(
    checks,
    'whole',
    () => measureDag(root, read, signal),
    ({ blocks }) => `all ${blocks} blocks are here`,
  );
}

/** Compares what was judged with what the reader expects and what this repository knows. */
async function conclude(
  name: string,
  target: Target | undefined,
  judged: Judged,
  { publication: expected }: VerifyOptions,
  effects: VerifyEffects,
): Promise<{ report: VerifyReport; exitCode: number }> {
  const checks = [...judged.checks];
  const known = effects.local?.repository;
  const { publication } = judged;
  if (publication !== undefined) checks.push(confirmPublication(publication, expected, known?.publicationId));
  if (!checks.some(({ name }) => name === 'log-inclusion'))
    checks.push(...(await judgeInclusion(judged, effects.local && { ...effects.local, ...effects })));
  const standing =
    publication !== undefined && publication === known?.publicationId
      ? judgeStanding(judged, known, effects.now)
      : [];
  checks.push(...standing);
  const ok = firstFailed(checks) === undefined;
  const verdict = verdictOf(ok, standing);
  const report = { ok, target: name, publication: publication ?? null, verdict, checks };
  return { report, exitCode: exitCodeOf(report, target) };
}

function verdictOf(ok: boolean, standing: readonly Check[]): Verdict {
  if (!ok) return 'refused';
  const passed = new Set(standing.filter(({ result }) => result === 'pass').map(({ name }) => name));
  if (!passed.has('listed')) return 'genuine';
  return passed.has('current') ? 'current' : 'listed';
}

/** What is named by its CID is never refused for its age; a name that is not confirmed as current is incomplete. */
function exitCodeOf({ ok, verdict }: VerifyReport, target: Target | undefined): number {
  if (!ok) return EXIT.refused;
  if (target === undefined || target.kind === 'cid') return EXIT.done;
  return verdict === 'current' ? EXIT.done : EXIT.incomplete;
}
