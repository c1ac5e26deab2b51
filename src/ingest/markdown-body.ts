import type Token from 'markdown-it/lib/token.mjs';
import { type BodyContext, resolveLink } from './body-context.ts';
import { allTokens, type Block, readBlocks } from './foreign-markdown.ts';
import { htmlToMarkdown } from './html-to-markdown.ts';
import { markCode, outsideCode } from './outside-code.ts';
import { tidy } from './plain-text.ts';
import { scanTags } from './scan-tags.ts';

const COMMENTS = /^(?:\s*<!--[\s\S]*?-->)+\s*$/;
const FOOTNOTE = /\[\^([^\]\s]{1,40})\](:[ \t]*)?/g;
const FIRST_OF_NOTE = /^ {0,3}\[\^[^\]\s]{1,40}\]:/;
const NOTE = /^ {0,3}\[\^([^\]\s]{1,40})\]:/gm;
/** HTML that is opened in one block and ended in a later one. */
const CONTAINERS = new Set(
  'div table ul ol dl li figure details blockquote section article center aside pre p header footer'.split(
    ' ',
  ),
);

/**
 * A foreign Markdown text as an article's body holds it: block by block as it was written, but for blocks with HTML, with
 * images, or with links that lead nowhere from elsewhere. Those become HTML and are then converted as all HTML is.
 */
export function markdownBody(markdown: string, context: BodyContext): string {
  const text = footnotes(tidy(markdown), context);
  const { blocks, render } = readBlocks(text);
  const lines = text.split('\n');
  // Whole pieces of lines: of a long text there are too many to be given to one call.
  const out: string[][] = [];
  let at = 0;
  for (const group of grouped(blocks)) {
    out.push(lines.slice(at, group.from));
    if (canStay(group, context)) out.push(lines.slice(group.from, group.to));
    else if (!isComment(group)) out.push(apart(htmlToMarkdown(render(group.tokens), context)));
    at = group.to;
  }
  out.push(lines.slice(at));
  const body = collapse(out.flat()).join('\n').trim();
  return body === '' ? '' : `${body.replace(/^\n+/, '')}\n`;
}

/** Blocks between the start and the end of an HTML element are one. */
function* grouped(blocks: readonly Block[]): Generator<Block> {
  let open = 0;
  let group: Block | undefined;
  for (const block of blocks) {
    if (group === undefined) group = { ...block, tokens: [...block.tokens] };
    else {
      for (const token of block.tokens) group.tokens.push(token);
      group.to = block.to;
    }
    open = Math.max(0, open + openedBy(block));
    if (open > 0) continue;
    yield group;
    group = undefined;
  }
  if (group !== undefined) yield group;
}

function openedBy({ tokens }: Block): number {
  let open = 0;
  for (const { type, content } of tokens) {
    if (type !== 'html_block') continue;
    for (const { name, isEnd } of scanTags(content)) if (CONTAINERS.has(name)) open += isEnd ? -1 : 1;
  }
  return open;
}

function canStay({ tokens }: Block, context: BodyContext): boolean {
  for (const token of allTokens(tokens)) {
    if (token.type === 'html_block' || token.type === 'html_inline' || token.type === 'image') return false;
    if (token.type === 'link_open' && !staysLink(token, context)) return false;
  }
  return true;
}

function staysLink(token: Token, context: BodyContext): boolean {
  const href = token.attrGet('href') ?? '';
  return resolveLink(href, context) === href;
}

function isComment({ tokens }: Block): boolean {
  return tokens.every(({ type, content }) => type === 'html_block' && COMMENTS.test(content));
}

function apart(text: string): string[] {
  return text.trim() === '' ? [] : ['', ...text.trimEnd().split('\n'), ''];
}

/** No more than one empty line where a block was taken out or put in; code keeps its own. */
function collapse(lines: readonly string[]): string[] {
  const kept: string[] = [];
  for (const { line, isCode } of markCode(lines)) {
    if (line !== '' || isCode || kept.at(-1) !== '') kept.push(line);
  }
  return kept;
}

/** Footnotes have no place of their own: mark and note are written as text. What has no note is none: `[^0-9]`. */
function footnotes(text: string, { losses }: BodyContext): string {
  if (!text.includes('[^')) return text;
  const noted = new Set(Array.from(text.matchAll(NOTE), ([, name]) => name));
  return outsideCode(withoutIndent(text), (part) =>
    part.replace(FOOTNOTE, (all, name: string, colon: string | undefined) => {
      if (!noted.has(name)) return all;
      losses.add('text', 'footnotes are written as text');
      return `\\[${name}\\]${colon === undefined ? '' : ' '}`;
    }),
  );
}

/** Notes with their further paragraphs, which are indented, as paragraphs: without a note above them they would be code. */
function withoutIndent(text: string): string {
  let isInNote = false;
  let wasBlank = false;
  const lines = Array.from(markCode(text.split('\n')), ({ line, isCode }) => {
    const rest = /^(?: {4}|\t)(.*)$/.exec(line)?.[1];
    if (!isCode && FIRST_OF_NOTE.test(line)) isInNote = true;
    else if (line.trim() !== '' && rest === undefined) isInNote = isInNote && !isCode && !wasBlank;
    wasBlank = line.trim() === '';
    return isInNote && rest !== undefined ? rest : line;
  });
  return lines.join('\n');
}
