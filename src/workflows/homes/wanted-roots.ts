import { OvnError } from '../../errors.ts';
import type { StoredHome } from '../../repo/homes.ts';
import { type Repository, requirePaper } from '../../repo/repository.ts';
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
  /** Of which it is. */
  publication: string;
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
 * @throws {OvnError} `not-found` where nothing was published, or for a category that was named and is none; `usage` for a category in a mirror.
 */
export function wantedRoots(
  repository: Repository,
  { categories, pinned = false }: PushChoice,
  home: Pick<StoredHome, 'categories'>,
): { roots: WantedRoot[]; missing: string[] } {
  if (repository.isMirror)
    return { roots: followedRoots(repository, categories ?? home.categories), missing: [] };
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
  return rootOf(repository.publicationId, { cid, subject: 'edition', sequence });
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
    else roots.push(rootOf(repository.publicationId, { cid, subject, sequence }));
  }
  return { roots, missing };
}

function pinnedRoots(repository: Repository): WantedRoot[] {
  const { publicationId } = repository;
  return repository.pins
    .list()
    .map(({ cid, name }) => rootOf(publicationId, { cid, subject: `pin:${name}`, sequence: null }));
}

/** What a mirror holds whole: it is the last good edition of each. */
function followedRoots(repository: Repository, categories: readonly string[] | null): WantedRoot[] {
  if (categories !== null) requirePaper(repository);
  const roots = repository.followed.list().flatMap(({ publication, edition, sequence, whole }) => {
    const subject = `followed:${publication}`;
    return edition !== null && whole ? [rootOf(publication, { cid: edition, subject, sequence })] : [];
  });
  if (roots.length > 0) return roots;
  throw new OvnError('not-found', 'nothing that is followed here is held whole yet', {
    hint: 'ovn sync brings what is missing.',
  });
}

function rootOf(publication: string, what: Pick<WantedRoot, 'cid' | 'subject' | 'sequence'>): WantedRoot {
  return { ...what, publication, pin: pinName(publication, what.subject, what.sequence) };
}
