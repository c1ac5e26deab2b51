import { EVENT_ID, type Event, getScalarValue, parseEvents } from 'js-yaml';

/** Where a field of a front matter stands; offsets in its text. */
export interface LocatedField {
  kind: 'text' | 'list' | 'map';
  /** Of its name, and the column of that. */
  at: number;
  column: number;
  /** Of its value's first character. */
  valueAt: number;
  /** Of the line of the next field's name, or the end of the text. */
  end: number;
}

/** Finds a field of the one mapping that a front matter is. The text must be one that parseYaml reads without a problem. */
export function findField(yaml: string, name: string): LocatedField | undefined {
  const events = parseEvents(yaml, {});
  let found: Omit<LocatedField, 'end'> | undefined;
  for (let next = 2; next < events.length && events[next]?.type !== EVENT_ID.POP; ) {
    const key = events[next];
    const value = events[next + 1];
    if (key?.type !== EVENT_ID.SCALAR || value === undefined) return undefined;
    const at = lineStart(yaml, key.valueStart);
    if (found !== undefined) return { ...found, end: at };
    if (getScalarValue(yaml, key) === name) found = describe(yaml, key.valueStart, value);
    next = skipNode(events, next + 1);
  }
  return found === undefined ? undefined : { ...found, end: yaml.length };
}

function describe(yaml: string, at: number, value: Event): Omit<LocatedField, 'end'> | undefined {
  const line = lineStart(yaml, at);
  const name = { at, column: Math.max(0, yaml.slice(line).search(/[^ ]/)) };
  if (value.type === EVENT_ID.SCALAR) return { ...name, kind: 'text', valueAt: value.valueStart };
  if (value.type === EVENT_ID.SEQUENCE) return { ...name, kind: 'list', valueAt: value.start };
  return value.type === EVENT_ID.MAPPING ? { ...name, kind: 'map', valueAt: value.start } : undefined;
}

/** The position behind a node's events. */
function skipNode(events: readonly Event[], from: number): number {
  let depth = 0;
  for (let at = from; at < events.length; at++) {
    const type = events[at]?.type;
    if (type === EVENT_ID.SEQUENCE || type === EVENT_ID.MAPPING) depth += 1;
    if (type === EVENT_ID.POP) depth -= 1;
    if (depth === 0) return at + 1;
  }
  return events.length;
}

function lineStart(yaml: string, at: number): number {
  return yaml.lastIndexOf('\n', at - 1) + 1;
}
