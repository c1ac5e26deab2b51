import { fold } from './folding.ts';
import { kindOf, LETTER, UNSPACED } from './letters.ts';

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

/** Calls `take` for every run of a folded text that is a term: words of two characters or more, pairs of unspaced ones. */
export function eachRun(folded: string, take: (start: number, end: number) => void): void {
  const { length } = folded;
  for (let at = 0; at < length; ) {
    const kind = kindOf(folded.charCodeAt(at));
    const start = at;
    do at++;
    while (at < length && goesOn(kind, folded.charCodeAt(at)));
    if (kind === UNSPACED) eachPair(folded, start, at, take);
    else if (kind === LETTER && at - start > 1) take(start, at);
  }
}

/** Whether a code unit goes on with a run of a kind. The second half of a pair goes with the first. */
function goesOn(kind: number, unit: number): boolean {
  return kindOf(unit) === kind || (unit & 0xfc00) === 0xdc00;
}

function eachPair(text: string, from: number, to: number, take: (start: number, end: number) => void): void {
  let first = from;
  let second = from + widthAt(text, from);
  if (second >= to) take(from, to);
  while (second < to) {
    const end = second + widthAt(text, second);
    take(first, end);
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
