/** What JSON can say. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [member: string]: Json };

interface Member {
  key: string;
  /** Of its name's first quote. */
  at: number;
  /** Of its value. */
  from: number;
  /** Behind its value. */
  to: number;
}

const SPACE = /[ \t\r\n\ufeff]*/y;
const STRING = /"(?:[^"\\]|\\.)*"/y;
const OTHER = /[^,\]} \t\r\n]+/y;

/**
 * A JSON text with one member set, or taken out where `value` is absent; every other byte as it was. What is missing on the way
 * to it is made. Of a name that stands there twice the last one counts, as for JSON.parse, and all go that are to be taken out.
 *
 * @param text JSON of an object, as JSON.parse takes it; a byte order mark may stand before it.
 */
export function editJson(text: string, path: readonly string[], value: Json | undefined): string {
  let object = behind(SPACE, text, 0);
  for (const [depth, key] of path.entries()) {
    const members = membersOf(text, object);
    const member = members.findLast((each) => each.key === key);
    const isLast = depth === path.length - 1;
    if (member === undefined) {
      return value === undefined
        ? text
        : insert(text, object, members, key, nested(path.slice(depth + 1), value));
    }
    if (isLast && value === undefined) return editJson(remove(text, members, member), path, value);
    if (isLast || text[member.from] !== '{') {
      const rest = isLast ? value : nested(path.slice(depth + 1), value);
      return rest === undefined
        ? text
        : text.slice(0, member.from) + write(rest, text, member.at) + text.slice(member.to);
    }
    object = member.from;
  }
  return text;
}

function nested(path: readonly string[], value: Json | undefined): Json | undefined {
  return value === undefined ? undefined : path.reduceRight<Json>((inner, key) => ({ [key]: inner }), value);
}

/** The members of the object that begins at a place. */
function membersOf(text: string, object: number): Member[] {
  const members: Member[] = [];
  let at = behind(SPACE, text, object + 1);
  while (text[at] !== '}') {
    const named = behind(STRING, text, at);
    const from = behind(SPACE, text, behind(SPACE, text, named) + 1);
    const to = endOfValue(text, from);
    members.push({ key: JSON.parse(text.slice(at, named)) as string, at, from, to });
    const next = behind(SPACE, text, to);
    at = text[next] === ',' ? behind(SPACE, text, next + 1) : next;
  }
  return members;
}

function endOfValue(text: string, from: number): number {
  const first = text[from];
  if (first === '"') return behind(STRING, text, from);
  if (first !== '{' && first !== '[') return behind(OTHER, text, from);
  let depth = 0;
  for (let at = from; ; ) {
    const character = text[at];
    if (character === '"') at = behind(STRING, text, at);
    else {
      if (character === '{' || character === '[') depth += 1;
      if (character === '}' || character === ']') depth -= 1;
      at += 1;
    }
    if (depth === 0) return at;
  }
}

/** A new member behind the last one, set apart from it as that is from what stands before. */
function insert(
  text: string,
  object: number,
  members: readonly Member[],
  key: string,
  value: Json | undefined,
): string {
  if (value === undefined) return text;
  const last = members.at(-1);
  if (last === undefined) {
    const end = behind(SPACE, text, object + 1);
    return `${text.slice(0, object + 1)}${JSON.stringify(key)}: ${JSON.stringify(value)}${text.slice(end)}`;
  }
  const gap = text.slice(gapBefore(text, last.at), last.at);
  const member = `${JSON.stringify(key)}:${gap === '' ? '' : ' '}${write(value, text, last.at)}`;
  return `${text.slice(0, last.to)},${gap}${member}${text.slice(last.to)}`;
}

function remove(text: string, members: readonly Member[], member: Member): string {
  const next = members[members.indexOf(member) + 1];
  if (next !== undefined) return text.slice(0, member.at) + text.slice(next.at);
  const before = members.at(-2);
  const from = before === undefined ? gapBefore(text, member.at) : before.to;
  const to = before === undefined ? behind(SPACE, text, member.to) : member.to;
  return text.slice(0, from) + text.slice(to);
}

function gapBefore(text: string, at: number): number {
  let from = at;
  while (/[ \t\r\n]/.test(text[from - 1] ?? '')) from -= 1;
  return from;
}

/** A value on lines of its own where the text has lines, indented as the member that it belongs to. */
function write(value: Json, text: string, member: number): string {
  const [lineEnd] = /\r\n|\n/.exec(text.trim()) ?? [];
  if (lineEnd === undefined) return JSON.stringify(value);
  const line = text.slice(gapBefore(text, member), member);
  const indent = line.slice(line.lastIndexOf('\n') + 1);
  const unit = indent === '' ? 2 : indent.includes('\t') ? '\t' : 2;
  return JSON.stringify(value, undefined, unit).replaceAll('\n', `${lineEnd}${indent}`);
}

/** The place behind what a sticky pattern takes. */
function behind(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  pattern.test(text);
  return pattern.lastIndex === 0 ? at : pattern.lastIndex;
}
