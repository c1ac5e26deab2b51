import { forgetHome } from './add-home.ts';
import type { HomeEffects } from './home-effects.ts';
import { type HomeProblem, type HomeReport, problemOfError } from './home-report.ts';
import { chooseHomes } from './push.ts';
import { releaseRows } from './release-old.ts';

/** What `ovn remote rm --release --json` prints. */
export interface LeaveReport extends Pick<HomeReport, 'home' | 'released' | 'left'> {
  problem: HomeProblem | null;
  /** Whether it let go of all of ours, and was forgotten. */
  done: boolean;
}

/**
 * Has a home let go of all that it keeps for us, wherever else that is or is not, and forgets it then. A rerun goes on with what is left.
 *
 * @throws {OvnError} `not-found` for a remote that is not there.
 */
export async function leaveHome(name: string, effects: HomeEffects): Promise<LeaveReport> {
  const { repository, signal } = effects;
  const [stored] = chooseHomes(repository.homes.list(), [name]);
  if (stored === undefined) throw new Error('no home was chosen');
  const report: LeaveReport = { home: name, released: [], left: [], problem: null, done: false };
  const opening = effects.open(stored);
  try {
    const open = { stored, home: await opening };
    Object.assign(report, await releaseRows(open, repository.homes.confirmations(name), effects));
    report.done = report.left.length === 0;
    if (report.done) forgetHome(repository, name);
  } catch (error) {
    signal.throwIfAborted();
    report.problem = problemOfError(error);
  } finally {
    await opening.then((home) => home.close?.()).catch(() => undefined);
  }
  return report;
}
