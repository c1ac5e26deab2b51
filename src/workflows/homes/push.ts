import { CID } from 'multiformats/cid';
import { OvnError } from '../../errors.ts';
import type { Kept } from '../../node/homes/home.ts';
import type { StoredHome } from '../../repo/homes.ts';
import type { HomeEffects } from './home-effects.ts';
import { type HomeReport, heldReport, isDone, problemOfError } from './home-report.ts';
import { keepAtHome, note, type OpenHome } from './keep-at-home.ts';
import { releaseOld } from './release-old.ts';
import { type PushChoice, type WantedRoot, wantedRoots } from './wanted-roots.ts';

/** What `ovn push --json` prints. */
export interface PushReport {
  /** Of the head edition. */
  sequence: number | null;
  edition: string | null;
  homes: HomeReport[];
  /** Whether every home holds all that it is to keep, and let go of what that replaced. */
  done: boolean;
}

export interface PushOptions extends PushChoice {
  /** Names of homes; none: all of them. */
  homes: readonly string[];
  /** Release also what a home is not to keep any more. */
  prune?: boolean | undefined;
  dryRun: boolean;
}

/**
 * Gives every home what it is to keep, all of them at once. A home that fails keeps no other from it; a rerun finishes what is not done.
 * What a home has from before is released only when what takes its place is confirmed, and was read back.
 *
 * @throws {OvnError} `not-found` for a home or category that is not there, or where nothing was published; `usage` where there is no home.
 */
export async function push(options: PushOptions, effects: HomeEffects): Promise<PushReport> {
  const { repository } = effects;
  const chosen = chooseHomes(repository.homes.list(), options.homes);
  const plans = chosen.map((stored) => ({ stored, ...wantedRoots(repository, options, stored) }));
  const head = repository.head();
  const pushed = plans.map((plan) =>
    options.dryRun ? foresee(plan, effects) : pushHome(plan, options, effects),
  );
  // All are waited for, whatever one of them meets.
  await Promise.allSettled(pushed);
  const homes = await Promise.all(pushed);
  const done = homes.every(isDone);
  return { sequence: head?.sequence ?? null, edition: head?.edition ?? null, homes, done };
}

/** @throws {OvnError} `not-found`, `usage` */
export function chooseHomes(homes: readonly StoredHome[], names: readonly string[]): StoredHome[] {
  const unknown = names.filter((name) => !homes.some((home) => home.name === name));
  if (unknown.length > 0) {
    throw new OvnError('not-found', `there is no remote ${unknown.join(', ')}`, {
      hint: 'ovn remote ls shows those that were added.',
    });
  }
  if (homes.length === 0) {
    throw new OvnError('usage', 'there is no remote to push to', {
      hint: 'ovn remote add <name> <kind> <url> adds one: a pinning service, Kubo, IPFS Cluster or a gateway.',
    });
  }
  return homes.filter(({ name }) => names.length === 0 || names.includes(name));
}

interface Plan {
  stored: StoredHome;
  roots: WantedRoot[];
  missing: string[];
}

async function pushHome(
  plan: Plan,
  { prune = false }: PushOptions,
  effects: HomeEffects,
): Promise<HomeReport> {
  const { stored, roots } = plan;
  let home: OpenHome['home'] | undefined;
  try {
    home = await effects.open(stored);
    const open = { stored, home };
    const said = await home.status(
      roots.map(({ cid }) => CID.parse(cid)),
      effects,
    );
    for (const root of roots) await keepUnlessRefused(open, root, said.get(root.cid), effects);
    return { ...reportOf(plan, effects), ...(await releaseOld(open, roots, effects, { prune })) };
  } catch (error) {
    effects.signal.throwIfAborted();
    return { ...reportOf(plan, effects), problem: problemOfError(error) };
  } finally {
    await home?.close?.().catch(() => undefined);
  }
}

/** What a home refuses of one DAG is noted there, and says nothing of the next; where it cannot be asked, nothing more is. */
async function keepUnlessRefused(
  open: OpenHome,
  root: WantedRoot,
  said: Kept | undefined,
  effects: HomeEffects,
): Promise<void> {
  try {
    await keepAtHome(open, root, said, effects);
  } catch (error) {
    effects.signal.throwIfAborted();
    const { code, message } = problemOfError(error);
    const place = { home: open.stored.name, cid: root.cid, subject: root.subject };
    note(place, { cid: root.cid, state: 'unknown', detail: message }, effects);
    if (['io', 'busy', 'key'].includes(code)) throw error;
  }
}

/** What is known, without asking anybody. */
async function foresee(plan: Plan, effects: HomeEffects): Promise<HomeReport> {
  return reportOf(plan, effects);
}

/** What is known of what a home is to keep. */
export function reportOf(
  { stored, roots, missing }: Plan,
  { repository: { homes } }: HomeEffects,
): HomeReport {
  const { name, kind, url } = stored;
  const wanted = roots.map(({ cid, subject, sequence }) => {
    const known = homes.confirmation({ home: name, cid, subject });
    return known === undefined ? notAsked(cid, subject, sequence) : heldReport(known);
  });
  const left = homes.confirmations(name).filter(({ releasing }) => releasing);
  return {
    home: name,
    kind,
    url,
    problem: null,
    wanted,
    missing,
    released: [],
    left: left.map(({ cid, subject }) => ({ cid, subject, problem: null })),
  };
}

function notAsked(cid: string, subject: string, sequence: number | null): HomeReport['wanted'][number] {
  return {
    cid,
    subject,
    sequence,
    state: 'unknown',
    detail: null,
    copies: null,
    held: false,
    confirmed: null,
    readBack: null,
    problem: 'it was not pushed there yet',
  };
}
