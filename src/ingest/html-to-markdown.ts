import type { BodyContext } from './body-context.ts';
import { writeEmphasis } from './emphasis.ts';
import { HTML_LIMITS, isTooCostly } from './html-cost.ts';
import { markdownText } from './media-rules.ts';
import { plainParagraphs, tidy } from './plain-text.ts';
import { openTurndown } from './turndown.ts';

const WHITE = String.raw`(?:\s|&(?:nbsp|ensp|emsp|thinsp|#0*(?:9|10|13|32|160|819[2-9]|820[0-5]|12288)|#x0*(?:9|a|d|20|a0|200[0-9a-d]|3000));?)`;
/** White space without end keeps the library's patterns busy. */
const WASTE = new RegExp(`${WHITE}{200,}`, 'gi');
const DRAWING = /<(svg|math)\b(?:(?!<\/?\1\b)[\s\S])*<\/\1\s*>/gi;
const COMMENT = /<!--[\s\S]*?(?:-->|$)/g;

/**
 * Markdown of HTML, as an article's body holds it. Never throws for what the HTML says: of what no parser should be given
 * only the words are kept. What is lost is put into the context, images that are shown too.
 */
export function htmlToMarkdown(html: string, context: BodyContext): string {
  if (html.length > HTML_LIMITS.length) return wordsOnly(html, context);
  const clean = renamed(withoutDrawings(tidy(html), context)).replace(WASTE, ' ');
  if (clean.trim() === '') return '';
  if (isTooCostly(clean)) return wordsOnly(clean, context);
  try {
    return `${polish(writeEmphasis(openTurndown(context).turndown(clean)))}\n`.replace(/^\n+$/, '');
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return wordsOnly(clean, context);
  }
}

/** The library puts a text into an element of its own, which these would end or take the place of. */
function renamed(html: string): string {
  return html.replace(/x-turndown/gi, 'x-turn-down').replace(/<(\/?)frameset/gi, '<$1x-frameset');
}

function withoutDrawings(html: string, { losses }: BodyContext): string {
  if (!/<(?:svg|math)\b/i.test(html)) return html;
  return html.replace(COMMENT, '').replace(DRAWING, (_all, name: string) => {
    losses.add('element', `<${name.toLowerCase()}> is left out`);
    return '';
  });
}

function wordsOnly(html: string, { losses }: BodyContext): string {
  losses.add('text', 'its HTML is nested too deep or too large: only the words are kept');
  const paragraphs = plainParagraphs(html).map((text) =>
    markdownText(text).replace(/^([-+#>=~]|\d+[.)])/, '\\$1'),
  );
  return paragraphs.length === 0 ? '' : `${paragraphs.join('\n\n')}\n`;
}

/** No line of blanks alone and no more than one empty line, code apart. */
function polish(markdown: string): string {
  let fence: string | undefined;
  const lines: string[] = [];
  for (const line of markdown.split('\n')) {
    const mark = /^[\s>-]*(`{3,})/.exec(line)?.[1];
    if (mark !== undefined && (fence === undefined || mark.length >= fence.length))
      fence = fence === undefined ? mark : undefined;
    const isBlank = line.trim() === '';
    if (fence === undefined && isBlank && lines.at(-1) === '') continue;
    lines.push(isBlank && fence === undefined ? '' : line);
  }
  return lines.join('\n').replace(/^\n+/, '').trimEnd();
}
