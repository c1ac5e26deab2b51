import { diffArrays } from 'diff';
import type { ArticleDocument, Correction } from './document.ts';

/** A piece of a text before and after: in both, only before, or only after. */
export interface Piece {
  kind: 'same' | 'removed' | 'added';
  text: string;
}

/** Lines of the body that are equal, or the words of lines that are not. */
export type Passage = { kind: 'same'; lines: string[] } | { kind: 'changed'; pieces: Piece[] };

/** What is different between two revisions of an article. */
export interface Differences {
  headline: Piece[];
  summary: Piece[];
  body: Passage[];
  /** Corrections that the later one has and the earlier one has not: the reasons that are given. */
  reasons: Correction[];
}

/**
 * Edits that are looked for, at most: of lines, of the words of one passage, and of words in all. What is further apart
 * is shown as removed and added in whole, so that no article can take long to compare.
 */
const MOST_EDITS = { lines: 2000, words: 500, total: 40_000 } as const;

/**
 * A run of space, a line's end, a character that is a word of its own (ASCII punctuation, ideographs, kana, hangul), or a
 * run of others. Code points, not Unicode classes: those differ between versions of Node.
 */
const TOKEN =
  /\n|[ \t\r\u00a0\u3000]+|[!-/:-@[-`{-~\u2010-\u2027\u3001-\u30ff\u3400-\u9fff\uac00-\ud7af\uff00-\uffef]|[^\n \t\r\u00a0\u3000!-/:-@[-`{-~\u2010-\u2027\u3001-\u30ff\u3400-\u9fff\uac00-\ud7af\uff00-\uffef]+/g;
const BLANK = /^[ \t\r\u00a0\u3000]*$/;

/** Compares headline, summary and body of two revisions: a pure function of both article.json. */
export function compareArticles(before: ArticleDocument, after: ArticleDocument): Differences {
  const budget = { left: MOST_EDITS.total };
  return {
    headline: compareWords(before.headline, after.headline, budget),
    summary: compareWords(before.description ?? '', after.description ?? '', budget),
    body: compareLines(before.articleBody, after.articleBody, budget),
    reasons: addedCorrections(before.correction ?? [], after.correction ?? []),
  };
}

/** Whether a text is the same in both. */
export function isSame(pieces: readonly Piece[]): boolean {
  return pieces.every(({ kind }) => kind === 'same');
}

/** Corrections of the later list that the earlier one has not; one that stands there twice counts twice. */
export function addedCorrections(before: readonly Correction[], after: readonly Correction[]): Correction[] {
  const known = before.map(keyOf);
  return after.filter((entry) => {
    const at = known.indexOf(keyOf(entry));
    if (at !== -1) known.splice(at, 1);
    return at === -1;
  });
}

function keyOf({ kind, datePublished, text }: Correction): string {
  return JSON.stringify([kind, datePublished, text]);
}

interface Budget {
  left: number;
}

function compareLines(before: string, after: string, budget: Budget): Passage[] {
  const passages: Passage[] = [];
  const found = compare(linesOf(before), linesOf(after), MOST_EDITS.lines);
  for (let at = 0; at < found.length; at++) {
    const piece = found[at];
    if (piece === undefined) continue;
    if (piece.kind === 'same') {
      passages.push({ kind: 'same', lines: piece.tokens });
      continue;
    }
    const next = found[at + 1];
    const isPair = piece.kind === 'removed' && next?.kind === 'added';
    if (isPair) at += 1;
    const [removed, added] = isPair ? [piece, next] : piece.kind === 'added' ? [undefined, piece] : [piece];
    const pieces = compareWords(textOf(removed?.tokens), textOf(added?.tokens), budget);
    passages.push({ kind: 'changed', pieces });
  }
  return passages;
}

function compareWords(before: string, after: string, budget: Budget): Piece[] {
  if (before === '' || after === '' || before === after) return whole(before, after);
  const limit = Math.min(MOST_EDITS.words, budget.left);
  const found = compare(before.match(TOKEN) ?? [], after.match(TOKEN) ?? [], limit);
  const pieces = joinAcrossSpace(found.map(({ kind, tokens }) => ({ kind, text: tokens.join('') })));
  const edits = found.reduce((sum, { kind, tokens }) => sum + (kind === 'same' ? 0 : tokens.length), 0);
  budget.left -= Math.min(edits, limit);
  return pieces;
}

function whole(before: string, after: string): Piece[] {
  if (before === after) return before === '' ? [] : [{ kind: 'same', text: before }];
  return pair(before, after);
}

interface Run {
  kind: Piece['kind'];
  tokens: string[];
}

/** Myers' algorithm as jsdiff has it; the very version decides bytes of changes.html. What was removed comes first. */
function compare(before: string[], after: string[], maxEditLength: number): Run[] {
  const found = diffArrays(before, after, { maxEditLength });
  if (found === undefined) {
    return [
      { kind: 'removed', tokens: before },
      { kind: 'added', tokens: after },
    ];
  }
  return found.map(({ value, added, removed }) => ({
    kind: added ? 'added' : removed ? 'removed' : 'same',
    tokens: value,
  }));
}

/** Words that were replaced one after the other are one change, not one a word. */
function joinAcrossSpace(pieces: readonly Piece[]): Piece[] {
  const joined: Piece[] = [];
  let removed = '';
  let added = '';
  for (const [at, { kind, text }] of pieces.entries()) {
    const isBetween = removed !== '' && added !== '' && at + 1 < pieces.length && BLANK.test(text);
    if (kind === 'removed' || (kind === 'same' && isBetween)) removed += text;
    if (kind === 'added' || (kind === 'same' && isBetween)) added += text;
    if (kind !== 'same' || isBetween) continue;
    const space = commonSpace(removed, added);
    joined.push(...pair(withoutEnd(removed, space), withoutEnd(added, space)));
    joined.push({ kind, text: space + text });
    removed = '';
    added = '';
  }
  return [...joined, ...pair(removed, added)];
}

/** Space at the end of both was not changed. */
function commonSpace(removed: string, added: string): string {
  let length = 0;
  while (BLANK.test(removed.slice(-length - 1)) && isTail(removed, added, length + 1)) length += 1;
  return length === 0 ? '' : removed.slice(-length);
}

function withoutEnd(text: string, end: string): string {
  return text.slice(0, text.length - end.length);
}

function isTail(removed: string, added: string, length: number): boolean {
  return length <= removed.length && length <= added.length && added.endsWith(removed.slice(-length));
}

function pair(removed: string, added: string): Piece[] {
  const pieces: Piece[] = [];
  if (removed !== '') pieces.push({ kind: 'removed', text: removed });
  if (added !== '') pieces.push({ kind: 'added', text: added });
  return pieces;
}

/** A line's end at the very end makes no line. */
function linesOf(text: string): string[] {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

function textOf(lines: readonly string[] = []): string {
  return lines.join('\n');
}
