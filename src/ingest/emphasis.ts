import { markdownIt } from '../article/markdown-parser.ts';

/** How Markdown marks emphasis. */
type Mark = '*' | '**' | '~~';

const MARKS: readonly Mark[] = ['*', '**', '~~'];
/** Noncharacters, which no text may hold: where a mark is to be written that begins emphasis, and where one that ends it. */
const FIRST_BEGIN = 0xfdd0;
const FIRST_END = 0xfdd8;
const PLACES = /[\ufdd0-\ufdef]/;
const ALL_PLACES = /[\ufdd0-\ufdef]/g;

/** What CommonMark takes for white space and punctuation beside a mark, as markdown-it reads it: by UTF-16 code units. */
const SPACE = /[\s\u1680\u2000-\u200a]/;
const PUNCTUATION = /[\p{P}\p{S}]/u;
/** Punctuation that means nothing in Markdown; a backslash makes so of any. */
const EDGE = /^(?:\\[!-/:-@[-`{-~]|[.,:;?"']|(?![!-~])[\p{P}\p{S}])/u;
const EDGE_BACK = /(?:\\[!-/:-@[-`{-~]|(?<!\\)(?:[.,:;?"']|(?![!-~])[\p{P}\p{S}]))$/u;

/**
 * A text as emphasis. What goes over several blocks, or holds such marks already, is left as it is: the marks would be read as text.
 * Whether they would be is known when all is put together: see {@link writeEmphasis}.
 */
export function emphasised(text: string, mark: Mark): string {
  const words = text.trim();
  if (words === '' || words.includes('\n\n') || words.includes(mark) || holdsMark(words, mark)) return text;
  const kind = MARKS.indexOf(mark);
  const [begin, end] = [FIRST_BEGIN + kind, FIRST_END + kind];
  return `${String.fromCharCode(begin)}${words.replace(/\s*\n\s*/g, ' ')}${String.fromCharCode(end)}`;
}

function holdsMark(words: string, mark: Mark): boolean {
  return MARKS.some(
    (other, kind) => other.includes(mark) && words.includes(String.fromCharCode(FIRST_BEGIN + kind)),
  );
}

interface Place {
  mark: Mark;
  begins: boolean;
  /** Of what it begins or ends; undefined where that is no emphasis. */
  pair: Pair | undefined;
}

interface Pair {
  /** Positions in the list of places. */
  from: number;
  to: number;
  /** Whether it stands in other emphasis. */
  isInner: boolean;
}

/**
 * Writes the marks of {@link emphasised}, as far as CommonMark takes them for marks there (section 6.2, left- and right-flanking). Beside a
 * letter none may have punctuation inside, as is the rule in Chinese and Japanese: that goes out of the emphasis. What then still
 * could not be read is written without marks, and emphasis that follows emphasis of its kind is one.
 */
export function writeEmphasis(markdown: string): string {
  if (!PLACES.test(markdown)) return markdown;
  return markdown
    .split(/(\n{2,})/)
    .map((block) => (PLACES.test(block) ? writeBlock(block) : block))
    .join('');
}

/**
 * What is read back decides: with the marks it must say what it says without. Else those alone are written that stand in no other
 * emphasis, or none.
 */
function writeBlock(block: string): string {
  const bare = block.split(PLACES).join('');
  const words = wordsOf(bare);
  for (const isNested of [true, false]) {
    const written = withMarks(block, isNested);
    if (wordsOf(written) === words) return written;
  }
  return bare;
}

/** Of a block that may stand in a list: there its indent makes no code of it. */
function wordsOf(block: string): string {
  const tokens = markdownIt.parse(block.replace(/^ +/gm, ''), {});
  return tokens
    .map(({ content, children }) => children?.map((child) => child.content).join('') ?? content)
    .join('');
}

function withMarks(block: string, isNested: boolean): string {
  const texts = block.split(PLACES);
  const places = Array.from(block.matchAll(ALL_PLACES), ([place]) => placeOf(place));
  const found = pairs(places);
  for (const pair of found) {
    if (pair.isInner && !isNested) remove(pair, places);
    else settle(pair, texts, places);
  }
  return texts.map((text, at) => text + (places[at]?.pair === undefined ? '' : places[at].mark)).join('');
}

function placeOf(place: string): Place {
  const begins = place.charCodeAt(0) < FIRST_END;
  const kind = place.charCodeAt(0) - (begins ? FIRST_BEGIN : FIRST_END);
  return { mark: MARKS[kind] ?? '*', begins, pair: undefined };
}

/** What begins and ends, inner before outer. */
function pairs(places: readonly Place[]): Pair[] {
  const found: Pair[] = [];
  const open: number[] = [];
  for (const [at, place] of places.entries()) {
    if (place.begins) open.push(at);
    else {
      const from = open.pop();
      const begin = from === undefined ? undefined : places[from];
      if (from === undefined || begin?.mark !== place.mark) continue;
      const pair = { from, to: at, isInner: open.length > 0 };
      begin.pair = pair;
      place.pair = pair;
      found.push(pair);
    }
  }
  return found;
}

/** Takes punctuation out at either end until the marks can stand, or takes the marks away. */
function settle(pair: Pair, texts: string[], places: readonly Place[]): void {
  if (!follows(pair, texts, places) && !canStand(pair, texts, places)) remove(pair, places);
}

function canStand(pair: Pair, texts: string[], places: readonly Place[]): boolean {
  while (!canBegin(pair.from, texts, places)) {
    const edge = EDGE.exec(texts[pair.from + 1] ?? '')?.[0];
    if (edge === undefined) return false;
    texts[pair.from] += edge;
    texts[pair.from + 1] = texts[pair.from + 1]?.slice(edge.length) ?? '';
  }
  while (!canEnd(pair.to, texts, places)) {
    const edge = EDGE_BACK.exec(texts[pair.to] ?? '')?.[0];
    if (edge === undefined) return false;
    texts[pair.to] = texts[pair.to]?.slice(0, -edge.length) ?? '';
    texts[pair.to + 1] = edge + texts[pair.to + 1];
  }
  return texts.slice(pair.from + 1, pair.to + 1).some((text) => text !== '');
}

/** Emphasis right behind emphasis: their marks would be read as one. Of the same kind it goes on, any other goes without marks. */
function follows(pair: Pair, texts: readonly string[], places: readonly Place[]): boolean {
  const before = texts[pair.from] === '' ? places[pair.from - 1] : undefined;
  const begin = places[pair.from];
  if (before?.pair === undefined || before.begins || begin === undefined) return false;
  if (before.mark[0] !== begin.mark[0]) return false;
  if (before.mark !== begin.mark) {
    remove(pair, places);
    return true;
  }
  const end = places[pair.to];
  pair.from = before.pair.from;
  before.pair = undefined;
  begin.pair = undefined;
  const first = places[pair.from];
  if (first !== undefined) first.pair = pair;
  if (end !== undefined) end.pair = pair;
  return false;
}

function remove({ from, to }: Pair, places: readonly Place[]): void {
  for (const at of [from, to]) {
    const place = places[at];
    if (place !== undefined) place.pair = undefined;
  }
}

function canBegin(at: number, texts: readonly string[], places: readonly Place[]): boolean {
  return flanks(inward(at, 1, texts, places), inward(at, -1, texts, places));
}

function canEnd(at: number, texts: readonly string[], places: readonly Place[]): boolean {
  return flanks(inward(at, -1, texts, places), inward(at, 1, texts, places));
}

/** @param inside, outside the characters on either side of a run of marks; '' where there is none */
function flanks(inside: string, outside: string): boolean {
  if (inside === '' || SPACE.test(inside)) return false;
  return !PUNCTUATION.test(inside) || outside === '' || SPACE.test(outside) || PUNCTUATION.test(outside);
}

/** The character next to a mark in one direction; marks of the same character between are one run with it. */
function inward(at: number, step: 1 | -1, texts: readonly string[], places: readonly Place[]): string {
  const own = places[at];
  for (let place = at; place >= 0 && place < places.length; place += step) {
    const other = places[place];
    if (other !== own && other?.pair !== undefined && other.mark[0] !== own?.mark[0])
      return other.mark[0] ?? '';
    const text = texts[step === 1 ? place + 1 : place] ?? '';
    if (text !== '') return (step === 1 ? text[0] : text.at(-1)) ?? '';
  }
  return '';
}
