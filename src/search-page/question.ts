import { kindOf, UNSPACED } from '../edition/search/letters.ts';
import { keyOf } from '../edition/search/shards.ts';
import { eachTerm } from '../edition/search/words.ts';

/** Words of a question that are looked for, the longest ones: each costs a file a year. */
const MOST_WORDS = 6;
/** From so many letters on a word finds what begins with it, be it the last one or not. */
const LONG = 4;

/** One term of a question. */
export interface AskedTerm {
  term: string;
  /** Whether it finds all words that begin with it, too. */
  isBeginning: boolean;
}

/** The terms of a question. The last one may be a word that is still being written. */
export function termsOf(question: string): AskedTerm[] {
  const all: string[] = [];
  eachTerm(question, (term) => all.push(term));
  const terms = [...new Set(withoutOverlaps(all))];
  const longest = new Set(terms.toSorted((a, b) => b.length - a.length).slice(0, MOST_WORDS));
  const last = terms.at(-1);
  return terms
    .filter((term) => longest.has(term))
    .map((term) => {
      const isLong = term === last || term.length >= LONG || term > '\u2e80';
      return { term, isBeginning: isLong && liesInOneShard(term) };
    });
}

/** Of pairs that overlap in a row every second one, and the last: together they have all of its characters. */
function withoutOverlaps(terms: readonly string[]): string[] {
  const kept: string[] = [];
  for (const [at, term] of terms.entries())
    if (!overlap(kept.at(-1), term) || !overlap(term, terms[at + 1])) kept.push(term);
  return kept;
}

function overlap(a = '', b = ''): boolean {
  return kindOf(a.charCodeAt(0)) === UNSPACED && a.length > 1 && b.length > 1 && a.at(-1) === b.at(0);
}

/** Whether all words that begin with a term are in its shard. */
function liesInOneShard(term: string): boolean {
  return keyOf(`${term}x`) === keyOf(term);
}
