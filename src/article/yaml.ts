import {
  EVENT_ID,
  type Event,
  getScalarValue,
  parseEvents,
  SCALAR_STYLE,
  type ScalarEvent,
  YAMLException,
} from 'js-yaml';

/** Characters of a front matter, at most; depth of its nesting, at most. */
const LIMITS = { length: 64 * 1024, depth: 12 } as const;
const NEEDS_QUOTES = 'a text that starts with one of & * ! @ % ` or holds ": " needs quotes';

/** A value of a front matter under YAML's failsafe schema: every scalar is text as written. `line` is 1-based in the source. */
export type YamlNode =
  | { kind: 'text'; line: number; value: string }
  | { kind: 'list'; line: number; items: YamlNode[] }
  | { kind: 'map'; line: number; fields: YamlFields };

/** Fields by name: a Map, so that `__proto__` and `constructor` are names like all others. `line` is that of the name. */
export type YamlFields = Map<string, { line: number; node: YamlNode }>;

export interface YamlProblem {
  line: number;
  message: string;
}

/**
 * Reads a front matter: one mapping, without aliases, anchors, tags, directives, merge keys or equal names.
 * `fields` is absent when nothing can be read at all. Never throws.
 */
export function parseYaml(text: string, firstLine: number): { fields?: YamlFields; problems: YamlProblem[] } {
  if (text.length > LIMITS.length) {
    return { problems: [{ line: firstLine, message: 'front matter: expected at most 64 KiB' }] };
  }
  const composer = new Composer(text, firstLine);
  try {
    const fields = composer.compose(parseEvents(text, { maxDepth: LIMITS.depth }));
    return fields === undefined ? { problems: composer.problems } : { fields, problems: composer.problems };
  } catch (error) {
    return { problems: [syntaxProblem(error, text, firstLine)] };
  }
}

function syntaxProblem(error: unknown, text: string, firstLine: number): YamlProblem {
  if (!(error instanceof YAMLException)) throw error;
  const lastLine = text.trimEnd().split('\n').length - 1;
  const line = firstLine + Math.min(error.mark?.line ?? 0, lastLine);
  return { line, message: `front matter: expected YAML, found an error: ${error.reason} (${NEEDS_QUOTES})` };
}

/** An empty node has no place in the text of its own. */
function isEmpty(node: YamlNode): boolean {
  return node.kind === 'text' && node.value === '';
}

/** Makes nodes of parser events. No schema is consulted: that is what the failsafe schema does. */
class Composer {
  readonly problems: YamlProblem[] = [];
  readonly #text: string;
  #events: Event[] = [];
  #next = 0;
  #offset = 0;
  #line: number;
  readonly #firstLine: number;

  constructor(text: string, firstLine: number) {
    this.#text = text;
    this.#line = firstLine;
    this.#firstLine = firstLine;
  }

  compose(events: Event[]): YamlFields | undefined {
    this.#events = events;
    const document = events[this.#next++];
    if (document === undefined) return new Map();
    if (document.type === EVENT_ID.DOCUMENT && document.directives.length > 0) {
      this.#refuse(this.#firstLine, 'expected no % directives');
    }
    const node = this.#node();
    if (node.kind === 'map') return node.fields;
    if (isEmpty(node)) return new Map();
    this.#refuse(node.line, 'expected fields such as "title: …", one on a line');
    return undefined;
  }

  #node(): YamlNode {
    const event = this.#events[this.#next++];
    switch (event?.type) {
      case EVENT_ID.SCALAR:
        return { kind: 'text', line: this.#lineOf(event), value: getScalarValue(this.#text, event) };
      case EVENT_ID.SEQUENCE:
        return { kind: 'list', line: this.#lineOf(event), items: this.#items() };
      case EVENT_ID.MAPPING:
        return { kind: 'map', line: this.#lineOf(event), fields: this.#fields() };
      case EVENT_ID.ALIAS: {
        const line = this.#lineAt(event.anchorStart);
        this.#refuse(line, `expected no YAML alias (${NEEDS_QUOTES})`);
        return { kind: 'text', line, value: '' };
      }
      default:
        throw new YAMLException('unexpected end');
    }
  }

  #items(): YamlNode[] {
    const items: YamlNode[] = [];
    while (!this.#atEnd()) items.push(this.#node());
    return items;
  }

  #fields(): YamlFields {
    const fields: YamlFields = new Map();
    while (!this.#atEnd()) {
      const keyEvent = this.#events[this.#next];
      const key = this.#node();
      const node = this.#node();
      const problem = this.#keyProblem(key, keyEvent, fields);
      if (problem !== undefined) this.#refuse(isEmpty(key) ? node.line : key.line, problem);
      else if (key.kind === 'text') fields.set(key.value, { line: key.line, node });
    }
    return fields;
  }

  #keyProblem(key: YamlNode, event: Event | undefined, fields: YamlFields): string | undefined {
    if (key.kind !== 'text' || isEmpty(key)) return 'expected the name of a field before ":"';
    if (fields.has(key.value)) return `expected the field "${key.value}" only once`;
    const plain = event?.type === EVENT_ID.SCALAR && event.style === SCALAR_STYLE.PLAIN;
    return plain && key.value === '<<' ? 'expected no YAML merge key "<<"' : undefined;
  }

  #atEnd(): boolean {
    if (this.#events[this.#next]?.type !== EVENT_ID.POP) return false;
    this.#next++;
    return true;
  }

  #lineOf(event: ScalarEvent | { start: number; anchorStart: number; tagStart: number }): number {
    const line = this.#lineAt('start' in event ? event.start : event.valueStart);
    if (event.anchorStart !== -1)
      this.#refuse(this.#lineAt(event.anchorStart), `expected no YAML anchor (${NEEDS_QUOTES})`);
    if (event.tagStart !== -1)
      this.#refuse(this.#lineAt(event.tagStart), `expected no YAML tag (${NEEDS_QUOTES})`);
    return line;
  }

  /** The line of an offset; events come in the order of the text, so each newline is counted about once. */
  #lineAt(offset: number): number {
    if (offset === -1) return this.#line;
    if (offset < this.#offset) {
      this.#offset = 0;
      this.#line = this.#firstLine;
    }
    for (
      let at = this.#text.indexOf('\n', this.#offset);
      at !== -1 && at < offset;
      at = this.#text.indexOf('\n', at + 1)
    ) {
      this.#line++;
      this.#offset = at + 1;
    }
    return this.#line;
  }

  #refuse(line: number, message: string): void {
    this.problems.push({ line, message: `front matter: ${message}` });
  }
}
