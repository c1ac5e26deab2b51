import MarkdownIt from 'markdown-it';
import type Token from 'markdown-it/lib/token.mjs';

/** Markdown as other programs take it: with HTML in it. */
const FOREIGN = new MarkdownIt('default', { html: true, linkify: false, typographer: false });
FOREIGN.validateLink = () => true;

/** A heading, paragraph, list or other block at the top of a text. `from` and `to` are lines; `to` is behind it. */
export interface Block {
  tokens: Token[];
  from: number;
  to: number;
}

/** The blocks of a text, and how they are shown as HTML. */
export function readBlocks(markdown: string): { blocks: Block[]; render(tokens: Token[]): string } {
  const env = {};
  const blocks: Block[] = [];
  for (const token of FOREIGN.parse(markdown, env)) {
    if (token.level === 0 && token.nesting >= 0 && token.map !== null) {
      blocks.push({ tokens: [], from: token.map[0], to: token.map[1] });
    }
    blocks.at(-1)?.tokens.push(token);
  }
  return { blocks, render: (tokens) => FOREIGN.renderer.render(tokens, FOREIGN.options, env) };
}

/** All tokens of a block, those inside its lines too. */
export function* allTokens(tokens: readonly Token[]): Generator<Token> {
  for (const token of tokens) {
    yield token;
    if (token.children !== null) yield* allTokens(token.children);
  }
}
