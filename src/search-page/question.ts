import { keyOf } from '../edition/search/shards.ts';
import { eachTerm } from '../edition/search/words.ts';

/** Words of a question that are looked for; further ones are not. */
const MOST_WORDS = 12;
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
  const terms = new Set<string>();
  eachTerm(question, (term) => terms.add(term));
  const asked = [...terms].slice(0, MOST_WORDS);
  return asked.map((term, at) => {
    const isLong = at === asked.length - 1 || term.length >= LONG || term > '\u2e80';
    return { term, isBeginning: isLong && liesInOneShard(term) };
  });
}

/** Whether all words that begin with a term are in its shard. */
function liesInOneShard(term: string): boolean {
  return keyOf(`${term}x`) === keyOf(term);
}
