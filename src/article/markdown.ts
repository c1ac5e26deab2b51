import type Token from 'markdown-it/lib/token.mjs';
import type { Finding } from '../errors.ts';
import { BLOCK_RULES } from './block-rules.ts';
import { type BodyOptions, BodyState } from './body-state.ts';
import { INLINE_RULES } from './inline-rules.ts';
import { markdownIt } from './markdown-parser.ts';

export { type ImageReference, imageReferences } from './image-references.ts';

/** A body as HTML, what is to be said about it, and the local images that it asks for (normalised, in order, each once). */
export interface RenderedBody {
  html: string;
  findings: Finding[];
  references: string[];
}

/** Blocks inside blocks that markdown-it reads; what lies deeper, it leaves out. */
const NESTING = 100;

const { renderer } = markdownIt;
Object.assign(renderer.rules, BLOCK_RULES, INLINE_RULES);

/**
 * Markdown (CommonMark with tables) as HTML for a bundle's page. Raw HTML shows as text; links and images that must not
 * survive are shown as text or as a link, each with a warning (design, "Links").
 */
export function renderBody(markdown: string, options: BodyOptions): RenderedBody {
  const state = new BodyState(options);
  const tokens = markdownIt.parse(markdown, {});
  let html = '';
  for (let index = 0; index < tokens.length; index++) html += writeToken(tokens, index, state);
  return { html, findings: state.findings, references: [...state.references] };
}

function writeToken(tokens: Token[], index: number, state: BodyState): string {
  const token = tokens[index];
  if (token === undefined) return '';
  if (token.map !== null) state.moveTo(token.map[0]);
  if (token.level === NESTING - 1 && token.nesting === 1) {
    state.warn(`blocks are nested ${NESTING} deep: what lies deeper is not shown`);
  }
  if (token.type === 'inline') return renderer.renderInline(token.children ?? [], markdownIt.options, state);
  const rule = renderer.rules[token.type];
  if (rule === undefined) return renderer.renderToken(tokens, index, markdownIt.options);
  return rule(tokens, index, markdownIt.options, state, renderer);
}
