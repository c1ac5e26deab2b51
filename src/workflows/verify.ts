import { statSync } from 'node:fs';
import { CID } from 'multiformats/cid';
import { EXIT, OvnError } from '../errors.ts';
import type { WitnessPolicy } from '../log/witness-policy.ts';
import { exitCodeOfVerdict, type Verdict } from '../reader/verdict.ts';
import type { ReaderMemories } from '../repo/reader-memory.ts';
import type { Repository } from '../repo/repository.ts';
import { type Check, firstFailed } from '../trust/check.ts';
import { expiryCheck } from '../trust/instant.ts';
import type { BlockReader } from '../unixfs/block.ts';
import { readIfDirectory } from '../unixfs/directory.ts';
import { measureDag } from './measure-dag.ts';
import type { Target } from './resolve-target.ts';
import { reachTarget, tellFetched } from './retrieving/reach-target.ts';
import type { Retrieval } from './retrieving/retrieval.ts';
import { isArticleProof, judgeArticleProof } from './verification/article-proof.ts';
import { judgeBundle } from './verification/bundle.ts';
import { type JudgeProgress, judgeCategory } from './verification/category.ts';
import { judgeEdition } from './verification/edition.ts';
import { checkAsync, Evidence } from './verification/judging.ts';
import { offerBundle } from './verification/offered-edition.ts';
import { openCar, openFolder } from './verification/outside.ts';
import { judgeAsReader, judgeInclusion, type Reader, type ReaderJudgement } from './verification/reader.ts';
import { confirmPublication, type Judged, judgeStanding } from './verification/standing.ts';
import { judgeWitnessing, readerPolicy, WITNESSES } from './verification/witnesses.ts';

export type { Verdict } from '../reader/verdict.ts';

/** What `ovn verify --json` prints. */
export interface VerifyReport {
  ok: boolean;
  target: string;
  /** The publication that it is genuine for; nothing where it is not. */
  publication: string | null;
  verdict: Verdict;
  checks: Check[];
  /** Path of the file that keeps the documents of a refusal which rests on two of them, to be shown to others. */
  evidence: string | null;
}

export interface VerifyOptions {
  what: string | undefined;
  /** The id that the reader expects. */
  publication: string | undefined;
  /** Whether what is genuine, and not confirmed as current, is refused. */
  requireCurrent: boolean;
}

export interface VerifyEffects {
  /** Absent where nothing of a repository is needed: a CAR file or a folder. */
  local: { repository: Repository; read: BlockReader } | undefined;
  /** Absent where nobody is asked for what is not here. */
  retrieval?: Retrieval | undefined;
  /** What the reader remembers; `undefined` where nothing is to be remembered, and nothing that was is to count. */
  memories: ReaderMemories | undefined;
  /** The witnesses that the reader trusts; with none, of the own publication those of ovn.json. */
  policy: WitnessPolicy;
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
  if (effects.local === undefined && effects.retrieval === undefined) {
    throw new OvnError(
      'not-found',
      `${options.what ?? 'there'} is no CAR file or folder, and no repository is here`,
      { hint: 'Name who has it: --gateway URL, --peer MULTIADDR or --router URL.' },
    );
  }
  using reached = await reachTarget(options.what, { ...effects, retrieval: effects.retrieval });
  const { target, read, report } = reached;
  const evidence = new Evidence(read, effects);
  const judged = await judge(target.cid, evidence, effects.onProgress);
  if (report !== undefined) judged.checks.unshift(tellFetched(report));
  return await conclude(target.name, target, judged, options, effects, evidence);
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
    const evidence = new Evidence(read, effects);
    const judged = await judge(root, evidence, effects.onProgress);
    const { checks } = judged;
    checks.unshift({
      name: 'blocks',
      result: 'pass',
      detail: `every block has the hash that its CID names: ${root}`,
    });
    return await conclude(what, undefined, judged, options, effects, evidence);
  } catch (error) {
    if (!(error instanceof OvnError) || !['malformed', 'limit', 'refused'].includes(error.code)) throw error;
    const checks: Check[] = [{ name: 'blocks', result: 'fail', detail: error.message }];
    const report: VerifyReport = {
      ok: false,
      target: what,
      publication: null,
      verdict: 'refused',
      checks,
      evidence: null,
    };
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
    return { kind: 'bundle', root, checks, publication, article: article.identifier };
  }
  if (isArticleProof(names)) return judgeWithProof(cid, evidence);
  if (names.has('manifest.json')) {
    const { checks, manifest } = await judgeEdition(cid, evidence, onProgress);
    if (manifest === undefined) return { kind: 'edition', root, checks };
    const { publication, expires } = manifest.manifest;
    const expiry = expiryCheck('expiry', expires, evidence.now);
    await judgeWhole(checks, cid, evidence);
    const judged = { root, checks: [...checks, expiry], publication: publication.id };
    return { kind: 'edition', ...judged, manifest: manifest.cid };
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
  const { publicationId: publication } = mastheads;
  return { kind: 'bundle', root, checks, publication, article: article.identifier };
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

/** Compares what was judged with what the reader expects and remembers, and with what this repository knows. */
async function conclude(
  name: string,
  target: Target | undefined,
  judged: Judged,
  options: VerifyOptions,
  effects: VerifyEffects,
  evidence: Evidence,
): Promise<{ report: VerifyReport; exitCode: number }> {
  const checks = [...judged.checks];
  const known = effects.local?.repository;
  const { publication } = judged;
  if (publication !== undefined)
    checks.push(confirmPublication(publication, options.publication, known?.publicationId));
  const own = publication !== undefined && publication === known?.publicationId ? known : undefined;
  const policy = readerPolicy(effects.policy, own);
  const said = await askReader(judged, target, firstFailed(checks) === undefined, {
    reader: readerOf(options, effects, policy),
    evidence,
    own: effects.local?.read,
  });
  checks.push(...said.checks.filter(({ name, result }) => name !== WITNESSES || result === 'fail'));
  const isWitnessed = await judgeWitnessing(checks, judged, {
    policy,
    own,
    evidence,
    read: effects.local?.read,
  });
  const standing = own === undefined ? [] : judgeStanding(judged, own, effects.now);
  checks.push(...standing);
  const reached = said.verdict ?? verdictOf(standing, isWitnessed);
  if (options.requireCurrent && firstFailed(checks) === undefined && reached !== 'current')
    checks.push({
      name: 'require-current',
      result: 'fail',
      detail: `${reached}, and not confirmed as current`,
    });
  const ok = firstFailed(checks) === undefined;
  const verdict = ok ? reached : 'refused';
  const kept = said.evidence ?? null;
  const report = { ok, target: name, publication: publication ?? null, verdict, checks, evidence: kept };
  return { report, exitCode: exitCodeOfVerdict(verdict, namedBy(judged, target)) };
}

/** Who reads: with a memory, witnesses and the newest edition that is here. */
function readerOf(
  { publication, requireCurrent }: VerifyOptions,
  effects: VerifyEffects,
  policy: WitnessPolicy,
): Reader {
  const head = effects.local?.repository.head()?.edition;
  return {
    memories: effects.memories,
    policy,
    expectedId: publication,
    requireCurrent,
    head: head === undefined ? undefined : CID.parse(head),
  };
}

interface Asking {
  reader: Reader;
  evidence: Evidence;
  /** Where the newest edition that is here is read. */
  own: BlockReader | undefined;
}

/** What a reader with a memory and the log add; nothing is asked of what was refused already. */
async function askReader(
  judged: Judged,
  target: Target | undefined,
  ok: boolean,
  { reader, evidence, own }: Asking,
): Promise<Partial<ReaderJudgement> & { checks: Check[] }> {
  const { kind, root, publication, article } = judged;
  const cid = CID.parse(root);
  if (!ok || publication === undefined) return { checks: [] };
  const here = own === undefined ? evidence : new Evidence(own, evidence);
  if (kind === 'edition') return judgeAsReader(cid, namedBy(judged, target), reader, { evidence, here });
  if (kind === 'category' || article === undefined) return { checks: [] };
  const isProven = judged.checks.some(({ name }) => name === 'log-inclusion');
  if (isProven && own === undefined) return { checks: [] };
  const bundle = await offerBundle({ id: article, cid }, 'alone', evidence);
  const check = await judgeInclusion(bundle, publication, reader, here);
  return { checks: isProven && check.result === 'not-checked' ? [] : [check] };
}

/** An edition in a file or a folder is offered as the newest; everything else in one stands for itself. */
function namedBy({ kind }: Judged, target: Target | undefined): 'name' | 'cid' {
  if (target === undefined) return kind === 'edition' ? 'name' : 'cid';
  return target.kind === 'cid' ? 'cid' : 'name';
}

function verdictOf(standing: readonly Check[], isWitnessed: boolean): Verdict {
  const passed = new Set(standing.filter(({ result }) => result === 'pass').map(({ name }) => name));
  if (!passed.has('listed')) return 'genuine';
  return passed.has('current') && isWitnessed ? 'current' : 'listed';
}
