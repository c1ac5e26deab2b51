import { OvnError } from '../../errors.ts';
import type { StoredHome } from '../../repo/homes.ts';
import type { Repository } from '../../repo/repository.ts';
import { pinName } from './home-effects.ts';

/** What is to be pushed; where nothing is said, what each home was added for. */
export interface PushChoice {
  /** Slugs, in place of what a home was added for. */
  categories?: readonly string[] | undefined;
  /** What is pinned here, in place of it or beside the categories. */
  pinned?: boolean | undefined;
}

/** A DAG that a home is to keep. */
export interface WantedRoot {
  cid: string;
  /** See `Confirmation`. */
  subject: string;
  sequence: number | null;
  /** Name of its pin. */
  pin: string;
}

/**
 * What a home is to keep now.
 *
 * @returns also the slugs that it was added for and that the head edition does not have.
 * @throws {OvnError} `not-found` where nothing was published, or for a category that was named and is none.
 */
export function wantedRoots(
  repository: Repository,
  { categories, pinned = false }: PushChoice,
  home: Pick<StoredHome, 'categories'>,
): { roots: WantedRoot[]; missing: string[] } {
  const named = categories ?? (pinned ? [] : home.categories);
  const edition = named === null ? [editionRoot(repository)] : [];
  const found = categoryRoots(repository, named ?? []);
  if (categories !== undefined && found.missing.length > 0) {
    throw new OvnError('not-found', `the head edition has no category ${found.missing.join(', ')}`, {
      hint: 'ovn categories shows what it has.',
    });
  }
  const pins = pinned ? pinnedRoots(repository) : [];
  return { roots: [...edition, ...found.roots, ...pins], missing: found.missing };
}

function editionRoot(repository: Repository): WantedRoot {
  const head = repository.head();
  if (head === undefined || head.edition === '') {
    throw new OvnError('not-found', 'nothing was published here yet', { hint: 'ovn publish publishes.' });
  }
  const { edition: cid, sequence } = head;
  const pin = pinName(repository.publicationId, 'edition', sequence);
  return { cid, subject: 'edition', sequence, pin };
}

function categoryRoots(
  repository: Repository,
  slugs: readonly string[],
): { roots: WantedRoot[]; missing: string[] } {
  const categories = repository.categories();
  const sequence = repository.head()?.sequence ?? null;
  const roots: WantedRoot[] = [];
  const missing: string[] = [];
  for (const slug of new Set(slugs)) {
    const cid = categories[slug]?.cid;
    const subject = `category:${slug}`;
    if (cid === undefined) missing.push(slug);
    else roots.push({ cid, subject, sequence, pin: pinName(repository.publicationId, subject, sequence) });
  }
  return { roots, missing };
}

function pinnedRoots(repository: Repository): WantedRoot[] {
  return repository.pins.list().map(({ cid, name }) => {
    const subject = `pin:${name}`;
    return { cid, subject, sequence: null, pin: pinName(repository.publicationId, subject, null) };
  });
}
