import { isDeepStrictEqual } from 'node:util';
import { splitSource } from './source-text.ts';
import { parseYaml, type YamlFields, type YamlNode } from './yaml.ts';

/** A part of a text, and what is to stand there; several are in the order of their places and do not overlap. */
export interface Replacement {
  from: number;
  /** Behind its last character; equal to `from` where something is put in. */
  to: number;
  text: string;
}

/** What the fields of a front matter say, without their lines and layout. */
export type PlainFields = Map<string, unknown>;

/**
 * A source with some of its front matter replaced, every other byte as it was: comments, order, quotes, ends of lines, byte order
 * mark. Each proposal is tried and read again; the first after which the front matter is what `isWanted` accepts is taken.
 *
 * @param source as it lies on disk.
 * @param propose for the front matter between its fences, with lines ended by LF.
 * @returns the edited source, and the proposal that was taken; nothing where no proposal does.
 */
export function editFrontMatter<P extends Replacement>(
  source: string,
  propose: (yaml: string) => Iterable<readonly P[]>,
  isWanted: (edited: PlainFields) => boolean,
): { text: string; taken: readonly P[] } | undefined {
  const text = normalise(source);
  const parts = splitSource(text);
  if (parts === undefined) return undefined;
  const start = text.indexOf('\n') + 1;
  for (const proposal of propose(parts.yaml)) {
    const edited = replaceIn(parts.yaml, proposal);
    const fields = plainFields(edited);
    if (fields === undefined || !isWanted(fields)) continue;
    const moved = proposal.map((each) => ({ ...each, from: each.from + start, to: each.to + start }));
    const whole = splitSource(replaceIn(text, moved));
    if (whole?.yaml !== edited || whole.body !== parts.body) continue;
    return { text: replaceIn(source, onDisk(source, moved)), taken: proposal };
  }
  return undefined;
}

/** The fields of a front matter; nothing where it has a problem. */
export function plainFields(yaml: string): PlainFields | undefined {
  const { fields, problems } = parseYaml(yaml, 1);
  return fields === undefined || problems.length > 0 ? undefined : plainMap(fields);
}

/** The fields of a source's front matter; nothing where there is none, or it has a problem. */
export function fieldsOfSource(source: string): PlainFields | undefined {
  const parts = splitSource(normalise(source));
  return parts === undefined ? undefined : plainFields(parts.yaml);
}

/** Whether two front matters say the same but for one field. */
export function sameBut(a: PlainFields, b: PlainFields, field: string): boolean {
  const without = (fields: PlainFields): [string, unknown][] =>
    [...fields].filter(([name]) => name !== field);
  return isDeepStrictEqual(without(a), without(b));
}

/** A text in double quotes. YAML's take what JSON's do; what YAML does not print is escaped as well. */
export function quoteYaml(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\u00a0\u2028\u2029\ufeff\ufffe\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function plainMap(fields: YamlFields): PlainFields {
  return new Map(Array.from(fields, ([name, { node }]) => [name, plain(node)]));
}

/** A node without its line. A text is compared as fields are read: line ends and space around it say nothing. */
function plain(node: YamlNode): unknown {
  if (node.kind === 'text') return node.value.trim();
  return node.kind === 'list' ? node.items.map(plain) : plainMap(node.fields);
}

function replaceIn(text: string, replacements: readonly Replacement[]): string {
  let result = '';
  let at = 0;
  for (const { from, to, text: added } of replacements) {
    result += text.slice(at, from) + added;
    at = to;
  }
  return result + text.slice(at);
}

function normalise(source: string): string {
  return source.replace(/^\ufeff/, '').replace(/\r\n?/g, '\n');
}

/** Places of the normalised text in the text on disk, and what is put there with the front matter's own ends of lines. */
function onDisk(source: string, replacements: readonly Replacement[]): Replacement[] {
  const [lineEnd = '\n'] = /\r\n|\r|\n/.exec(source) ?? [];
  return replacements.map(({ from, to, text }) => ({
    from: placeOnDisk(source, from),
    to: placeOnDisk(source, to),
    text: text.replaceAll('\n', lineEnd),
  }));
}

function placeOnDisk(source: string, wanted: number): number {
  let at = source.startsWith('\ufeff') ? 1 : 0;
  for (let left = wanted; left > 0; left--) at += source.startsWith('\r\n', at) ? 2 : 1;
  return at;
}
