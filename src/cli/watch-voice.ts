import { OvnError } from '../errors.ts';
import type { PublishReport } from '../workflows/publishing/report.ts';
import { tellOfClock } from './clock-doubts.ts';
import type { Terminal } from './terminal.ts';
import { tellHeld } from './wording.ts';

/** What `publish --watch` says between publications: each thing once, until it changes. */
export class WatchVoice {
  readonly #terminal: Terminal;
  readonly #folder: string;
  #said = '';

  constructor(terminal: Terminal, folder: string) {
    this.#terminal = terminal;
    this.#folder = folder;
  }

  /** Says what it waits for; returns when the next source is released: milliseconds since 1970. */
  waiting(report: PublishReport): number | undefined {
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

  /** @throws whatever is no error of a source: that is mended while this goes on. */
  failed(error: unknown): void {
    if (!(error instanceof OvnError) || error.code !== 'source') throw error;
    const { code, message, hint = null, findings } = error;
    for (const finding of findings) this.#terminal.finding(finding);
    this.#terminal.error(`ovn: ${message}`);
    this.#terminal.printJsonLine({ error: { code, message, hint, findings } });
    this.#said = '';
  }

  #tellHeld({ held, clock }: PublishReport): void {
    for (const each of held) this.#terminal.note(`held back: ${tellHeld(each)}`);
    tellOfClock(this.#terminal, clock);
  }
}
