import { isDeepStrictEqual } from 'node:util';
import type { CorrectionKind } from './document.ts';
import { findField, type LocatedField } from './locate-field.ts';
import { splitSource } from './source-text.ts';
import { parseYaml, type YamlFields, type YamlNode } from './yaml.ts';

/** A correction that is to be written into a source. */
export interface NewCorrection {
  kind: CorrectionKind;
  /** As it is to be written. */
  date: string;
  /** One line. */
  text: string;
  /** Of a retraction: leave the text of all revisions out of the edition. */
  withhold: boolean;
}

/** A source with one correction more. */
export interface CorrectedSource {
  text: string;
  /** What was put in. */
  added: string;
}

/** Something put into a text at a place; several are in the order of their places. */
interface Insertion {
  at: number;
  text: string;
  /** Indents or encloses what stood there, and says nothing itself. */
  isRoom?: true;
}

/**
 * A source with a correction put behind those of its front matter, every other byte as it was: comments, order, quotes and
 * ends of lines. Each way to write it is tried and read again: only one after which the front matter says exactly one entry
 * more is taken. Nothing where there is none.
 *
 * @param source as it lies on disk, with its own ends of lines and byte order mark.
 */
export function writeCorrection(source: string, correction: NewCorrection): CorrectedSource | undefined {
  const text = normalise(source);
  const parts = splitSource(text);
  if (parts === undefined) return undefined;
  const start = text.indexOf('\n') + 1;
  const expected = expectedFields(parts.yaml, correction);
  if (expected === undefined) return undefined;
  for (const insertions of proposals(parts.yaml, correction)) {
    const edited = insert(parts.yaml, insertions);
    if (!isDeepStrictEqual(fieldsOf(edited), expected)) continue;
    const moved = insertions.map((insertion) => ({ ...insertion, at: insertion.at + start }));
    if (splitSource(insert(text, moved))?.yaml !== edited) continue;
    const added = moved.filter(({ isRoom }) => !isRoom).map((insertion) => insertion.text);
    return { text: insert(source, onDisk(source, moved)), added: added.join('') };
  }
  return undefined;
}

/** The entry as it stands in a list of its own, for whoever writes it by hand. */
export function correctionLines(correction: NewCorrection, indent = ''): string {
  const [first = '', ...rest] = members(correction);
  return [`${indent}- ${first}`, ...rest.map((line) => `${indent}  ${line}`), ''].join('\n');
}

function members({ kind, date, text, withhold }: NewCorrection): string[] {
  const lines = [`date: ${date}`, `type: ${kind}`, `text: ${quote(text)}`];
  return withhold ? [...lines, 'withhold: true'] : lines;
}

function* proposals(yaml: string, correction: NewCorrection): Generator<Insertion[]> {
  const field = findField(yaml, 'corrections');
  const flow = `{${members(correction).join(', ')}}`;
  if (field === undefined) {
    yield [{ at: yaml.length, text: `corrections:\n${correctionLines(correction, '  ')}` }];
    const indent = /^(?:[ \t]*(?:#.*)?\n)*( *)\S/.exec(yaml)?.[1] ?? '';
    const lines = correctionLines(correction, `${indent}  `);
    yield [{ at: yaml.length, text: `${indent}corrections:\n${lines}` }];
    yield [{ at: yaml.lastIndexOf('}'), text: `, corrections: [${flow}]` }];
  } else if (field.kind === 'text') {
    const at = yaml.indexOf('\n', field.at) + 1;
    yield [{ at, text: correctionLines(correction, `${' '.repeat(field.column)}  `) }];
  } else if (field.kind === 'list') {
    yield [
      {
        at: endOfBlock(yaml, field),
        text: correctionLines(correction, ' '.repeat(columnOf(yaml, field.valueAt))),
      },
    ];
    yield* flowProposals(yaml, field, ']', (end) => [
      [{ at: end, text: `, ${flow}` }],
      [{ at: end, text: flow }],
    ]);
  } else {
    yield* flowProposals(yaml, field, '}', (end) => [
      [
        { at: field.valueAt, text: '[', isRoom: true },
        { at: end + 1, text: `, ${flow}]` },
      ],
    ]);
    yield listOfBlock(yaml, field, correction);
  }
}

/** Makes one block mapping the first of a list: a dash before it, and all its lines as far to the right. */
function listOfBlock(yaml: string, field: LocatedField, correction: NewCorrection): Insertion[] {
  const end = endOfBlock(yaml, field);
  const insertions: Insertion[] = [{ at: field.valueAt, text: '- ', isRoom: true }];
  for (let at = nextLine(yaml, field.valueAt); at < end; at = nextLine(yaml, at)) {
    if (yaml[at] === ' ') insertions.push({ at, text: '  ', isRoom: true });
  }
  const lines = correctionLines(correction, ' '.repeat(columnOf(yaml, field.valueAt)));
  return [...insertions, { at: end, text: lines }];
}

/** Every place where a flow collection may end, the last one first: what is right is found by reading it again. */
function* flowProposals(
  yaml: string,
  { valueAt, end }: LocatedField,
  closing: string,
  propose: (end: number) => Insertion[][],
): Generator<Insertion[]> {
  for (let at = yaml.lastIndexOf(closing, end - 1); at >= valueAt; at = yaml.lastIndexOf(closing, at - 1))
    yield* propose(at);
}

/** Behind the last line of a block. Comments that are indented no further than it belong to what follows. */
function endOfBlock(yaml: string, { valueAt, end }: LocatedField): number {
  const column = columnOf(yaml, valueAt);
  let last = valueAt;
  for (let at = lineStart(yaml, valueAt); at < end; at = nextLine(yaml, at)) {
    const line = yaml.slice(at, nextLine(yaml, at));
    const indent = line.search(/[^ ]/);
    const isEntry = indent === column && line[indent] !== '#';
    if (line.trim() !== '' && (indent > column || isEntry)) last = at;
  }
  return nextLine(yaml, last);
}

function columnOf(yaml: string, at: number): number {
  return at - lineStart(yaml, at);
}

function lineStart(yaml: string, at: number): number {
  return yaml.lastIndexOf('\n', at - 1) + 1;
}

function nextLine(yaml: string, at: number): number {
  const end = yaml.indexOf('\n', at);
  return end === -1 ? yaml.length : end + 1;
}

/** What the fields must say afterwards, without their lines. Nothing where they cannot be read now. */
function expectedFields(yaml: string, correction: NewCorrection): Map<string, unknown> | undefined {
  const fields = fieldsOf(yaml);
  if (fields === undefined) return undefined;
  const { kind, date, text, withhold } = correction;
  const entry = new Map([
    ['date', date],
    ['type', kind],
    ['text', text],
    ...(withhold ? [['withhold', 'true'] as const] : []),
  ]);
  const before = fields.get('corrections');
  const items = before === undefined || before === '' ? [] : Array.isArray(before) ? before : [before];
  return fields.set('corrections', [...items, entry]);
}

function fieldsOf(yaml: string): Map<string, unknown> | undefined {
  const { fields, problems } = parseYaml(yaml, 1);
  return fields === undefined || problems.length > 0 ? undefined : plainFields(fields);
}

function plainFields(fields: YamlFields): Map<string, unknown> {
  return new Map(Array.from(fields, ([name, { node }]) => [name, plain(node)]));
}

/** A node without its line. A text is compared as fields are read: line ends and space around it say nothing. */
function plain(node: YamlNode): unknown {
  if (node.kind === 'text') return node.value.trim();
  return node.kind === 'list' ? node.items.map(plain) : plainFields(node.fields);
}

/** YAML's double quotes take what JSON's do; what YAML does not print is escaped as well. */
function quote(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\u00a0\u2028\u2029\ufeff\ufffe\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function insert(text: string, insertions: readonly Insertion[]): string {
  let result = '';
  let from = 0;
  for (const { at, text: added } of insertions) {
    result += text.slice(from, at) + added;
    from = at;
  }
  return result + text.slice(from);
}

function normalise(source: string): string {
  return source.replace(/^\ufeff/, '').replace(/\r\n?/g, '\n');
}

/** Places of the normalised text in the text on disk, and what is put there with the front matter's own ends of lines. */
function onDisk(source: string, insertions: readonly Insertion[]): Insertion[] {
  const [lineEnd = '\n'] = /\r\n|\r|\n/.exec(source) ?? [];
  return insertions.map(({ at, text }) => ({
    at: placeOnDisk(source, at),
    text: text.replaceAll('\n', lineEnd),
  }));
}

function placeOnDisk(source: string, wanted: number): number {
  let at = source.startsWith('\ufeff') ? 1 : 0;
  for (let left = wanted; left > 0; left--) at += source.startsWith('\r\n', at) ? 2 : 1;
  return at;
}
