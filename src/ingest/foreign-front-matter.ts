import { FAILSAFE_SCHEMA, load } from 'js-yaml';
import { parse as parseToml, TomlDate } from 'smol-toml';
import { OvnError } from '../errors.ts';

/** A value of a front matter: every scalar is a text as written. */
export type Field = string | Field[] | Fields;
/** A Map, so that `__proto__` is a name like all others. Names are in lower case. */
export type Fields = Map<string, Field>;

const LIMITS = { length: 256 * 1024, depth: 12, nodes: 20_000 } as const;
const YAML = /^---[ \t]*(?<kind>[a-z]*)[ \t]*\n/;
const YAML_END = /^(?:---|\.\.\.)[ \t]*(?:\n|$)/gm;
const TOML = /^\+\+\+[ \t]*\n/;
const TOML_END = /^\+\+\+[ \t]*(?:\n|$)/gm;
const JSON_END = /^\}[ \t]*(?:\n|$)/gm;
/** Where a JSON front matter may end, at most. */
const TRIES = 50;

/**
 * The front matter and the text of a source as Hugo, Jekyll, Zola and Eleventy read them: YAML, TOML or JSON. Undefined where there is none.
 *
 * @throws OvnError `malformed` for what cannot be read, `limit` for what is too large or too deep.
 */
export function readFrontMatter(text: string): { fields: Fields; body: string } | undefined {
  const yaml = YAML.exec(text);
  if (yaml !== null) return fenced(text, yaml[0].length, YAML_END, yaml.groups?.['kind'] || 'yaml');
  const toml = TOML.exec(text);
  if (toml !== null) return fenced(text, toml[0].length, TOML_END, 'toml');
  return text.startsWith('{') ? bareJson(text) : undefined;
}

function fenced(
  text: string,
  from: number,
  end: RegExp,
  kind: string,
): { fields: Fields; body: string } | undefined {
  end.lastIndex = from;
  const closing = end.exec(text);
  if (closing === null) return undefined;
  const written = text.slice(from, closing.index);
  return { fields: parse(written, kind), body: text.slice(closing.index + closing[0].length) };
}

/** Hugo's: an object, and the text behind the brace at the start of a line that ends it. */
function bareJson(text: string): { fields: Fields; body: string } | undefined {
  let tries = 0;
  for (const { 0: end, index } of text.slice(0, LIMITS.length).matchAll(JSON_END)) {
    if (++tries > TRIES) return undefined;
    const written = text.slice(0, index + 1);
    if (isJson(written)) return { fields: parse(written, 'json'), body: text.slice(index + end.length) };
  }
  return undefined;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function parse(text: string, kind: string): Fields {
  if (text.length > LIMITS.length) throw new OvnError('limit', 'its front matter is longer than 256 KiB');
  const read = PARSERS[kind];
  if (read === undefined)
    throw new OvnError('malformed', `its front matter is written in "${kind}", which is not read`);
  let value: unknown;
  try {
    value = read(text);
  } catch (error) {
    throw new OvnError('malformed', `its front matter cannot be read: ${reasonOf(error)}`, { cause: error });
  }
  const fields = new Reader().read(value ?? {}, 0);
  if (!(fields instanceof Map)) throw new OvnError('malformed', 'its front matter holds no fields');
  return fields;
}

const PARSERS: Readonly<Record<string, (text: string) => unknown>> = {
  yaml: (text) =>
    withoutComments(text) === ''
      ? {}
      : load(text, { schema: FAILSAFE_SCHEMA, json: true, maxDepth: LIMITS.depth * 2 }),
  toml: (text) => parseToml(text),
  json: (text) => JSON.parse(text) as unknown,
};

/** A text of nothing but comments is no document to the library. */
function withoutComments(text: string): string {
  return text.replace(/^[ \t]*#.*$/gm, '').trim();
}

function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.split('\n', 1)[0] ?? '';
}

/** Makes texts of all values, a bounded number of them: an alias may repeat others without end. */
class Reader {
  #nodes = 0;

  read(value: unknown, depth: number): Field {
    if (++this.#nodes > LIMITS.nodes) throw new OvnError('limit', 'its front matter holds too many values');
    if (depth > LIMITS.depth) throw new OvnError('limit', 'its front matter is nested too deep');
    if (Array.isArray(value)) return value.map((item) => this.read(item, depth + 1));
    if (value instanceof TomlDate) return tomlDate(value);
    if (typeof value !== 'object' || value === null) return scalar(value);
    const fields: Fields = new Map();
    for (const [name, item] of Object.entries(value))
      fields.set(name.toLowerCase(), this.read(item, depth + 1));
    return fields;
  }
}

function scalar(value: unknown): string {
  if (value === null || value === undefined || value === '~' || value === 'null') return '';
  return String(value);
}

/** A day stays a day, a local time has no zone. */
function tomlDate(date: TomlDate): string {
  return date.isTime() ? '' : date.toISOString();
}
