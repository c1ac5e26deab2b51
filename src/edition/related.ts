import type { Archive, Entry } from './archive.ts';
import type { EditionChange } from './change.ts';
import { significantWords } from './significant-words.ts';

/** How many related articles a page shows. */
const RELATED = 3;

/** How many articles before its own, in each of its categories, they are chosen from. */
export const NEAREST = 12;

/**
 * The articles that a page leads on to: of those that were first published shortly before it in its categories, the ones that share
 * the most categories, then the most words of headline and description, then the nearest. A function of the log's order and of
 * these articles as they are now: what is published later changes nothing.
 */
export function relatedTo(entry: Entry, archive: Archive): Entry[] {
  const slugs = new Set(entry.categories.map(({ slug }) => slug));
  const own = new Set(wordsOf(entry));
  const candidates = new Map<string, Candidate>();
  for (const slug of slugs) {
    let distance = 0;
    for (const near of archive.predecessors(entry.id, slug, NEAREST)) {
      const known = candidates.get(near.id);
      if (known !== undefined) known.distance = Math.min(known.distance, distance);
      else if (near.status === 'published') candidates.set(near.id, candidateOf(near, distance, slugs, own));
      distance += 1;
    }
  }
  const ranked = [...candidates.values()].sort(byRank);
  return ranked.slice(0, RELATED).map((candidate) => candidate.entry);
}

interface Candidate {
  entry: Entry;
  /** How many lie between, in the category where they are fewest. */
  distance: number;
  /** How many categories and words both have. */
  categories: number;
  words: number;
}

function candidateOf(
  entry: Entry,
  distance: number,
  slugs: ReadonlySet<string>,
  own: ReadonlySet<string>,
): Candidate {
  let categories = 0;
  for (const { slug } of entry.categories) if (slugs.has(slug)) categories += 1;
  return { entry, distance, categories, words: shared(own, wordsOf(entry)) };
}

function byRank(a: Candidate, b: Candidate): number {
  return (
    b.categories - a.categories ||
    b.words - a.words ||
    a.distance - b.distance ||
    (a.entry.id > b.entry.id ? -1 : 1)
  );
}

/**
 * The articles whose pages a change of another one may change, because it is among those that theirs are chosen from, or was. A new
 * article has none: it is the last.
 */
export function dependentOn({ entry, former }: EditionChange, archive: Archive): Entry[] {
  if (former === undefined || shows(entry) === shows(former)) return [];
  const slugs = new Set([...entry.categories, ...former.categories].map(({ slug }) => slug));
  return [...slugs].flatMap((slug) => archive.successors(entry.id, slug, NEAREST));
}

/** All of an article that the pages of others are made of. */
function shows({ headline, description, categories, status, datePublished, inLanguage }: Entry): string {
  const slugs = categories.map(({ slug }) => slug);
  return JSON.stringify([headline, description, slugs, status, datePublished, inLanguage]);
}

const words = new WeakMap<Entry, readonly string[]>();

/** Each once. */
function wordsOf(entry: Entry): readonly string[] {
  let known = words.get(entry);
  if (known === undefined) {
    known = [...significantWords(`${entry.headline} ${entry.description ?? ''}`)];
    words.set(entry, known);
  }
  return known;
}

function shared(own: ReadonlySet<string>, others: readonly string[]): number {
  let count = 0;
  for (const word of others) if (own.has(word)) count += 1;
  return count;
}
