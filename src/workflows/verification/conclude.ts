import { EXIT } from '../../errors.ts';
import type { ResolvedName } from '../../node/names/resolve-name.ts';
import { exitCodeOfVerdict, type Verdict } from '../../reader/verdict.ts';
import { type Check, firstFailed } from '../../trust/check.ts';
import type { MirrorsJudgement } from '../finding/judge-mirrors.ts';
import { type FollowedPaper, openPaper } from '../holding/followed-paper.ts';
import { isExpiredName, nameCheck } from '../naming/name-check.ts';
import { askReader, type Said } from './ask-reader.ts';
import { judgeFollowedStanding } from './followed-standing.ts';
import type { Evidence } from './judging.ts';
import { INCLUSION } from './lone-bundles.ts';
import { readerOf } from './reader-of.ts';
import type { VerifyEffects, VerifyOptions, VerifyResult } from './request.ts';
import { confirmPublication, type Judged, judgeStanding } from './standing.ts';
import { judgeWitnessing, readerPolicy, WITNESSES } from './witnesses.ts';

/** What was judged by itself, and how it was named. */
export interface Subject {
  name: string;
  /** What is named by its CID may be old. */
  namedBy: 'name' | 'cid';
  /** How a name or a domain led here; nothing where it was named otherwise. */
  led: ResolvedName | undefined;
  judged: Judged;
  evidence: Evidence;
  /** What mirrors show of its log, where they were asked. */
  mirrors: MirrorsJudgement | undefined;
}

/** What is said in the end of what was judged, once it was compared with what the reader and this repository know. */
export async function conclude(
  subject: Subject,
  options: VerifyOptions,
  effects: VerifyEffects,
): Promise<VerifyResult> {
  const { name, namedBy, judged } = subject;
  const { checks, reached, evidence } = await compare(subject, options, effects);
  if (options.requireCurrent) requireCurrent(checks, reached);
  const ok = firstFailed(checks) === undefined;
  const verdict = ok ? reached : 'refused';
  const publication = judged.publication ?? null;
  const report = { ok, target: name, publication, verdict, checks, evidence: evidence ?? null };
  const exitCode = exitCodeOfVerdict(verdict, namedBy);
  // Genuine as far as it is here: that is not all that was asked for.
  return { report, exitCode: exitCode === EXIT.done && judged.isPart ? EXIT.incomplete : exitCode };
}

/** Compares it with what the reader expects and remembers, and with what this repository knows. */
async function compare(
  { namedBy, led, judged, evidence, mirrors }: Subject,
  options: VerifyOptions,
  effects: VerifyEffects,
): Promise<{ checks: Check[]; reached: Verdict; evidence: string | undefined }> {
  const checks = [...(led === undefined ? [] : [nameCheck(led, effects.now)]), ...judged.checks];
  const { publication } = judged;
  const { repository: known, read } = effects.local ?? {};
  const paper = await followedPaper(publication, effects);
  if (publication !== undefined)
    checks.push(confirmPublication(publication, options.publication, known?.ownId, paper !== undefined));
  if (mirrors !== undefined) checks.push(mirrors.check);
  const own = publication !== undefined && publication === known?.ownId ? known : undefined;
  const policy = readerPolicy(effects.policy, own);
  // Nothing is asked of what was refused already.
  const isRefused = firstFailed(checks) !== undefined;
  const reader = readerOf(publication, options, effects, { policy, led, remembers: true });
  const asking = { reader, namedBy, evidence, own: read };
  const said = isRefused ? NOTHING : await askReader(judged, asking);
  for (const check of said.checks) record(checks, check);
  const isWitnessed = await judgeWitnessing(checks, judged, { policy, own, evidence, read });
  const standing = own === undefined ? [] : judgeStanding(judged, own, effects.now);
  if (paper !== undefined) standing.push(...(await judgeFollowedStanding(judged, paper, effects.now)));
  checks.push(...standing);
  const most = said.verdict ?? verdictOf(standing, isWitnessed);
  const isOld = mirrors?.isBehind === true || (led !== undefined && isExpiredName(led, effects.now));
  const reached = isOld && most === 'current' ? 'listed' : most;
  return { checks, reached, evidence: mirrors?.evidence ?? said.evidence };
}

const NOTHING: Said = { checks: [] };

/** What is held of the publication, where it is one that is followed. */
async function followedPaper(
  publication: string | undefined,
  { local }: VerifyEffects,
): Promise<FollowedPaper | undefined> {
  const followed = publication === undefined ? undefined : local?.repository.followed.get(publication);
  return followed === undefined || local === undefined ? undefined : openPaper(followed, local.read);
}

/**
 * Adds what a reader said. Witnesses that it is content with are told of below, whatever was judged; and the proof that an
 * article brings and the log that is here are one check, which fails where one of them does.
 */
function record(checks: Check[], said: Check): void {
  if (said.name === WITNESSES && said.result !== 'fail') return;
  const at = checks.findIndex(({ name }) => name === INCLUSION && name === said.name);
  const proven = checks[at];
  if (proven === undefined) checks.push(said);
  else if (said.result === 'fail') checks[at] = said;
  else if (said.result === 'pass') checks[at] = { ...proven, detail: `${proven.detail}; ${said.detail}` };
}

function verdictOf(standing: readonly Check[], isWitnessed: boolean): Verdict {
  const passed = new Set(standing.filter(({ result }) => result === 'pass').map(({ name }) => name));
  if (!passed.has('listed')) return 'genuine';
  return passed.has('current') && isWitnessed ? 'current' : 'listed';
}

function requireCurrent(checks: Check[], reached: Verdict): void {
  if (reached === 'current' || firstFailed(checks) !== undefined) return;
  const detail = `${reached}, and not confirmed as current`;
  checks.push({ name: 'require-current', result: 'fail', detail });
}
