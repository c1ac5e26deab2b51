import { statSync } from 'node:fs';
import type { CID } from 'multiformats/cid';
import { EXIT, OvnError } from '../errors.ts';
import type { ResolvedName } from '../node/names/resolve-name.ts';
import { firstFailed } from '../trust/check.ts';
import type { MirrorsJudgement } from './finding/judge-mirrors.ts';
import { findPartly, tellOthers } from './holding/not-held.ts';
import { NAME_CHECK } from './naming/name-check.ts';
import { type ReachedTarget, reachTarget, tellFetched } from './retrieving/reach-target.ts';
import { conclude } from './verification/conclude.ts';
import { judgeRoot } from './verification/judge-root.ts';
import { Evidence } from './verification/judging.ts';
import { openCar, openFolder } from './verification/outside.ts';
import type { VerifyEffects, VerifyOptions, VerifyReport, VerifyResult } from './verification/request.ts';
import type { Judged } from './verification/standing.ts';

export type { Verdict } from '../reader/verdict.ts';
export type { VerifyEffects, VerifyOptions, VerifyReport } from './verification/request.ts';

/** What opens a CAR file or a folder on disk. */
type Opener = typeof openCar;

/** Every check that a stranger can make on a bundle, a category or an edition; believes nothing on the way. */
export async function verify(options: VerifyOptions, effects: VerifyEffects): Promise<VerifyResult> {
  const { what } = options;
  const open = what === undefined ? undefined : openerOf(what);
  if (what !== undefined && open !== undefined) return verifyOutside(what, open, options, effects);
  if (effects.local === undefined && effects.retrieval === undefined) {
    throw new OvnError(
      'not-found',
      `${what ?? 'there'} is no CAR file or folder, and no repository is here`,
      { hint: 'Name who has it: --gateway URL, --peer MULTIADDR or --router URL.' },
    );
  }
  const found = await findTarget(what, effects);
  if ('exitCode' in found) return found;
  using reached = found;
  const { target, read, report } = reached;
  const { cid, kind, name, led, publication } = target;
  const { now, signal, startJudge } = effects;
  const evidence = new Evidence(read, { now, signal, startJudge, rest: await restOf(cid, effects) });
  const judged = await judgeRoot(cid, evidence, effects.onProgress);
  const mirrors = await compareMirrors(judged, led, evidence, effects);
  if (report !== undefined) judged.checks.unshift(tellFetched(report));
  const namedBy = kind === 'cid' && led === undefined ? 'cid' : 'name';
  const expected = { ...options, publication: options.publication ?? publication };
  return await conclude({ name, namedBy, led, judged, evidence, mirrors }, expected, effects);
}

/** What those who were asked where the newest edition is show of its log. */
async function compareMirrors(
  judged: Judged,
  led: ResolvedName | undefined,
  evidence: Evidence,
  { retrieval, memories, signal }: VerifyEffects,
): Promise<MirrorsJudgement | undefined> {
  const { checkpoints = [] } = led ?? {};
  if (checkpoints.length === 0 || firstFailed(judged.checks) !== undefined) return undefined;
  const [{ judgeMirrors }, { withinLimits }] = await Promise.all([
    import('./finding/judge-mirrors.ts'),
    import('./finding/within-limits.ts'),
  ]);
  const wide = retrieval?.readerBeside(evidence.read, signal) ?? evidence.read;
  return judgeMirrors(judged, checkpoints, new Evidence(withinLimits(wide), evidence), memories);
}

/** Who may have the rest of something of which a mirror need hold no more than a part; nothing where all of it ought to be here. */
async function restOf(cid: CID, { local }: VerifyEffects): Promise<string | undefined> {
  const paper = local === undefined ? undefined : await findPartly(local.repository, local.read, cid);
  return paper === undefined ? undefined : tellOthers(paper);
}

/** What is meant, with all of it at hand, or the report that the name of it is false. */
async function findTarget(
  what: string | undefined,
  { local, retrieval, names, find, signal }: VerifyEffects,
): Promise<ReachedTarget | VerifyResult> {
  try {
    return await reachTarget(what, { local, retrieval, names, find, prefersIds: true, signal });
  } catch (error) {
    if (!(error instanceof OvnError) || error.code !== 'refused' || what === undefined) throw error;
    return refuse(what, NAME_CHECK, error);
  }
}

/** Where a path on disk is meant, what opens it: a folder, or a file that is no source. */
function openerOf(what: string): Opener | undefined {
  const stat = statSync(what, { throwIfNoEntry: false });
  if (stat?.isDirectory()) return openFolder;
  return stat?.isFile() && !/\.(?:md|markdown)$/i.test(what) ? openCar : undefined;
}

async function verifyOutside(
  name: string,
  open: Opener,
  options: VerifyOptions,
  effects: VerifyEffects,
): Promise<VerifyResult> {
  try {
    const { root, read } = await open(name, effects.signal);
    const evidence = new Evidence(read, effects);
    const judged = await judgeRoot(root, evidence, effects.onProgress);
    const detail = `every block has the hash that its CID names: ${root}`;
    judged.checks.unshift({ name: 'blocks', result: 'pass', detail });
    // An edition in a file or a folder is offered as the newest; everything else in one stands for itself.
    const namedBy = judged.kind === 'edition' ? 'name' : 'cid';
    return await conclude(
      { name, namedBy, led: undefined, judged, evidence, mirrors: undefined },
      options,
      effects,
    );
  } catch (error) {
    if (!(error instanceof OvnError) || !['malformed', 'limit', 'refused'].includes(error.code)) throw error;
    return refuse(name, 'blocks', error);
  }
}

/** What was refused before there was anything to judge. */
function refuse(target: string, name: string, { message: detail }: OvnError): VerifyResult {
  const checks: VerifyReport['checks'] = [{ name, result: 'fail', detail }];
  const nothing = { publication: null, verdict: 'refused', evidence: null } as const;
  return { report: { ok: false, target, checks, ...nothing }, exitCode: EXIT.refused };
}
