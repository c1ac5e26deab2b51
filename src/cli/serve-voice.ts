import { codeOf, OvnError } from '../errors.ts';
import type { ServeReport } from '../workflows/serve.ts';
import type { LogFields, ServeLog } from './serve-log.ts';
import type { Terminal } from './terminal.ts';

/** What `ovn serve` says while it runs, to a person or to a log. */
export interface ServeVoice {
  listening(report: ServeReport, missing: readonly string[]): void;
  /** `publication`: null is our own. */
  edition(publication: string | null, edition: string | undefined): void;
  witnessed(sequence: number, cosigned: number, threshold: number): void;
  /** Something failed in the background: it is tried again. */
  trouble(part: string, message: string, code: string): void;
  settled(part: string): void;
  /** A request could not be answered. */
  defect(error: unknown): void;
  reloading(): void;
  /** `failed`: parts that stay as they were. */
  reloaded(failed: readonly string[]): void;
  stopping(): void;
  /** It ends for that reason. */
  failed(error: unknown): void;
}

/** For people: no news is good news. */
export function spokenVoice(terminal: Terminal): ServeVoice {
  const nothing = (): void => undefined;
  return {
    listening: (report, missing) => announce(terminal, report, missing),
    edition: nothing,
    witnessed: (sequence, cosigned, threshold) =>
      terminal.note(`edition ${sequence}: witnessed by ${cosigned} of ${threshold}`),
    trouble: (part, message) => terminal.error(`ovn: ${part}: ${message}`),
    settled: nothing,
    defect: (error) => complain(terminal, error),
    reloading: nothing,
    reloaded: (failed) => {
      if (failed.length === 0)
        terminal.note('read anew: the network of ovn.json, denylists, what is followed');
    },
    stopping: nothing,
    failed: nothing,
  };
}

/** For a log; with `--json` standard output has the addresses all the same. */
export function loggedVoice(terminal: Terminal, log: ServeLog): ServeVoice {
  const withStack = (error: unknown): LogFields => {
    const stack = terminal.verbose && error instanceof Error ? (error.stack ?? '') : '';
    return { code: codeOf(error), message: messageOf(error), ...(stack === '' ? {} : { stack }) };
  };
  return {
    listening: (report, missing) => {
      terminal.printJsonLine(report);
      log.write('info', 'listening', {
        ...report,
        followed: report.followed.map(({ publication }) => publication),
      });
      for (const message of missing) log.write('warn', 'missing', { message });
    },
    edition: (publication, edition) =>
      log.write('info', 'edition', { publication, edition: edition ?? null }),
    witnessed: (sequence, cosigned, threshold) =>
      log.write('info', 'witnessed', { sequence, cosigned, threshold }),
    trouble: (part, message, code) => log.write('error', 'trouble', { ...partOf(part), code, message }),
    settled: (part) => log.write('info', 'settled', partOf(part)),
    defect: (error) => log.write('error', 'request', withStack(error)),
    reloading: () => log.write('info', 'reloading'),
    reloaded: (failed) => log.write(failed.length === 0 ? 'info' : 'warn', 'reloaded', { failed }),
    stopping: () => log.write('info', 'stopping'),
    failed: (error) => {
      const hint = error instanceof OvnError ? (error.hint ?? null) : null;
      log.write('error', 'failed', { ...withStack(error), hint });
    },
  };
}

/** `sync bafkrei…` is the part `sync`, and what it is of. */
function partOf(text: string): { part: string; of?: string } {
  const [part = '', ...of] = text.split(' ');
  return of.length === 0 ? { part } : { part, of: of.join(' ') };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function announce(terminal: Terminal, report: ServeReport, missing: readonly string[]): void {
  terminal.printJsonLine(report);
  terminal.print(`The paper is at ${terminal.style('bold', `${report.http}/`)}`);
  for (const { publication, site } of report.followed)
    terminal.print(`It keeps        ${publication}${site === null ? '' : ` at ${report.http}${site}`}`);
  for (const address of report.multiaddrs) terminal.print(`The node is at  ${address}`);
  if (report.ipns !== null) terminal.print(`Its name is     ${report.ipns}`);
  terminal.print(`Its health is at ${report.metrics}/healthz, its numbers at ${report.metrics}/metrics`);
  for (const sentence of missing) terminal.note(sentence);
  terminal.note('Ctrl-C ends it.');
}

/** It goes on: with `--json`, standard output holds the addresses and nothing else. */
function complain(terminal: Terminal, error: unknown): void {
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  terminal.error(`${terminal.style('red', 'ovn:')} a request could not be answered: ${message}`);
  if (terminal.verbose) terminal.error(stack ?? '');
}
