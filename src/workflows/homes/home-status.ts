import { CID } from 'multiformats/cid';
import { OvnError } from '../../errors.ts';
import type { StoredHome } from '../../repo/homes.ts';
import type { HomeEffects } from './home-effects.ts';
import { type HeldReport, type HomeReport, heldReport, isDone, problemOfError } from './home-report.ts';
import { look, note } from './keep-at-home.ts';
import { chooseHomes, reportOf } from './push.ts';
import { type WantedRoot, wantedRoots } from './wanted-roots.ts';

/** A home with all that is known to be there. */
export type HomeStatus = HomeReport & {
  /** What it holds of ours beside what it is to keep. */
  others: HeldReport[];
};

/** What `ovn remote status --json` prints. */
export interface HomesStatus {
  homes: HomeStatus[];
  done: boolean;
}

export interface StatusOptions {
  homes: readonly string[];
  /** Tells what was noted before, and asks nobody. */
  offline: boolean;
}

/**
 * Asks every home what it has of ours, reads samples of it back, and notes both.
 *
 * @throws {OvnError} `not-found`, `usage` as `push` does.
 */
export async function homesStatus(options: StatusOptions, effects: HomeEffects): Promise<HomesStatus> {
  const chosen = chooseHomes(effects.repository.homes.list(), options.homes);
  const asked = chosen.map((stored) => statusOf(stored, options, effects));
  await Promise.allSettled(asked);
  const homes = await Promise.all(asked);
  return { homes, done: homes.every(isDone) };
}

async function statusOf(
  stored: StoredHome,
  { offline }: StatusOptions,
  effects: HomeEffects,
): Promise<HomeStatus> {
  const plan = wantedIfAny(stored, effects);
  const problem = offline ? null : await askHome(stored, plan.roots, effects);
  const report = reportOf({ stored, ...plan }, effects);
  const isWanted = (cid: string, subject: string) =>
    report.wanted.some((each) => each.cid === cid && each.subject === subject);
  const others = effects.repository.homes
    .confirmations(stored.name)
    .filter(({ cid, subject }) => !isWanted(cid, subject))
    .map(heldReport);
  return { ...report, problem, others };
}

/** Where nothing is published yet, or held whole any more, what is there can be told all the same. */
function wantedIfAny(stored: StoredHome, { repository }: HomeEffects): ReturnType<typeof wantedRoots> {
  try {
    return wantedRoots(repository, {}, stored);
  } catch (error) {
    if (error instanceof OvnError && error.code === 'not-found') return { roots: [], missing: [] };
    throw error;
  }
}

/** Also of what was not pushed there yet: whether it can be asked at all is to be found out. */
async function askHome(
  stored: StoredHome,
  wanted: readonly WantedRoot[],
  effects: HomeEffects,
): Promise<HomeReport['problem']> {
  const { homes } = effects.repository;
  const rows = homes.confirmations(stored.name);
  const cids = new Set([...rows, ...wanted].map(({ cid }) => cid));
  const open = async () => ({ stored, home: await effects.open(stored) });
  let opened: Awaited<ReturnType<typeof open>> | undefined;
  try {
    opened = await open();
    const said = await opened.home.status(
      [...cids].map((cid) => CID.parse(cid)),
      effects,
    );
    for (const row of rows) note(row, said.get(row.cid) ?? { cid: row.cid, state: 'unknown' }, effects);
    for (const row of rows) await look(opened, row, effects);
    return null;
  } catch (error) {
    effects.signal.throwIfAborted();
    return problemOfError(error);
  } finally {
    await opened?.home.close?.().catch(() => undefined);
  }
}
