import type TurndownService from 'turndown';
import type { DomElement } from './dom.ts';

const SUPERSCRIPT = '⁰¹²³⁴⁵⁶⁷⁸⁹';
const SUBSCRIPT = '₀₁₂₃₄₅₆₇₈₉';

/** How headings, emphasis, code and definitions are written. */
export function addTextRules(service: TurndownService): void {
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
  service.addRule('emphasis', { filter: ['em', 'i', 'cite'], replacement: (text) => marked(text, '*') });
  service.addRule('strong', { filter: ['strong', 'b'], replacement: (text) => marked(text, '**') });
  service.addRule('strikethrough', { filter: ['del', 's'], replacement: (text) => marked(text, '~~') });
  service.addRule('quotation', { filter: 'q', replacement: (text) => `“${text}”` });
  service.addRule('keyboard', {
    filter: (node) => ['KBD', 'SAMP', 'TT'].includes(node.nodeName) && !inside(node, 'PRE'),
    replacement: (_text, node) => inlineCode(node.textContent ?? ''),
  });
  service.addRule('pre', { filter: 'pre', replacement: (_text, node) => codeBlock(node as DomElement) });
  service.addRule('term', { filter: 'dt', replacement: (text) => `\n\n${marked(text, '**')}\n\n` });
  service.addRule('summary', {
    filter: (node) => node.nodeName === 'SUMMARY',
    replacement: (text) => `\n\n${marked(text, '**')}\n\n`,
  });
  service.addRule('superscript', { filter: ['sup'], replacement: (text) => digits(text, SUPERSCRIPT) });
  service.addRule('subscript', { filter: ['sub'], replacement: (text) => digits(text, SUBSCRIPT) });
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

/** What is marked already, or goes over several blocks, is not marked again: the marks would be read as text. */
function marked(text: string, mark: string): string {
  const words = text.trim();
  if (words === '' || words.includes('\n\n') || words.includes(mark)) return text;
  return `${mark}${words.replace(/\s*\n\s*/g, ' ')}${mark}`;
}

function caption(text: string): string {
  const line = oneLine(text);
  return `\n\n${line.includes('*') ? line : marked(line, '*')}\n\n`;
}

function digits(text: string, table: string): string {
  return /^\d{1,4}$/.test(text) ? text.replace(/\d/g, (digit) => table[Number(digit)] ?? digit) : text;
}

function inlineCode(text: string): string {
  const code = text.replace(/\s+/g, ' ').trim();
  if (code === '') return '';
  const longest = Math.max(0, ...Array.from(code.matchAll(/`+/g), ([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const space = code.startsWith('`') || code.endsWith('`') ? ' ' : '';
  return `${fence}${space}${code}${space}${fence}`;
}

function codeBlock(pre: DomElement): string {
  const code = (pre.textContent ?? '').replace(/^\n|\n+$/g, '');
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
