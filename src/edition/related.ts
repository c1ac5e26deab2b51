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
  const candidates = new Map<string, { candidate: Entry; distance: number }>();
  for (const slug of slugs) {
    for (const [distance, candidate] of archive.predecessors(entry.id, slug, NEAREST).entries()) {
      const known = candidates.get(candidate.id);
      if (known !== undefined) known.distance = Math.min(known.distance, distance);
      else if (candidate.status === 'published') candidates.set(candidate.id, { candidate, distance });
    }
  }
  const own = wordsOf(entry);
  const ranked = Array.from(candidates.values(), ({ candidate, distance }) => ({
    candidate,
    distance,
    categories: candidate.categories.filter(({ slug }) => slugs.has(slug)).length,
    words: shared(own, wordsOf(candidate)),
  }));
  ranked.sort(
    (a, b) =>
      b.categories - a.categories ||
      b.words - a.words ||
      a.distance - b.distance ||
      (a.candidate.id > b.candidate.id ? -1 : 1),
  );
  return ranked.slice(0, RELATED).map(({ candidate }) => candidate);
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

const words = new WeakMap<Entry, Set<string>>();

function wordsOf(entry: Entry): Set<string> {
  let known = words.get(entry);
  if (known === undefined) {
    known = significantWords(`${entry.headline} ${entry.description ?? ''}`);
    words.set(entry, known);
  }
  return known;
}

function shared(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const [less, more] = a.size < b.size ? [a, b] : [b, a];
  let count = 0;
  for (const word of less) if (more.has(word)) count += 1;
  return count;
}
