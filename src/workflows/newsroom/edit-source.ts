import { isDeepStrictEqual } from 'node:util';
import { type CategoryDecisions, slugOfName } from '../../article/category-names.ts';
import { type CategoryEdit, writeCategory, writtenCategories } from '../../article/write-categories.ts';
import { OvnError } from '../../errors.ts';
import type { Repository } from '../../repo/repository.ts';
import { locate } from '../../repo/source-files.ts';
import type { CategorySource } from './category-sources.ts';
import type { NamedCategory } from './known-category.ts';
import type { FileChange } from './write-together.ts';

/** What becomes of the categories of a source: out of one, into another, or both. */
export interface CategoryMove {
  /** Slug. */
  from?: string | undefined;
  to?: NamedCategory | undefined;
}

export interface EditedSource extends CategorySource {
  edited: string;
  newNames: string[];
  newSlugs: string[];
}

/**
 * A source with its categories changed; nothing where it is not in the one, or is in the other already.
 *
 * @param decided what ovn.json says from then on.
 * @throws {OvnError} `source` for one that would be in no category, or into which it cannot be written.
 */
export function editSource(
  source: CategorySource,
  move: CategoryMove,
  decided: CategoryDecisions,
): EditedSource | undefined {
  let edited = source.text;
  const edits = editsOf(source, move);
  if (edits.length === 0) return undefined;
  for (const edit of edits) {
    const written = writeCategory(edited, edit);
    if (written === undefined) throw unwritable(source, move);
    edited = written;
  }
  const newNames = (writtenCategories(edited) ?? []).map((name) => name.normalize('NFC'));
  const newSlugs = newNames.map((name) => slugOfName(name, decided));
  if (newSlugs.length === 0)
    throw new OvnError('source', `${source.source} would be in no category`, {
      hint: '--to says into which it moves.',
    });
  const { from, to } = move;
  const kept = source.slugs.filter((slug) => slug !== from && slug !== to?.slug);
  const others = newSlugs.filter((slug) => slug !== to?.slug);
  if (!isDeepStrictEqual(kept, others) || (to !== undefined && !newSlugs.includes(to.slug)))
    throw unwritable(source, move);
  return { ...source, edited, newNames, newSlugs };
}

/** What writing edited sources changes. */
export function fileChanges({ dir }: Repository, edited: readonly EditedSource[]): FileChange[] {
  return edited.map(({ source, text, edited: after }) => ({
    file: locate(dir, source),
    before: text,
    after,
  }));
}

/** From the last name to the first, so that the places of those that follow stay. */
function editsOf({ slugs }: CategorySource, { from, to }: CategoryMove): CategoryEdit[] {
  const places = slugs.flatMap((slug, at) => (slug === from ? [at] : []));
  if (from !== undefined && places.length === 0) return [];
  const isThere = to !== undefined && slugs.includes(to.slug);
  const [first, ...rest] = places;
  const removals = (isThere || to === undefined ? places : rest).toReversed();
  const edits = removals.map((at): CategoryEdit => ({ kind: 'remove', at }));
  if (to === undefined || isThere) return edits;
  return [
    ...edits,
    first === undefined ? { kind: 'add', name: to.name } : { kind: 'replace', at: first, name: to.name },
  ];
}

function unwritable({ source }: CategorySource, { from, to }: CategoryMove): OvnError {
  const what = to === undefined ? `${from} cannot be taken out of` : `${to.name} cannot be written into`;
  return new OvnError('source', `${source}: ${what} its front matter; nothing was changed`, {
    hint: 'Write it by hand, and run it again for the others.',
  });
}
