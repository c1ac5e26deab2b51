import { EXIT, OvnError } from '../errors.ts';
import type { Repository } from '../repo/repository.ts';
import type { PushReport } from '../workflows/homes/push.ts';
import type { RepositoryContext } from './repository-context.ts';
import type { Terminal } from './terminal.ts';
import { programName } from './wording.ts';

/** What became of a push that followed a publication. */
export interface PushOutcome {
  report: PushReport | undefined;
  /** What ended it: an {@link OvnError}, or a defect. */
  problem: unknown;
}

interface PushingFlags {
  push?: boolean;
  dryRun?: boolean;
  passphraseFile?: string;
}

/** For a home to fetch and pin; `push` has more time. */
const WAIT_MS = 120_000;

/** What it takes to push is loaded only when it is done. */
const load = () => import('./groups/homes.ts');

/** Before anything is published: nothing could come of it. @throws {OvnError} `usage` */
export function requireRemote({ homes }: Repository): void {
  if (homes.list().length > 0) return;
  throw new OvnError('usage', 'there is no remote to push to', {
    hint: 'ovn remote add <name> <kind> <url> adds one.',
  });
}

/**
 * Pushes what was just published, where that is wanted. Whatever happens, it is published: what went wrong is told when that has been told,
 * and not thrown.
 */
export async function pushPublished(
  { push = false, dryRun = false, passphraseFile }: PushingFlags,
  open: RepositoryContext,
): Promise<PushOutcome | undefined> {
  if (!push || dryRun) return undefined;
  try {
    const { pushAll } = await load();
    return { report: await pushAll([], { passphraseFile, wait: WAIT_MS }, open), problem: undefined };
  } catch (problem) {
    return { report: undefined, problem };
  }
}

/**
 * Says what became of it, when what was published has been told.
 *
 * @returns the exit code: 3 where not every home holds all of it.
 * @throws what ended the push from here, such as Ctrl-C, or a defect.
 */
export async function tellOfPush(
  terminal: Terminal,
  { report, problem }: PushOutcome,
  exitCode: number,
): Promise<number> {
  if (report === undefined) {
    if (!(problem instanceof OvnError) || problem.code === 'interrupted') throw problem;
    terminal.error(`ovn: published, not pushed: ${problem.message}`, ...(problem.hint?.split('\n') ?? []));
    terminal.note(`${programName()} push gives it to the remotes.`);
    return EXIT.incomplete;
  }
  const { printPush } = await load();
  printPush(terminal, report, false);
  return report.done ? exitCode : EXIT.incomplete;
}
