import type Token from 'markdown-it/lib/token.mjs';
import { plainText } from './inline-rules.ts';
import { markdownIt } from './markdown-parser.ts';
import { classifyReference } from './references.ts';

/** A local image of a body. `line` is 1-based within the body. */
export interface ImageReference {
  reference: string;
  alt: string;
  line: number;
}

/** The local images that a body shows, in order: what the bundle must hold. */
export function imageReferences(markdown: string): ImageReference[] {
  if (!markdown.includes('![')) return [];
  const images: ImageReference[] = [];
  let blockLine = 0;
  for (const block of markdownIt.parse(markdown, {})) {
    blockLine = block.map?.[0] ?? blockLine;
    if (block.type === 'inline') images.push(...imagesOf(block, blockLine + 1));
  }
  return images;
}

function imagesOf(block: Token, firstLine: number): ImageReference[] {
  const images: ImageReference[] = [];
  let line = firstLine;
  for (const token of block.children ?? []) {
    if (token.type === 'softbreak' || token.type === 'hardbreak') line++;
    const reference = token.type === 'image' ? classifyReference(token.attrGet('src') ?? '') : undefined;
    if (reference?.kind !== 'local') continue;
    images.push({ reference: reference.path, alt: plainText(token.children).trim(), line });
  }
  return images;
}
