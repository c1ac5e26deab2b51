import { markdownIt } from '../article/markdown-parser.ts';
import { scanTags } from './scan-tags.ts';

const ENTITY = /&(?:#x[0-9a-f]{1,6}|#[0-9]{1,7}|[a-z][a-z0-9]{1,31});/gi;
const COMMENT = /<!--[\s\S]*?(?:-->|$)/g;
const BLOCKS = new Set(
  'p div br li ul ol h1 h2 h3 h4 h5 h6 tr table blockquote pre figure section article hr'.split(' '),
);
const UNSHOWN = new Set(['script', 'style', 'template', 'iframe', 'textarea', 'title']);

/** A text with its HTML entities as the characters that they stand for. */
function decodeEntities(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(ENTITY, (entity) => markdownIt.utils.unescapeAll(entity));
}

/** The words of a piece of HTML on one line: of a headline, a summary or an alt text. */
export function plainLine(html: string): string {
  return plainParagraphs(html).join(' ');
}

/** The words of a piece of HTML, a paragraph for each of its blocks. */
export function plainParagraphs(html: string): string[] {
  return withoutTags(html)
    .split('\n\n')
    .map((paragraph) => tidy(decodeEntities(paragraph)).replace(/\s+/g, ' ').trim())
    .filter((paragraph) => paragraph !== '');
}

function withoutTags(html: string): string {
  const source = html.replace(COMMENT, '').replace(/\n\s*\n/g, '\n');
  let text = '';
  let at = 0;
  let unshown: string | undefined;
  for (const { name, isEnd, from, to } of scanTags(source)) {
    if (unshown === undefined) text += source.slice(at, from);
    if (!isEnd && UNSHOWN.has(name)) unshown ??= name;
    else if (unshown === name) unshown = undefined;
    if (BLOCKS.has(name)) text += '\n\n';
    at = to;
  }
  return unshown === undefined ? text + source.slice(at) : text;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: what no source may hold
const CONTROL = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]/g;

/** A text without control characters (tabs and ends of lines apart), with lines ended by LF. */
export function tidy(text: string): string {
  return text.toWellFormed().replace(/\r\n?/g, '\n').replace(CONTROL, '');
}

/** A text of at most so many characters, cut between words where it can be; whole characters only. */
export function shorten(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const cut = text.slice(0, limit - 1).replace(/[\ud800-\udbff]$/, '');
  const space = cut.lastIndexOf(' ');
  return `${space > limit / 2 ? cut.slice(0, space) : cut}…`;
}
