import type { Terminal } from './terminal.ts';

/** How the log of `ovn serve` is written: one line an event on standard error. */
export type LogFormat = 'lines' | 'json';
export type LogLevel = 'info' | 'warn' | 'error';
export type LogFields = Record<string, string | number | boolean | null | readonly string[]>;

/** Needs no quotes in a line of words. */
const PLAIN = /^[\x21\x23-\x3c\x3e-\x7e]+$/;

/** Writes events: when, how bad, what, and the fields of it (docs/operating.md, "Logs"). `--quiet` leaves `info` out. */
export class ServeLog {
  readonly #terminal: Pick<Terminal, 'error' | 'quiet'>;
  readonly #format: LogFormat;
  readonly #now: () => Date;

  constructor(terminal: Pick<Terminal, 'error' | 'quiet'>, format: LogFormat, now = () => new Date()) {
    this.#terminal = terminal;
    this.#format = format;
    this.#now = now;
  }

  write(level: LogLevel, what: string, fields: LogFields = {}): void {
    if (level === 'info' && this.#terminal.quiet) return;
    const time = this.#now().toISOString();
    if (this.#format === 'json') this.#terminal.error(JSON.stringify({ time, level, what, ...fields }));
    else this.#terminal.error([time, level, what, ...Object.entries(fields).map(tell)].join(' '));
  }
}

function tell([name, value]: [string, LogFields[string]]): string {
  const items = Array.isArray(value) ? value : [value];
  const text = items.length === 0 || value === null ? '-' : items.join(',');
  return `${name}=${PLAIN.test(text) ? text : JSON.stringify(text)}`;
}
