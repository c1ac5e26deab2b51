import { fold } from '../edition/search/folding.ts';
import { kindOf, SEPARATOR, UNSPACED } from '../edition/search/letters.ts';
import { stem } from '../edition/search/words.ts';
import type { AskedTerm } from './question.ts';

/** A piece of a text, and whether it is what was asked for. */
export interface Piece {
  text: string;
  isMarked: boolean;
}

/** A text in pieces, the words of a question marked. */
export function markWords(text: string, terms: readonly AskedTerm[]): Piece[] {
  const characters = Array.from(text.normalize('NFC'));
  const marked = new Set<number>();
  for (let at = 0; at < characters.length; ) {
    const kind = kindAt(characters, at);
    const start = at;
    do at++;
    while (at < characters.length && (kindAt(characters, at) === kind || isMark(characters[at])));
    if (kind === UNSPACED) markPairs(characters, start, at, terms, marked);
    else if (kind !== SEPARATOR && matches(stem(fold(characters.slice(start, at).join(''))), terms))
      for (let each = start; each < at; each++) marked.add(each);
  }
  return piecesOf(characters, marked);
}

function kindAt(characters: readonly string[], at: number): number {
  return kindOf(characters[at]?.charCodeAt(0) ?? 0);
}

/** What folding leaves out belongs to the word around it. */
function isMark(character = ' '): boolean {
  return fold(character) === '';
}

function matches(word: string, terms: readonly AskedTerm[]): boolean {
  return terms.some(({ term, isBeginning }) => word === term || (isBeginning && word.startsWith(term)));
}

function markPairs(
  characters: readonly string[],
  start: number,
  end: number,
  terms: readonly AskedTerm[],
  marked: Set<number>,
): void {
  for (let at = start; at + 1 < end; at++) {
    const pair = fold(`${characters[at]}${characters[at + 1]}`);
    if (!matches(pair, terms)) continue;
    marked.add(at);
    if (terms.some(({ term }) => term === pair)) marked.add(at + 1);
  }
}

function piecesOf(characters: readonly string[], marked: ReadonlySet<number>): Piece[] {
  const pieces: Piece[] = [];
  for (const [at, character] of characters.entries()) {
    const last = pieces.at(-1);
    const isMarked = marked.has(at);
    if (last?.isMarked === isMarked) last.text += character;
    else pieces.push({ text: character, isMarked });
  }
  return pieces;
}
