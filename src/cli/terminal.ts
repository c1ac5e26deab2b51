import { styleText } from 'node:util';
import type { Finding } from '../errors.ts';
import { visible } from './wording.ts';

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

const ESC = '\u001b';

/**
 * The one place that writes to the terminal. What it is given to print quotes strangers (names of files, headlines,
 * messages of servers), so each line is made {@link visible}: only our own {@link Terminal.style} reaches the terminal.
 */
export class Terminal {
  readonly json: boolean;
  readonly verbose: boolean;
  /** Whether a person watches: progress bars and questions are for them only. */
  readonly interactive: boolean;
  readonly streams: Streams;
  readonly quiet: boolean;
  readonly #color: boolean;
  /** Stands for ESC in what was styled, until it is written. Nobody can have put it into a text beforehand. */
  readonly #ownEscape = `esc${Math.random()}`;

  constructor(streams: Streams, options: TerminalOptions) {
    this.streams = streams;
    this.json = options.json ?? false;
    this.verbose = options.verbose ?? false;
    this.quiet = options.quiet ?? false;
    this.interactive = streams.stderr.isTTY === true && !this.quiet && !this.json;
    this.#color = options.color !== false && !process.env['NO_COLOR'] && streams.stdout.isTTY === true;
  }

  /** Lines of the result. */
  print(...lines: string[]): void {
    if (!this.json) this.#write(this.streams.stdout, lines);
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
  note(...lines: string[]): void {
    if (!this.quiet) this.#write(this.streams.stderr, lines);
  }

  finding({ severity, file, line, message }: Finding): void {
    const mark = severity === 'error' ? this.style('red', 'error') : this.style('yellow', 'warning');
    if (severity === 'error' || !this.quiet) this.error(`${file}:${line}: ${mark}: ${message}`);
  }

  error(...lines: string[]): void {
    this.#write(this.streams.stderr, lines);
  }

  /** A text to be printed, in colour where that is wanted. */
  style(style: Style, text: string): string {
    if (!this.#color) return text;
    const styled = styleText(style, text.replaceAll(ESC, visible), { validateStream: false });
    return styled.replaceAll(ESC, this.#ownEscape);
  }

  #write(stream: NodeJS.WriteStream, lines: readonly string[]): void {
    const shown = lines.map((line) => visible(line).replaceAll(this.#ownEscape, ESC));
    stream.write(`${shown.join('\n')}\n`);
  }
}
