import type { ArticleDocument } from '../../article/document.ts';
import { isCommon, isWeak } from './common-words.ts';
import { unmark } from './folding.ts';
import { kindOf, SEPARATOR } from './letters.ts';
import { RunCounter } from './run-counter.ts';
import { eachRun, eachTerm, termOf } from './words.ts';

/** How strongly an article is about a term: 0 and 1 for words of its body, 2 for its summary, categories and authors, 3 for its headline. */
export type Weight = 0 | 1 | 2 | 3;

/** Terms of headline, summary and the like, at most. */
const MOST_HEAD = 48;
/** How many of the terms of a body are kept: those that are used most, early, and as names. */
export const MOST_BODY = 26;
/** Terms before this one count double: what matters comes first in news. */
const EARLY = 100;
/** From so many points on a term of the body has weight 1. */
const STRONG = 5;
/** Characters of a body that are looked at. */
const MOST_TEXT = 64 * 1024;

const SPACE = 0x20;
const NEWLINE = 0x0a;

/** Addresses in Markdown, which nobody searches for. */
const ADDRESSES = /\]\([^)\n]{0,2000}\)|https?:\/\/[^\s<>"]+/g;

/**
 * The terms by which an article is found: lines of terms with a space between them, the strongest first. A function of the article
 * alone. Empty for one that is retracted: it is not found any more. They are kept in the table of articles: whoever changes what
 * this gives adds a migration that fills them in anew, and raises EDITION_TEMPLATE, so that the next publication makes the index anew.
 */
export function articleTerms(document: ArticleDocument): string {
  if (document.status === 'retracted') return '';
  const weights = headTerms(document);
  for (const [term, points] of bestTerms(document.articleBody, weights))
    weights.set(term, points >= STRONG ? 1 : 0);
  const lines: string[] = ['', '', '', ''];
  for (const [term, weight] of weights) {
    const line = lines[3 - weight];
    lines[3 - weight] = line === '' ? term : `${line} ${term}`;
  }
  return lines.join('\n').trimEnd();
}

function headTerms({ headline, description, categories, author = [] }: ArticleDocument): Map<string, Weight> {
  const weights = new Map<string, Weight>();
  const add = (text: string, weight: Weight): void =>
    eachTerm(text, (term) => {
      if (weights.size < MOST_HEAD && !weights.has(term) && !isCommon(term)) weights.set(term, weight);
    });
  add(headline, 3);
  for (const { name } of categories) add(name, 2);
  for (const { name } of author) add(name, 2);
  if (description !== undefined) add(description, 2);
  return weights;
}

/** The terms of a body that say most of what it is about, with their points; `known` ones left out. */
function bestTerms(body: string, known: ReadonlyMap<string, Weight>): Map<string, number> {
  const text = body.length > MOST_TEXT ? body.slice(0, MOST_TEXT).toWellFormed() : body;
  const hasAddresses = text.includes('](') || text.includes('://');
  const { written, folded } = unmark(hasAddresses ? text.replace(ADDRESSES, ' ') : text);
  const hasPlaces = written.length === folded.length;
  const runs = new RunCounter(folded);
  let place = 0;
  eachRun(folded, (start, end, hash) => {
    place += 1;
    runs.add(
      start,
      end,
      hash,
      (place <= EARLY ? 2 : 1) + (hasPlaces && isName(written, folded, start) ? 1 : 0),
    );
  });
  const chosen = new Map<string, number>();
  runs.strongestFirst((start, end, points) => {
    const term = termOf(folded, start, end);
    if (!(known.has(term) || chosen.has(term) || isCommon(term) || isWeak(term))) chosen.set(term, points);
    return chosen.size === MOST_BODY;
  });
  return chosen;
}

/** Whether a word has a capital and does not begin a sentence, as far as the sign before it tells. */
function isName(written: string, folded: string, start: number): boolean {
  if (written.charCodeAt(start) === folded.charCodeAt(start) || written.charCodeAt(start - 1) !== 0x20)
    return false;
  const before = written.charCodeAt(start - 2);
  return before === 0x2c || kindOf(before) !== SEPARATOR;
}

/** Calls `take` for each term of {@link articleTerms}. */
export function readTerms(terms: string, take: (term: string, weight: Weight) => void): void {
  let weight = 3;
  for (let from = 0, at = 0; at <= terms.length; at++) {
    const unit = at === terms.length ? NEWLINE : terms.charCodeAt(at);
    if (unit !== NEWLINE && unit !== SPACE) continue;
    if (at > from) take(terms.slice(from, at), weight as Weight);
    from = at + 1;
    if (unit === NEWLINE) weight -= 1;
  }
}
