import type { RenderRuleRecord } from 'markdown-it/lib/renderer.mjs';
import type Token from 'markdown-it/lib/token.mjs';
import type { BodyState } from './body-state.ts';
import { escapeHtml } from './html.ts';
import { plainText } from './inline-rules.ts';
import { wordsFor } from './interface-words.ts';

const CODE_LANGUAGE = /^[A-Za-z0-9+#._-]+$/;

/** How headings, tables and code of a body are written. The environment of each rule is a {@link BodyState}. */
export const BLOCK_RULES: RenderRuleRecord = {
  heading_open: (tokens, index, options, state: BodyState, self) =>
    openHeading(tokens, index, state) ?? self.renderToken(tokens, index, options),
  table_open: (tokens, index, options, state: BodyState, self) =>
    openTable(state) + self.renderToken(tokens, index, options),
  table_close: (tokens, index, options, _state, self) =>
    `${self.renderToken(tokens, index, options)}</div>\n`,
  th_open: (tokens, index, options, _state, self) => {
    headerCell(tokens, index);
    return self.renderToken(tokens, index, options);
  },
  td_open: (tokens, index, options, _state, self) => {
    align(tokens[index]);
    return self.renderToken(tokens, index, options);
  },
  fence: (tokens, index) => code(tokens[index]?.content ?? '', tokens[index]?.info ?? ''),
  code_block: (tokens, index) => code(tokens[index]?.content ?? '', ''),
};

/** Sets level and id of a heading; one without any text is left out, because it would be an empty stop for a screen reader. */
function openHeading(tokens: Token[], index: number, state: BodyState): string | undefined {
  const [open, inline, close] = tokens.slice(index, index + 3);
  if (open === undefined || close === undefined) return undefined;
  if (inline?.content === '') {
    close.hidden = true;
    return '';
  }
  open.tag = close.tag = `h${state.outline.enter(Number(open.tag.slice(1)))}`;
  open.attrs = [['id', state.outline.id(plainText(inline?.children ?? null))]];
  return undefined;
}

/** A table may be wider than a phone: it scrolls in a box that the keyboard reaches. */
function openTable(state: BodyState): string {
  const { table } = wordsFor(state.options.language ?? 'en');
  return `<div class="table" role="group" aria-label="${table}" tabindex="0">\n`;
}

function headerCell(tokens: Token[], index: number): void {
  const [open, inline, close] = tokens.slice(index, index + 3);
  if (open === undefined || close === undefined) return;
  align(open);
  if (inline?.content === '') open.tag = close.tag = 'td';
  else open.attrPush(['scope', 'col']);
}

/** Alignment as a class, because the policy of the page allows no style attribute. */
function align(token: Token | undefined): void {
  const style = token?.attrGet('style');
  if (token !== undefined && style != null) token.attrs = [['class', style.slice('text-align:'.length)]];
}

/** Long lines scroll, so the block is reachable by keyboard. */
function code(content: string, info: string): string {
  const language = info.trim().split(/\s/, 1)[0] ?? '';
  const attribute = CODE_LANGUAGE.test(language) ? ` class="language-${language}"` : '';
  return `<pre tabindex="0"><code${attribute}>${escapeHtml(content)}</code></pre>\n`;
}
