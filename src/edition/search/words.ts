import { fold } from './folding.ts';
import { kindTable, LETTER, UNSPACED } from './letters.ts';

/** UTF-16 code units of a term, at most; what is longer is cut. */
export const LONGEST_TERM = 24;

/** Calls `take` for every term of a text, in their order: words, and every two characters of scripts that are written without spaces. */
export function eachTerm(text: string, take: (term: string) => void): void {
  const folded = fold(text);
  eachRun(folded, (start, end) => take(termOf(folded, start, end)));
}

/** The term that a run of a folded text stands for. */
export function termOf(folded: string, start: number, end: number): string {
  return stem(folded.slice(start, end));
}

/** Takes a run of a text, and a hash of its code units. */
export type TakeRun = (start: number, end: number, hash: number) => void;

/** Calls `take` for every run of a folded text that is a term: words of two characters or more, pairs of unspaced ones. */
export function eachRun(folded: string, take: TakeRun): void {
  const kinds = kindTable();
  const { length } = folded;
  for (let at = 0; at < length; ) {
    const start = at;
    let hash = folded.charCodeAt(at++);
    const kind = kinds[hash];
    while (at < length) {
      const unit = folded.charCodeAt(at);
      // The second half of a pair goes with the first.
      if (kinds[unit] !== kind && (unit & 0xfc00) !== 0xdc00) break;
      hash = (Math.imul(hash, 31) + unit) | 0;
      at++;
    }
    if (kind === UNSPACED) eachPair(folded, start, at, take);
    else if (kind === LETTER && at - start > 1) take(start, at, hash);
  }
}

function eachPair(text: string, from: number, to: number, take: TakeRun): void {
  let first = from;
  let second = from + widthAt(text, from);
  if (second >= to) take(from, to, text.charCodeAt(from));
  while (second < to) {
    const end = second + widthAt(text, second);
    take(first, end, Math.imul(text.charCodeAt(first), 31) + text.charCodeAt(end - 1));
    first = second;
    second = end;
  }
}

/** Code units of a character. */
function widthAt(text: string, at: number): number {
  return (text.charCodeAt(at) & 0xfc00) === 0xd800 ? 2 : 1;
}

const LOWER_ASCII = /^[a-z]+$/;
const NO_PLURAL = /(?:[iu]s|ss)$/;
const ARTICLE = /^(?:وال|بال|كال|فال|ال|لل)(?=[\u0620-\u06ff]{3})/;

/** A word without the ending or the article that most often hides it: -s of Latin script, the article of Arabic. */
export function stem(word: string): string {
  const cut = word.length > LONGEST_TERM ? word.slice(0, LONGEST_TERM).toWellFormed() : word;
  const last = cut.charCodeAt(cut.length - 1);
  if (last === 0x73)
    return cut.length > 4 && LOWER_ASCII.test(cut) && !NO_PLURAL.test(cut) ? cut.slice(0, -1) : cut;
  const first = cut.charCodeAt(0);
  return first >= 0x620 && first < 0x700 ? cut.replace(ARTICLE, '') : cut;
}
