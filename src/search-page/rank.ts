import type { Place, WordFile } from './index-files.ts';
import type { AskedTerm } from './question.ts';

/** What a match counts by its weight: in the body, often there, in the summary, in the headline. */
const WEIGHTS = [1, 1.8, 2.6, 4] as const;
/** What a longer word counts that only begins with what is asked for. */
const BEGINNING = 0.6;
/** How much of what the best article has of the question another one must have. */
const ENOUGH = 0.6;

/**
 * The places of the articles that are found, the best first: by how rare the words are that they have (as in BM25), where they have
 * them, and how many of the question's; of equal ones the newest.
 *
 * @param files those that may have each of the terms.
 * @param count articles in all.
 */
export function rank(terms: readonly AskedTerm[], files: readonly WordFile[], count: number): Place[] {
  const found = new Map<Place, { points: number; terms: number }>();
  for (const asked of terms) {
    const matches = matchesOf(asked, files);
    const rarity = Math.log(1 + (Math.max(0, count - matches.size) + 0.5) / (matches.size + 0.5));
    for (const [place, strength] of matches) {
      const article = found.get(place) ?? { points: 0, terms: 0 };
      article.points += rarity * strength;
      article.terms += 1;
      found.set(place, article);
    }
  }
  let most = 0;
  for (const article of found.values()) most = Math.max(most, article.terms);
  return [...found]
    .filter(([, article]) => article.terms >= ENOUGH * most)
    .sort(([a, one], [b, other]) => other.points * other.terms - one.points * one.terms || b - a)
    .map(([place]) => place);
}

/** Articles that have a term, each with the strongest of its matches. A file and the wave before may both name one. */
function matchesOf({ term, isBeginning }: AskedTerm, files: readonly WordFile[]): Map<Place, number> {
  const matches = new Map<Place, number>();
  for (const { words, placeOf } of files) {
    const take = (numbers: readonly number[], factor: number): void => {
      for (const packed of numbers) {
        const place = placeOf(packed >>> 2);
        const strength = (WEIGHTS[packed & 3] ?? 1) * factor;
        if (strength > (matches.get(place) ?? 0)) matches.set(place, strength);
      }
    };
    take(words.get(term) ?? [], 1);
    if (!isBeginning) continue;
    for (const [word, numbers] of words)
      if (word.length > term.length && word.startsWith(term)) take(numbers, BEGINNING);
  }
  return matches;
}
