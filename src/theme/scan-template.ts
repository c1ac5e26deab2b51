import { GUARDED_CLASSES } from './guard-style.ts';
import { VOID_ELEMENTS } from './markup.ts';

/** A piece of what a template gave: its own HTML, or the place of a part. */
export type Piece = { html: string } | { part: string };

/** What a template may do around its parts. */
export interface TemplateRules {
  /** Elements in which a part may stand. */
  around: ReadonlySet<string>;
  /** Parts that must be there exactly once, where there is something of them; every other may be left out. */
  required: readonly string[];
  /** All parts. */
  parts: readonly string[];
  /** Whether those that are required come in the order in which they are named. */
  inOrder: boolean;
}

/** Elements that a template may write. None of them hides what is in it, and none is one of ours. */
const ELEMENTS: ReadonlySet<string> = new Set(
  'a aside b blockquote br dd div dl dt em h2 h3 h4 header hr i li nav ol p section small span strong ul'.split(
    ' ',
  ),
);
/** Attributes of any of them. */
const ATTRIBUTES: ReadonlySet<string> = new Set(['aria-label', 'class', 'dir', 'lang', 'title']);
/** Classes by which pages are recognised, also by this program. */
const RESERVED: ReadonlySet<string> = new Set([
  ...GUARDED_CLASSES,
  ...'body colophon copy masthead related retraction site story summary visually-hidden'.split(' '),
]);
const ADDRESS = /^(?:https?:\/\/|mailto:)[^\s"<>]+$/i;
const CLASSES = /^[a-zA-Z][\w-]*(?: [a-zA-Z][\w-]*)*$/;

const TOKEN = /<(?:part:([a-z]+)|(\/?)([a-z][a-z0-9]*)((?:\s+[a-z-]+(?:="[^"<>]*")?)*)\s*)>/g;
const ATTRIBUTE = /\s+([a-z-]+)(?:="([^"<>]*)")?/g;

/** Why a template is refused; `near` is what of it is wrong. */
export class TemplateFault extends Error {
  readonly near: string;

  constructor(message: string, near: string) {
    super(message);
    this.near = near;
  }
}

/**
 * Takes what a template gave to pieces. It is well-formed, has elements and attributes of a short list alone, and every part in its
 * place.
 *
 * @param has the parts of which there is something.
 * @throws {TemplateFault}
 */
export function scanTemplate(html: string, rules: TemplateRules, has: (part: string) => boolean): Piece[] {
  const pieces: Piece[] = [];
  const open: string[] = [];
  const found: string[] = [];
  let end = 0;
  let written = 0;
  for (const token of html.matchAll(TOKEN)) {
    const [text, part, close, name = '', attributes = ''] = token;
    requireText(html.slice(end, token.index));
    end = token.index + text.length;
    if (part === undefined) {
      checkTag(text, name, attributes, { close: close !== '', open });
      continue;
    }
    requirePlace(part, open, rules);
    found.push(part);
    pieces.push({ html: html.slice(written, token.index) }, { part });
    written = end;
  }
  requireText(html.slice(end));
  if (open.length > 0) throw new TemplateFault(`<${open.at(-1)}> is not closed`, `<${open.at(-1)}`);
  requireParts(found, rules, has);
  return [...pieces, { html: html.slice(written) }];
}

function requireText(text: string): void {
  const at = text.indexOf('<');
  if (at === -1) return;
  const near = text.slice(at, at + 40).split('\n', 1)[0] ?? '';
  throw new TemplateFault(`what begins at ${JSON.stringify(near)} is no tag that a template may have`, near);
}

function checkTag(
  text: string,
  name: string,
  attributes: string,
  { close, open }: { close: boolean; open: string[] },
): void {
  if (!ELEMENTS.has(name)) throw new TemplateFault(`<${name}> has no place in a template`, `<${name}`);
  if (close) {
    const last = open.pop();
    if (last !== name || attributes !== '')
      throw new TemplateFault(`</${name}> closes ${last === undefined ? 'nothing' : `<${last}>`}`, text);
    return;
  }
  for (const [, attribute = '', value = ''] of attributes.matchAll(ATTRIBUTE))
    if (!isAllowed(name, attribute, value))
      throw new TemplateFault(
        `${attribute}="${value}" has no place in <${name}> of a template`,
        `${attribute}=`,
      );
  if (!VOID_ELEMENTS.has(name)) open.push(name);
}

function isAllowed(element: string, attribute: string, value: string): boolean {
  if (element === 'a' && attribute === 'href') return ADDRESS.test(value);
  if (element === 'a' && attribute === 'rel') return true;
  if (attribute === 'class')
    return CLASSES.test(value) && !value.split(' ').some((each) => RESERVED.has(each));
  return ATTRIBUTES.has(attribute);
}

function requirePlace(part: string, open: readonly string[], { parts, around }: TemplateRules): void {
  const near = `part ${part}`;
  if (!parts.includes(part))
    throw new TemplateFault(`there is no part "${part}"; there are ${parts.join(', ')}`, near);
  const wrong = open.find((name) => !around.has(name));
  if (wrong !== undefined)
    throw new TemplateFault(
      `the part "${part}" cannot stand in <${wrong}>, only in ${[...around].join(', ')}`,
      near,
    );
}

function requireParts(
  found: readonly string[],
  { parts, required, inOrder }: TemplateRules,
  has: (part: string) => boolean,
): void {
  for (const part of parts) {
    const count = found.filter((each) => each === part).length;
    if (count > 1) throw new TemplateFault(`the part "${part}" is there ${count} times`, `part ${part}`);
    if (count === 0 && required.includes(part) && has(part))
      throw new TemplateFault(
        `the part "${part}" is left out, which every page must show: {% part ${part} %}`,
        '',
      );
  }
  const ordered = found.filter((part) => required.includes(part));
  const expected = required.filter((part) => ordered.includes(part));
  if (inOrder && ordered.some((part, at) => part !== expected[at]))
    throw new TemplateFault(`the parts come in another order than ${required.join(', ')}`, '');
}
