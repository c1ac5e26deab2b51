import { isDeepStrictEqual } from 'node:util';
import type { CorrectionKind } from './document.ts';
import {
  editFrontMatter,
  fieldsOfSource,
  type PlainFields,
  quoteYaml,
  type Replacement,
} from './front-matter-edit.ts';
import { findField, type LocatedField } from './locate-field.ts';

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

/** Something put into a front matter at a place. */
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
  const expected = expectedFields(source, correction);
  if (expected === undefined) return undefined;
  const edited = editFrontMatter(
    source,
    (yaml) => replacements(yaml, correction),
    (fields) => isDeepStrictEqual(fields, expected),
  );
  if (edited === undefined) return undefined;
  const added = edited.taken.filter(({ isRoom }) => !isRoom).map(({ text }) => text);
  return { text: edited.text, added: added.join('') };
}

/** The entry as it stands in a list of its own, for whoever writes it by hand. */
export function correctionLines(correction: NewCorrection, indent = ''): string {
  const [first = '', ...rest] = members(correction);
  return [`${indent}- ${first}`, ...rest.map((line) => `${indent}  ${line}`), ''].join('\n');
}

function members({ kind, date, text, withhold }: NewCorrection): string[] {
  const lines = [`date: ${date}`, `type: ${kind}`, `text: ${quoteYaml(text)}`];
  return withhold ? [...lines, 'withhold: true'] : lines;
}

function* replacements(
  yaml: string,
  correction: NewCorrection,
): Generator<(Replacement & Pick<Insertion, 'isRoom'>)[]> {
  for (const insertions of proposals(yaml, correction))
    yield insertions.map(({ at, ...rest }) => ({ from: at, to: at, ...rest }));
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
function expectedFields(source: string, correction: NewCorrection): PlainFields | undefined {
  const fields = fieldsOfSource(source);
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
