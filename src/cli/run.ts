import { EXIT, exitCodeOf, OvnError } from '../errors.ts';
import { isClosedPipe, type Output } from './guard-output.ts';
import { Terminal, type TerminalOptions } from './terminal.ts';

/** What every command has: the options that all share. */
export interface CommonOptions extends TerminalOptions {
  repo?: string;
}

export interface CommandContext {
  terminal: Terminal;
  /** Aborted by Ctrl-C and SIGTERM. */
  signal: AbortSignal;
  /** The verification and publication clock: SOURCE_DATE_EPOCH where it is set. */
  now: Date;
}

/** What a command does; the number is the exit code, nothing means 0. */
export type Action = (context: CommandContext) => Promise<number | undefined>;

/** Runs a command: prepares terminal, clock and interruption, and turns an error into a message and an exit code. */
export async function run(options: CommonOptions, action: Action, output: Output): Promise<number> {
  const terminal = new Terminal({ stdout: process.stdout, stderr: process.stderr }, options);
  const interruption = listenForInterruption();
  try {
    const context = { terminal, signal: interruption.signal, now: clock() };
    const exitCode = (await action(context)) ?? EXIT.done;
    await output.settled();
    return exitCode;
  } catch (error) {
    if (isClosedPipe(error)) return EXIT.done;
    const cause = interruption.signal.aborted ? interruption.signal.reason : error;
    report(terminal, cause);
    return exitCodeOf(cause);
  } finally {
    interruption.stop();
  }
}

/** The clock of publications: `SOURCE_DATE_EPOCH` (seconds since 1970, reproducible-builds.org) in place of the clock. */
export function clock(): Date {
  const epoch = process.env['SOURCE_DATE_EPOCH'];
  if (epoch === undefined || epoch === '') return new Date();
  const seconds = Number(epoch);
  if (!/^\d{1,12}$/.test(epoch)) {
    throw new OvnError('usage', `SOURCE_DATE_EPOCH is "${epoch}", not a number of seconds since 1970`);
  }
  return new Date(seconds * 1000);
}

/** The first Ctrl-C asks the command to stop, a second one ends the process as usual. */
function listenForInterruption(): { signal: AbortSignal; stop(): void } {
  const controller = new AbortController();
  const abort = (): void => {
    controller.abort(new OvnError('interrupted', 'interrupted'));
    stop();
  };
  const stop = (): void => {
    process.off('SIGINT', abort);
    process.off('SIGTERM', abort);
  };
  process.on('SIGINT', abort);
  process.on('SIGTERM', abort);
  return { signal: controller.signal, stop };
}

/** No stack traces at users: what is not an {@link OvnError} is said to be a defect, with the trace under `--verbose`. */
export function report(terminal: Terminal, error: unknown): void {
  if (!(error instanceof OvnError)) {
    reportDefect(terminal, error);
    return;
  }
  for (const finding of error.findings) terminal.finding(finding);
  terminal.error(`${terminal.style('red', 'ovn:')} ${error.message}`);
  if (error.hint !== undefined) terminal.error(...error.hint.split('\n'));
  const { code, message, hint = null, findings } = error;
  terminal.printJson({ error: { code, message, hint, findings } });
}

function reportDefect(terminal: Terminal, error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  terminal.error(`${terminal.style('red', 'ovn:')} ${systemMessage(error) ?? `unexpected: ${message}`}`);
  if (terminal.verbose && error instanceof Error) terminal.error(...(error.stack ?? '').split('\n'));
  terminal.printJson({ error: { code: 'io', message, hint: null, findings: [] } });
}

/** Words for the errors of the file system that any command can meet. */
function systemMessage(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  const { code, path } = error as NodeJS.ErrnoException;
  const where = path === undefined ? '' : ` (${path})`;
  if (code === 'ENOSPC') return `the disk is full${where}; free some room and run it again`;
  if (code === 'EACCES' || code === 'EPERM') return `not allowed to read or write${where}`;
  if (code === 'ENOENT') return `there is no such file${where}`;
  if (code === 'EROFS') return `the disk is read-only${where}`;
  return undefined;
}
