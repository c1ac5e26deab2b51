/** What no style may hide, wherever it stands: whose paper it is, headline, categories, dates, notices, text, and the way to keep it. On lists, what was corrected. */
export const GUARDED_CLASSES: readonly string[] = [
  'outlet',
  'tagline',
  'sections',
  'byline',
  'notice',
  'corrections',
  'corrected',
  'notices',
  'download',
];

const GUARDED = `:is(${GUARDED_CLASSES.map((name) => `.${name}`).join(',')},.story>.body,.story .body,h1)`;

/** Holds for them, for what they stand in, and for what stands in them. */
const PINNED: readonly (readonly [property: string, value: string])[] = [
  ['visibility', 'visible'],
  ['content-visibility', 'visible'],
  ['opacity', '1'],
  ['position', 'static'],
  ['transform', 'none'],
  ['translate', 'none'],
  ['rotate', 'none'],
  ['scale', 'none'],
  ['offset-path', 'none'],
  ['zoom', '1'],
  ['clip', 'auto'],
  ['clip-path', 'none'],
  ['mask', 'none'],
  ['-webkit-mask-box-image', 'none'],
  ['filter', 'none'],
  ['contain', 'none'],
  ['overflow', 'visible'],
  ['block-size', 'auto'],
  ['max-block-size', 'none'],
  ['text-indent', '0'],
  ['content', 'normal'],
  ['pointer-events', 'auto'],
  ['font-size-adjust', 'none'],
  ['-webkit-text-fill-color', 'currentcolor'],
  ['-webkit-text-security', 'none'],
  ['-webkit-line-clamp', 'none'],
  ['animation', 'none'],
  ['transition', 'none'],
];

/**
 * What a published style.css begins with. Of important declarations those of the first layer win, whatever comes after it, and a layer
 * without a name cannot be opened again (CSS Cascading and Inheritance 5, sections 6.1 and 6.4.4). `:has()` has rules of its own: a
 * browser that does not know it drops those alone.
 * Code and tables are scrolled where they are too wide.
 */
export const GUARD_STYLE = `@layer {
${GUARDED}, ${GUARDED} :not(pre, .table, .visually-hidden) { ${declarations(PINNED)} }
${GUARDED} :is(pre, .table) { ${declarations(PINNED.filter(([property]) => property !== 'overflow'))} }
:has(${GUARDED}) { ${declarations(PINNED)} }
}
`;

function declarations(pinned: typeof PINNED): string {
  return pinned.map(([property, value]) => `${property}: ${value} !important;`).join(' ');
}
