import { hash } from 'node:crypto';
import { base32 } from 'multiformats/bases/base32';
import { transliterate } from './transliterate.ts';

/** Characters of a slug, at most. */
export const SLUG_LIMIT = 80;

/**
 * Combining marks that NFKD leaves on Latin, Greek and Cyrillic letters. Ranges of our own, because `\p{M}` follows the version
 * of Unicode that a Node was built with.
 */
const MARKS = /[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]/g;
const OTHER_ASCII = /[^a-z0-9\x80-\uffff]+/g;
const SLUG = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;
const LEADING_DATE = /^\d{4}-\d{2}-\d{2}(?:[-_ ]+|$)/;
const MIN_PROPOSAL = 3;

/** A slug, or why there is none and one that would do. */
export type SlugResult = { slug: string; error?: never } | { error: string; proposal: string };

/**
 * The slug of a text: NFKD, marks dropped, lower case, every run of other ASCII characters one `-`, at most 80 characters
 * (design, "Source text"). What is left outside `[a-z0-9-]` is an error that comes with a proposal.
 */
export function slugify(text: string): SlugResult {
  const slug = reduce(text);
  if (SLUG.test(slug)) return { slug };
  const error = slug === '' ? 'nothing is left of it' : 'it holds other letters than a-z';
  return {
    error: `expected a text that gives a slug of a-z, 0-9 and "-", found "${text}": ${error}`,
    proposal: propose(text),
  };
}

/** The slug of a category's name: as {@link slugify}, else `c-` and ten characters of the base32 of the name's hash. */
export function categorySlug(name: string): string {
  const slug = reduce(name);
  return SLUG.test(slug) ? slug : `c-${shortHash(name)}`;
}

/** What names a source: its file's name without extension and leading date; of `index.md` and the like, its folder's. */
export function nameOfFile(file: string): string {
  const segments = file.split(/[/\\]/);
  const name = withoutExtension(segments.pop() ?? '');
  const named = name === 'index' ? (segments.pop() ?? '') : name;
  return named.replace(LEADING_DATE, '');
}

function withoutExtension(name: string): string {
  const dot = name.lastIndexOf('.');
  return dot > 0 ? name.slice(0, dot) : name;
}

function reduce(text: string): string {
  const folded = text.normalize('NFKD').toLowerCase().replace(MARKS, '');
  return trimHyphens(trimHyphens(folded.replace(OTHER_ASCII, '-')).slice(0, SLUG_LIMIT));
}

function trimHyphens(text: string): string {
  return text.replace(/^-+|-+$/g, '');
}

function propose(text: string): string {
  let ascii = '';
  for (const letter of reduce(text)) ascii += letter < '\x80' ? letter : (transliterate(letter) ?? '-');
  const proposal = reduce(ascii);
  return proposal.length >= MIN_PROPOSAL ? proposal : `a-${shortHash(text)}`;
}

function shortHash(text: string): string {
  const digest = hash('sha256', text.normalize('NFC'), 'buffer');
  return base32.baseEncode(digest).slice(0, 10);
}
