import { highlightedCodeBlock, strikethrough, taskListItems } from '@joplin/turndown-plugin-gfm';
import TurndownService from 'turndown';
import type { BodyContext } from './body-context.ts';
import { addElementRules } from './element-rules.ts';
import { addMediaRules } from './media-rules.ts';
import { addTableRules } from './table-rules.ts';
import { addTextRules } from './text-rules.ts';

/** The library that makes Markdown of HTML, with rules for what our Markdown holds and what is listed as lost. */
export function openTurndown(context: BodyContext): TurndownService {
  const service = new TurndownService({
    headingStyle: 'atx',
    codeBlockStyle: 'fenced',
    bulletListMarker: '-',
    emDelimiter: '*',
    hr: '* * *',
  });
  service.use([strikethrough, taskListItems, highlightedCodeBlock]);
  addTextRules(service, context);
  addTableRules(service, context);
  addMediaRules(service, context);
  addElementRules(service, context);
  service.escape = escapeText(service.escape.bind(service));
  return service;
}

/** What else our Markdown would read as more than text: addresses and entities between `<` and `;`, images, lists. */
function escapeText(basic: (text: string) => string): (text: string) => string {
  return (text) =>
    basic(text)
      .replace(/<(?=[a-z/!?])/gi, '\\<')
      .replace(/&(?=#?\w+;)/g, '\\&')
      .replace(/\\?~{2,}/g, (run) => run.replace('\\', '').replaceAll('~', '\\~'))
      .replace(/^~|(?<!\\)~$/g, '\\~')
      .replace(/!$/, '\\!')
      .replace(/^(\d+)([.)])(?=\s|$)/, '$1\\$2')
      .replace(/^(#{1,6}|\+)$/, '\\$1');
}
