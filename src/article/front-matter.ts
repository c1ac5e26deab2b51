import type { Finding } from '../errors.ts';
import { DATE_FORM, isDate, proposeDate } from './calendar.ts';
import { hasControl, messageText } from './characters.ts';
import { suggest } from './suggest.ts';
import type { YamlFields, YamlNode } from './yaml.ts';

const FIELDS: ReadonlySet<string> = new Set([
  ...'title date categories slug summary authors language image imageAlt imageCaption imageCredit'.split(' '),
  ...'updated corrections sources license draft published publishAt embargo'.split(' '),
]);
/** Other names that our fields answer to. */
const OTHER_NAMES: ReadonlyMap<string, string> = new Map([
  ['author', 'authors'],
  ['caption', 'imageCaption'],
  ['credit', 'imageCredit'],
]);
/** What other programs call our fields: only suggested, never read. */
const FOREIGN_NAMES: ReadonlyMap<string, string> = new Map([
  ['headline', 'title'],
  ['datePublished', 'date'],
  ['pubDate', 'date'],
  ['category', 'categories'],
  ['section', 'categories'],
  ['description', 'summary'],
  ['excerpt', 'summary'],
  ['subtitle', 'summary'],
  ['byline', 'authors'],
  ['lang', 'language'],
  ['locale', 'language'],
  ['cover', 'image'],
  ['alt', 'imageAlt'],
  ['lastmod', 'updated'],
  ['modified', 'updated'],
  ['dateModified', 'updated'],
  ['references', 'sources'],
  ['publishDate', 'publishAt'],
  ['scheduled', 'publishAt'],
  ['embargoUntil', 'embargo'],
]);
const FALSE = new Set(['false', 'no', 'off']);
const TRUE = new Set(['true', 'yes', 'on']);

/** A text of a front matter and where it stands. */
export interface Located {
  value: string;
  line: number;
}

/** Reads the fields of one mapping and collects what is wrong with them, each finding with the line it is about. */
export class FrontMatter {
  readonly findings: Finding[] = [];
  readonly #file: string;
  readonly #fields: YamlFields = new Map();
  #misspelt: string | undefined;

  constructor(fields: YamlFields, file: string) {
    this.#file = file;
    for (const [written, field] of fields) this.#admit(written, field);
  }

  error(line: number, message: string): void {
    this.findings.push({ severity: 'error', file: this.#file, line, message: messageText(message) });
  }

  warn(line: number, message: string): void {
    this.findings.push({ severity: 'warning', file: this.#file, line, message: messageText(message) });
  }

  /** An unknown field that was most likely meant to hold the article back. */
  get misspelt(): string | undefined {
    return this.#misspelt;
  }

  /** Whether the field is there, be it empty. */
  has(name: string): boolean {
    return this.#fields.has(name);
  }

  hasValue(name: string): boolean {
    return this.nodes(name).length > 0;
  }

  /** Line of a field's name; of the front matter's start when it is absent. */
  lineOf(name: string): number {
    return this.#fields.get(name)?.line ?? 1;
  }

  /** The nodes of a field: of a list its items, else the one value; none when it is absent or empty. */
  nodes(name: string): YamlNode[] {
    const node = this.#fields.get(name)?.node;
    if (node === undefined || isEmpty(node)) return [];
    return node.kind === 'list' ? node.items.filter((item) => !isEmpty(item)) : [node];
  }

  /** One line of text of at most `limit` characters, or undefined when it is absent, empty or refused. */
  text(name: string, limit: number): string | undefined {
    const field = this.#fields.get(name);
    return field === undefined ? undefined : this.textOf(name, field.node, limit, field.line);
  }

  /** The texts of a field that is a list or a single text. */
  texts(name: string, limit: number): Located[] {
    return this.nodes(name).flatMap((node) => {
      const value = this.textOf(name, node, limit);
      return value === undefined ? [] : [{ value, line: node.line }];
    });
  }

  /** The text of one node, its line breaks made spaces; an error when it is none. */
  textOf(name: string, node: YamlNode, limit: number, line = node.line): string | undefined {
    if (node.kind !== 'text') {
      this.error(
        line,
        `${name}: expected a text, found a ${node.kind === 'list' ? 'list' : 'mapping'} (put a text that holds ": " in quotes)`,
      );
      return undefined;
    }
    const text = oneLine(node.value);
    if (text.length > limit)
      this.error(line, `${name}: expected at most ${limit} characters, found ${text.length}`);
    else if (hasControl(text)) this.error(line, `${name}: expected no control characters`);
    else return text === '' ? undefined : text;
    return undefined;
  }

  boolean(name: string): boolean | undefined {
    const text = this.text(name, 20);
    if (text === undefined) return undefined;
    const word = text.toLowerCase();
    if (!TRUE.has(word) && !FALSE.has(word))
      this.error(this.lineOf(name), `${name}: expected true or false, found "${text}"`);
    else return TRUE.has(word);
    return undefined;
  }

  date(name: string): string | undefined {
    const text = this.text(name, 60);
    return text === undefined ? undefined : this.dateOf(name, text, this.lineOf(name));
  }

  dateOf(name: string, text: string, line: number): string | undefined {
    if (isDate(text)) return text;
    const proposal = proposeDate(text);
    const remedy = proposal === undefined ? '' : `; write ${proposal}`;
    this.error(line, `${name}: expected a date such as ${DATE_FORM}, found "${text}"${remedy}`);
    return undefined;
  }

  #admit(written: string, field: { line: number; node: YamlNode }): void {
    const name = FIELDS.has(written) ? written : OTHER_NAMES.get(written);
    if (name === undefined) this.#warnUnknown(written, field);
    else if (this.#fields.has(name))
      this.error(field.line, `${written}: expected only one of "${name}" and its other names`);
    else this.#fields.set(name, field);
  }

  #warnUnknown(written: string, { line, node }: { line: number; node: YamlNode }): void {
    const alike = suggest(written, [...FIELDS, ...OTHER_NAMES.keys(), ...FOREIGN_NAMES.keys()]);
    const meant = FOREIGN_NAMES.get(alike ?? '') ?? alike;
    const shown = messageText(written.slice(0, 60));
    const holds = holdsBack(meant, node);
    if (holds) this.#misspelt ??= shown;
    this.warn(
      line,
      `unknown field "${shown}" ${holds ? 'holds the article back' : 'is ignored'}${meant === undefined ? '' : `; did you mean "${meant}"?`}`,
    );
  }
}

/** Whether a field would hold an article back if its name were written as it should be. What is published too early stays published. */
function holdsBack(name: string | undefined, node: YamlNode): boolean {
  if (name === 'publishAt' || name === 'embargo') return true;
  const word = node.kind === 'text' ? node.value.trim().toLowerCase() : '';
  return name === 'draft' ? TRUE.has(word) : name === 'published' && FALSE.has(word);
}

function oneLine(text: string): string {
  if (!text.includes('\n')) return text.trim();
  const lines = text.split('\n').map((line) => line.trim());
  return lines.filter((line) => line !== '').join(' ');
}

function isEmpty(node: YamlNode): boolean {
  return node.kind === 'text' && node.value.trim() === '';
}
