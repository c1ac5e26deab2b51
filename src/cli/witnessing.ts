import { codeOf, EXIT } from '../errors.ts';
import { keepWitnessed } from '../workflows/keep-witnessed.ts';
import type { PublishReport } from '../workflows/publishing/report.ts';
import { type WitnessEffects, witnessHead } from '../workflows/witness-head.ts';
import { probeWitnesses } from '../workflows/witnessing/gather.ts';
import { postOverHttp } from '../workflows/witnessing/post-over-http.ts';
import { reportWitnesses, type WitnessReport } from '../workflows/witnessing/report.ts';
import { failpoint } from './failpoint.ts';
import type { RepositoryContext } from './repository-context.ts';
import type { Terminal } from './terminal.ts';
import { programName } from './wording.ts';

/** For all witnesses together while `serve` asks them, in seconds. */
const BACKGROUND_SECONDS = 30;

interface WitnessFlags {
  dryRun?: boolean;
  /** In seconds. */
  witnessTimeout: number;
}

/**
 * Has what was published cosigned: the report then names the root that bears the cosignatures. The exit code is 3 where
 * they are too few.
 */
export async function haveWitnessed(
  published: PublishReport,
  { dryRun = false, witnessTimeout }: WitnessFlags,
  open: RepositoryContext,
): Promise<{ report: PublishReport & { witnesses: WitnessReport }; exitCode: number }> {
  if (dryRun) {
    return { report: { ...published, witnesses: reportWitnesses(open.repository) }, exitCode: EXIT.done };
  }
  const head = await witnessHead(effectsOf(open, witnessTimeout));
  // Another process may have published meanwhile: its edition is not the one that is reported.
  const isSame = head?.sequence === published.sequence;
  const witnesses = reportWitnesses(open.repository, published.sequence);
  const edition = isSame ? head.edition : published.edition;
  const isDone = witnesses.cosigned.length >= witnesses.threshold;
  return { report: { ...published, edition, witnesses }, exitCode: isDone ? EXIT.done : EXIT.incomplete };
}

/**
 * Asks the witnesses how far the log has come, before a repository that was restored from a backup publishes: one that has
 * seen more of it than is here keeps it from that.
 */
export async function askBefore(
  { dryRun = false, witnessTimeout }: WitnessFlags,
  open: RepositoryContext,
): Promise<void> {
  if (!dryRun) await probeWitnesses({ ...effectsOf(open, witnessTimeout), read: open.node.read });
}

/** Says what is to be done where too few have cosigned. */
export function adviseOnWitnesses(
  terminal: Terminal,
  { cosigned, threshold }: WitnessReport,
  exitCode: number,
): void {
  if (exitCode !== EXIT.incomplete) return;
  const ovn = programName();
  terminal.error(
    `ovn: published, witnessed by ${cosigned.length} of ${threshold}: run ${ovn} publish again or leave ${ovn} serve running`,
  );
}

/** Who is told of attempts in the background, and of what goes wrong there. */
export interface WitnessListener {
  witnessed(sequence: number, cosigned: number, threshold: number): void;
  trouble(part: string, message: string, code: string): void;
}

/** Finishes in the background what publications left, until the command ends. */
export function keepInBackground(open: RepositoryContext, listener: WitnessListener): AsyncDisposable {
  const ending = new AbortController();
  const signal = AbortSignal.any([open.signal, ending.signal]);
  const kept = keepWitnessed({
    ...effectsOf({ ...open, signal }, BACKGROUND_SECONDS),
    onAttempt: ({ sequence, report: { cosigned, threshold } }) =>
      listener.witnessed(sequence, cosigned.length, threshold),
    onDefect: (error) =>
      listener.trouble(
        'the witnesses',
        error instanceof Error ? error.message : String(error),
        codeOf(error),
      ),
  });
  return {
    [Symbol.asyncDispose]: async () => {
      ending.abort();
      await kept;
    },
  };
}

function effectsOf({ repository, node, lock, signal }: RepositoryContext, seconds: number): WitnessEffects {
  return {
    repository,
    node,
    lock,
    signal,
    post: postOverHttp,
    deadlineMs: seconds * 1000,
    onStep: failpoint(),
  };
}
