import { isDeepStrictEqual } from 'node:util';
import { EVENT_ID, getScalarValue, parseEvents, SCALAR_STYLE, type ScalarEvent } from 'js-yaml';
import {
  editFrontMatter,
  fieldsOfSource,
  type PlainFields,
  quoteYaml,
  type Replacement,
  sameBut,
} from './front-matter-edit.ts';
import { findField, type LocatedField } from './locate-field.ts';

const FIELD = 'categories';

/** One change of the list of categories; `at` counts its names from 0. */
export type CategoryEdit =
  | { kind: 'replace'; at: number; name: string }
  | { kind: 'remove'; at: number }
  | { kind: 'add'; name: string };

/** The names in the front matter's `categories`, as {@link FrontMatter.texts} has them; nothing where they cannot be read. */
export function writtenCategories(source: string): string[] | undefined {
  const fields = fieldsOfSource(source);
  return fields === undefined ? undefined : namesIn(fields);
}

/**
 * A source with one change in its list of categories, every other byte as it was: a comment behind a name goes with it only where
 * its whole line goes. Nothing where no way to write it is found.
 *
 * @param source as it lies on disk, with its own ends of lines and byte order mark.
 */
export function writeCategory(source: string, edit: CategoryEdit): string | undefined {
  const before = fieldsOfSource(source);
  const names = before === undefined ? undefined : namesIn(before);
  if (before === undefined || names === undefined) return undefined;
  const wanted = changed(names, edit);
  const isWanted = (fields: PlainFields): boolean =>
    isDeepStrictEqual(namesIn(fields), wanted) && sameBut(before, fields, FIELD);
  return editFrontMatter(source, (yaml) => proposals(yaml, edit), isWanted)?.text;
}

function changed(names: readonly string[], edit: CategoryEdit): string[] {
  if (edit.kind === 'add') return [...names, edit.name];
  return edit.kind === 'remove' ? names.toSpliced(edit.at, 1) : names.toSpliced(edit.at, 1, edit.name);
}

function namesIn(fields: PlainFields): string[] | undefined {
  const said = fields.get(FIELD);
  const items: unknown[] = Array.isArray(said) ? said : [said];
  if (!items.every((item) => typeof item === 'string')) return undefined;
  return items.filter((item) => item !== '').map((item) => item.split(/\s*\n\s*/).join(' '));
}

/** A name as it stands in the front matter, its quotes with it. */
interface Span {
  from: number;
  to: number;
}

function* proposals(yaml: string, edit: CategoryEdit): Generator<Replacement[]> {
  const field = findField(yaml, FIELD);
  if (field === undefined || field.kind === 'map') return;
  const spans = spansOf(yaml, field);
  if (edit.kind === 'add') yield* additions(yaml, field, spans, edit.name);
  const span = edit.kind === 'add' ? undefined : spans[edit.at];
  if (span === undefined) return;
  if (edit.kind === 'remove') yield* removals(yaml, span);
  else if (edit.kind === 'replace')
    for (const text of spellings(edit.name, yaml[span.from])) yield [{ ...span, text }];
}

/** A name in the quotes that stood there, else plain, else quoted: what says the wrong thing in its place is passed over. */
function spellings(name: string, before?: string): string[] {
  const single = `'${name.replaceAll("'", "''")}'`;
  const ways = [name, quoteYaml(name), single];
  return before === '"' ? [quoteYaml(name)] : before === "'" ? [single, quoteYaml(name)] : ways;
}

/** The whole line of a name that has one, or the name and one comma of a flow list. */
function* removals(yaml: string, { from, to }: Span): Generator<Replacement[]> {
  const line = yaml.lastIndexOf('\n', from - 1) + 1;
  const next = yaml.indexOf('\n', to);
  const lineEnd = next === -1 ? yaml.length : next + 1;
  const [first, rest] = [yaml.slice(line, from), yaml.slice(to, lineEnd)];
  if (/^ *- *$/.test(first) || (/^ *$/.test(first) && /^,\s*$/.test(rest)))
    yield [{ from: line, to: lineEnd, text: '' }];
  const behind = /^\s*,[ \t]*/.exec(yaml.slice(to));
  if (behind !== null) yield [{ from, to: to + behind[0].length, text: '' }];
  const ahead = /,\s*$/.exec(yaml.slice(0, from));
  if (ahead !== null) yield [{ from: ahead.index, to, text: '' }];
}

function* additions(
  yaml: string,
  field: LocatedField,
  spans: readonly Span[],
  name: string,
): Generator<Replacement[]> {
  const last = spans.at(-1);
  if (last === undefined) return;
  const lineEnd = yaml.indexOf('\n', last.to);
  const line = yaml.lastIndexOf('\n', last.from - 1) + 1;
  const [dash] = /^ *- */.exec(yaml.slice(line, last.from)) ?? [];
  const at = lineEnd === -1 ? yaml.length : lineEnd + 1;
  for (const text of spellings(name)) {
    if (field.kind === 'list') {
      if (dash !== undefined) yield [{ from: at, to: at, text: `${dash}${text}\n` }];
      yield [{ from: last.to, to: last.to, text: `, ${text}` }];
      continue;
    }
    const written = yaml.slice(last.from, last.to);
    for (const first of [written, quoteYaml(written)]) yield [{ ...last, text: `[${first}, ${text}]` }];
  }
}

/** Where the names stand, in their order; what is empty is none. */
function spansOf(yaml: string, { valueAt, end }: LocatedField): Span[] {
  return parseEvents(yaml, {})
    .filter((event): event is ScalarEvent => event.type === EVENT_ID.SCALAR)
    .filter(({ valueStart }) => valueStart >= valueAt && valueStart < end)
    .filter((event) => getScalarValue(yaml, event).trim() !== '')
    .map(({ valueStart, valueEnd, style }) => {
      const quoted = style === SCALAR_STYLE.SINGLE_QUOTED || style === SCALAR_STYLE.DOUBLE_QUOTED;
      return quoted ? { from: valueStart - 1, to: valueEnd + 1 } : { from: valueStart, to: valueEnd };
    });
}
