import { type ErrorCode, OvnError } from '../errors.ts';
import type { PublishReport } from '../workflows/publishing/report.ts';
import { tellOfClock } from './clock-doubts.ts';
import type { Terminal } from './terminal.ts';
import { tellHeld } from './wording.ts';

/** What passes by itself or by an edit: settings half written, a folder that is being replaced, a disk that was full. */
const PASSING: ReadonlySet<ErrorCode> = new Set(['malformed', 'not-found', 'busy', 'io']);
/** What passes is tried again so soon: an embargo may end meanwhile. Milliseconds. */
const AGAIN_MS = 20_000;

/** What `publish --watch` says between publications: each thing once, until it changes. */
export class WatchVoice {
  readonly #terminal: Terminal;
  readonly #folder: string;
  #said = '';
  #hasBegun = false;
  #failure = '';

  constructor(terminal: Terminal, folder: string) {
    this.#terminal = terminal;
    this.#folder = folder;
  }

  /** Says what it waits for; returns when the next source is released: milliseconds since 1970. */
  waiting(report: PublishReport): number | undefined {
    this.#hasBegun = true;
    this.#failure = '';
    const doubted = new Set(report.clock?.sources);
    const waiting = report.held.filter(({ source, until }) => until !== null && !doubted.has(source));
    const said = JSON.stringify([report.held, report.clock?.sources ?? []]);
    if (said !== this.#said) {
      if (report.status === 'unchanged') this.#tellHeld(report);
      this.#terminal.note(`watching ${this.#folder}`);
    }
    this.#said = said;
    return waiting.length === 0
      ? undefined
      : Math.min(...waiting.map(({ until }) => Date.parse(until ?? '')));
  }

  /**
   * Says what went wrong, and returns when to try again: milliseconds since 1970; nothing where a source is to be mended first.
   *
   * @throws whatever will not be otherwise the next time.
   */
  failed(error: unknown, now: number): number | undefined {
    if (!(error instanceof OvnError)) throw error;
    const isOfSource = error.code === 'source';
    if (!isOfSource && !(this.#hasBegun && PASSING.has(error.code))) throw error;
    const { code, message, hint = null, findings } = error;
    if (isOfSource || this.#failure !== message) {
      for (const finding of findings) this.#terminal.finding(finding);
      this.#terminal.error(`ovn: ${message}`);
      this.#terminal.printJsonLine({ error: { code, message, hint, findings } });
    }
    this.#failure = message;
    this.#said = '';
    return isOfSource ? undefined : now + AGAIN_MS;
  }

  #tellHeld({ held, clock }: PublishReport): void {
    for (const each of held) this.#terminal.note(`held back: ${tellHeld(each)}`);
    tellOfClock(this.#terminal, clock);
  }
}
