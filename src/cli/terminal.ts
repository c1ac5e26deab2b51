import { styleText } from 'node:util';
import type { Finding } from '../errors.ts';

/** Where a command's words go. Results go to `stdout`, everything else to `stderr`. */
export interface Streams {
  stdout: NodeJS.WriteStream;
  stderr: NodeJS.WriteStream;
}

export interface TerminalOptions {
  json?: boolean;
  quiet?: boolean;
  verbose?: boolean;
  color?: boolean;
}

type Style = Parameters<typeof styleText>[0];

/** The one place that writes to the terminal. */
export class Terminal {
  readonly json: boolean;
  readonly verbose: boolean;
  /** Whether a person watches: progress bars and questions are for them only. */
  readonly interactive: boolean;
  readonly streams: Streams;
  readonly #quiet: boolean;
  readonly #color: boolean;

  constructor(streams: Streams, options: TerminalOptions) {
    this.streams = streams;
    this.json = options.json ?? false;
    this.verbose = options.verbose ?? false;
    this.#quiet = options.quiet ?? false;
    this.interactive = streams.stderr.isTTY === true && !this.#quiet && !this.json;
    this.#color = options.color !== false && !process.env['NO_COLOR'] && streams.stdout.isTTY === true;
  }

  /** A line of the result. */
  print(line = ''): void {
    if (!this.json) this.streams.stdout.write(`${line}\n`);
  }

  /** The result as one JSON document; nothing unless `--json`. */
  printJson(value: unknown): void {
    if (this.json) this.streams.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
  }

  /** A line of a stream of JSON documents. */
  printJsonLine(value: unknown): void {
    if (this.json) this.streams.stdout.write(`${JSON.stringify(value)}\n`);
  }

  /** Something worth knowing that is no result. */
  note(line: string): void {
    if (!this.#quiet) this.streams.stderr.write(`${line}\n`);
  }

  finding({ severity, file, line, message }: Finding): void {
    const mark = severity === 'error' ? this.style('red', 'error') : this.style('yellow', 'warning');
    if (severity === 'error' || !this.#quiet)
      this.streams.stderr.write(`${file}:${line}: ${mark}: ${message}\n`);
  }

  error(message: string): void {
    this.streams.stderr.write(`${message}\n`);
  }

  style(style: Style, text: string): string {
    return this.#color ? styleText(style, text, { validateStream: false }) : text;
  }
}
