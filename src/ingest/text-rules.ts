import type TurndownService from 'turndown';
import type { BodyContext } from './body-context.ts';
import type { DomElement, DomNode } from './dom.ts';
import { emphasised } from './emphasis.ts';

/** What can stand higher or lower as it is, and as what. */
const RAISED = { from: '0123456789+-−=()ni', to: '⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱ', mark: '^' } as const;
const LOWERED = { from: '0123456789+-−=()', to: '₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎', mark: '\\_' } as const;

/** How headings, emphasis, code and definitions are written. */
export function addTextRules(service: TurndownService, { losses }: BodyContext): void {
  service.addRule('heading', {
    filter: ['h1', 'h2', 'h3', 'h4', 'h5', 'h6'],
    replacement: (content, { nodeName }) => {
      const line = oneLine(content);
      return line === '' ? '' : `\n\n${'#'.repeat(Number(nodeName[1]))} ${line}\n\n`;
    },
  });
  service.addRule('list', {
    filter: ['ul', 'ol'],
    replacement: (content, node) => list(content, node as DomElement),
  });
  const numbers = new WeakMap<DomElement, Map<DomElement, number>>();
  service.addRule('listItem', {
    filter: 'li',
    replacement: (content, node) => listItem(content, node as DomElement, numbers),
  });
  service.addRule('emphasis', { filter: ['em', 'i', 'cite'], replacement: (text) => emphasised(text, '*') });
  service.addRule('strong', { filter: ['strong', 'b'], replacement: (text) => emphasised(text, '**') });
  service.addRule('strikethrough', { filter: ['del', 's'], replacement: (text) => emphasised(text, '~~') });
  service.addRule('quotation', { filter: 'q', replacement: (text) => `“${text}”` });
  service.addRule('keyboard', {
    filter: (node) => ['KBD', 'SAMP', 'TT'].includes(node.nodeName) && !inside(node, 'PRE'),
    replacement: (_text, node) => inlineCode(node.textContent ?? ''),
  });
  service.addRule('pre', {
    filter: 'pre',
    replacement: (content, node) => {
      const pre = node as DomElement;
      if (isVerse(pre)) return verse(content);
      if (pre.querySelector('a[href]')) losses.add('link', 'a link inside of code became text');
      return codeBlock(pre);
    },
  });
  service.addRule('term', { filter: 'dt', replacement: (text) => `\n\n${emphasised(text, '**')}\n\n` });
  service.addRule('summary', {
    filter: (node) => node.nodeName === 'SUMMARY',
    replacement: (text) => `\n\n${emphasised(text, '**')}\n\n`,
  });
  service.addRule('superscript', {
    filter: ['sup'],
    replacement: (text, node) => shifted(text, node as DomElement, RAISED),
  });
  service.addRule('subscript', {
    filter: ['sub'],
    replacement: (text, node) => shifted(text, node as DomElement, LOWERED),
  });
  service.addRule('figcaption', { filter: 'figcaption', replacement: (text) => caption(text) });
}

/** Whether an element stands in one of a name. */
export function inside(node: DomElement, name: string): boolean {
  for (let parent = node.parentNode; parent !== null; parent = parent.parentNode) {
    if (parent.nodeName === name) return true;
  }
  return false;
}

/** A text on one line. */
export function oneLine(text: string): string {
  return text.replace(/\s*\n\s*/g, ' ').trim();
}

/** A list inside a list stands in the item before it, also where no item holds it. */
function list(content: string, { parentNode, nextElementSibling }: DomElement): string {
  const parent = parentNode?.nodeName ?? '';
  if (parent === 'UL' || parent === 'OL') return `\n${indent(content.trimEnd(), 2)}\n`;
  return parent === 'LI' && nextElementSibling === null ? `\n${content}` : `\n\n${content}\n\n`;
}

/** The place of each item in its list, by list: counted once. */
type Places = WeakMap<DomElement, Map<DomElement, number>>;

function listItem(content: string, item: DomElement, places: Places): string {
  const text = content.replace(/^\n+|\n+$/g, '');
  if (text.trim() === '') return '';
  const mark = markOf(item, places);
  const end = /\n$/.test(content) && text.includes('\n\n') ? '\n\n' : '\n';
  return `${mark}${indent(text, mark.length).trimStart()}${end}`;
}

function markOf(item: DomElement, places: Places): string {
  const parent = item.parentNode;
  if (parent?.nodeName !== 'OL') return '- ';
  const start = Number(parent.getAttribute('start') ?? '1');
  const first = Number.isInteger(start) && start >= 0 && start < 1e8 ? start : 1;
  const inList = places.get(parent) ?? placesIn(parent);
  places.set(parent, inList);
  return `${first + (inList.get(item) ?? 0)}. `;
}

function placesIn(list: DomElement): Map<DomElement, number> {
  const items = Array.from(list.children).filter(({ nodeName }) => nodeName === 'LI');
  return new Map(items.map((item, at) => [item, at]));
}

function indent(text: string, columns: number): string {
  return text.replace(/^(?=.)/gm, ' '.repeat(columns));
}

function caption(text: string): string {
  return `\n\n${emphasised(oneLine(text), '*')}\n\n`;
}

/** Endings, as of `1er` and `2o`, and marks of notes. */
const STAYS = /^(?:\p{L}{2,}\.?|[aeo]|[^\p{L}\p{N}]+|\[\p{N}+\])$/u;

/**
 * What stands higher or lower. Without its place `10-31` and `2n` would be other quantities: what no characters are there for is marked as in
 * plain text, `x^(a/b)`. Endings of ordinals, notes and links stay beside what they belong to.
 */
function shifted(text: string, node: DomElement, { from, to, mark }: typeof RAISED | typeof LOWERED): string {
  const words = (node.textContent ?? '').trim();
  if (words === '' || node.children.length > 0) return text;
  const characters = Array.from(words, (character) => to[from.indexOf(character)]);
  if (characters.every((character) => character !== undefined)) return characters.join('');
  if (mark === '^' && STAYS.test(words)) return text;
  return /^[\p{L}\p{N}]+$/u.test(words) ? `${mark}${text}` : `${mark}(${text})`;
}

function inlineCode(text: string): string {
  const code = text.replace(/\s+/g, ' ').trim();
  if (code === '') return '';
  const longest = Math.max(0, ...Array.from(code.matchAll(/`+/g), ([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const space = code.startsWith('`') || code.endsWith('`') ? ' ' : '';
  return `${fence}${space}${code}${space}${fence}`;
}

/** A poem: words, with lines of its own. */
function isVerse(pre: DomElement): boolean {
  return /(?:^|\s)wp-block-verse(?:\s|$)/.test(pre.getAttribute('class') ?? '');
}

function verse(content: string): string {
  const lines = content.split('\n').map((line) => line.trim());
  const written = lines.map((line, at) => (line === '' || !lines[at + 1] ? line : `${line}  `));
  return `\n\n${written.join('\n')}\n\n`;
}

const ENDS_LINE = new Set('P DIV LI TR'.split(' '));

/** The text of code, with the ends of lines that elements make. */
function codeText({ nodeName, nodeValue, childNodes, nextSibling }: DomNode): string {
  if (nodeName === 'BR') return '\n';
  const text = nodeName === '#text' ? (nodeValue ?? '') : Array.from(childNodes, codeText).join('');
  return ENDS_LINE.has(nodeName) && nextSibling !== null ? `${text}\n` : text;
}

function codeBlock(pre: DomElement): string {
  const code = codeText(pre).replace(/^\n|\n+$/g, '');
  if (code.trim() === '') return '';
  const longest = Math.max(2, ...Array.from(code.matchAll(/^\s*(`{3,})/gm), ([, run = '']) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `\n\n${fence}${languageOf(pre)}\n${code}\n${fence}\n\n`;
}

function languageOf(pre: DomElement): string {
  const classes = `${pre.getAttribute('class') ?? ''} ${pre.querySelector('code')?.getAttribute('class') ?? ''}`;
  const named = /(?:^|\s)(?:lang(?:uage)?-|brush:\s*)([A-Za-z0-9+#._-]{1,30})/.exec(classes)?.[1];
  return named ?? '';
}
