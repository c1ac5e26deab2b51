import type { Finding } from '../errors.ts';
import { messageText } from './characters.ts';
import { Outline } from './outline.ts';
import type { PageImage } from './picture.ts';

export interface BodyOptions {
  /** The path inside the bundle for a local reference (normalised), or undefined when the bundle has no such file. */
  resolveMedia(reference: string): string | undefined;
  /** What is known of a picture of the bundle: its size, and smaller renditions of it. */
  image?(path: string): PageImage | undefined;
  /** Source file as findings name it. */
  file: string;
  /** 1-based line of the source at which the body starts. */
  firstLine: number;
  /** BCP 47, for the few words that the body's markup needs; English when absent. */
  language?: string;
}

/** What the rendering of one body knows and collects; the renderer's rules get it as their environment. */
export class BodyState {
  readonly options: BodyOptions;
  readonly outline = new Outline();
  readonly findings: Finding[] = [];
  readonly references = new Set<string>();
  /** Line of the source that is being rendered. */
  line: number;
  /** Whether an `<a>` is open: there is none inside another. */
  inLink = false;

  constructor(options: BodyOptions) {
    this.options = options;
    this.line = options.firstLine;
  }

  /** Moves to a line of the body, counted from 0. */
  moveTo(bodyLine: number): void {
    this.line = this.options.firstLine + bodyLine;
  }

  warn(message: string): void {
    this.findings.push({
      severity: 'warning',
      file: this.options.file,
      line: this.line,
      message: messageText(message),
    });
  }
}
