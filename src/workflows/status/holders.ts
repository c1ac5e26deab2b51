import { type Confirmation, isHeld } from '../../repo/homes.ts';
import { type MirrorSighting, MirrorSightings } from '../../repo/mirror-sightings.ts';
import type { Repository } from '../../repo/repository.ts';
import { type HeldRoot, type Holder, SEEN_DAYS } from './report.ts';
import { DAY } from './times.ts';

/** That somebody else holds all of a root, as it was last seen. */
export interface Sighting {
  cid: string;
  /** Name of a home, or address of a mirror. */
  who: string;
  kind: Holder['kind'];
  /** UTC. */
  at: string;
  how: Holder['how'];
}

/** What homes and mirrors were last seen to hold; asks nobody. */
export function sightingsOf({ homes, meta }: Pick<Repository, 'homes' | 'meta'>): Sighting[] {
  return [...homes.confirmations().flatMap(atHome), ...new MirrorSightings(meta).list().map(atMirror)];
}

function atHome(confirmation: Confirmation): Sighting[] {
  const { home: who, cid, confirmed, readBack, releasing } = confirmation;
  if (releasing) return [];
  if (isHeld(confirmation) && readBack !== null)
    return [{ cid, who, kind: 'home', at: readBack.at, how: 'read-back' }];
  return confirmed === null ? [] : [{ cid, who, kind: 'home', at: confirmed, how: 'said' }];
}

function atMirror({ cid, who, at }: MirrorSighting): Sighting {
  return { cid, who, kind: 'mirror', at, how: 'read-back' };
}

/** What tells where the paper is kept. */
export type Published = Pick<
  Repository,
  'head' | 'formerEditions' | 'categories' | 'pins' | 'editionOf' | 'manifestOf'
>;

/**
 * Who else holds the head edition and each pinned category. Whoever holds an edition holds its categories: they are seen with it. What
 * is pinned under the name of a category and is of no edition here is somebody else's.
 */
export function heldRoots(repository: Published, sightings: readonly Sighting[], now: Date): HeldRoot[] {
  const head = repository.head();
  if (head === undefined) return [];
  const holdersOf = (cids: readonly string[]): Holder[] => holdersAmong(sightings, new Set(cids), now);
  const of = (root: Pick<HeldRoot, 'kind' | 'name' | 'cid' | 'behind'>, holders: Holder[]): HeldRoot => ({
    ...root,
    holders,
    elsewhere: holders.some(({ counts }) => counts),
  });
  const edition = { kind: 'edition', name: String(head.sequence), cid: head.edition, behind: false } as const;
  const editions = [head.edition, ...repository.formerEditions(head.sequence)];
  return [of(edition, holdersOf(editions)), ...pinnedCategories(repository).map(describe)];

  function describe({ name, cid, current }: PinnedCategory): HeldRoot {
    const seen = sightings.map((sighting) => sighting.cid);
    const within = [...new Set(seen)].filter((root) => hasCategory(root, { name, cid }, repository));
    return of({ kind: 'category', name, cid, behind: cid !== current }, holdersOf([cid, ...within]));
  }
}

/** Whether a root is an edition that was made here, and has a category as it is at that CID. */
function hasCategory(
  root: string,
  { name, cid }: Pick<PinnedCategory, 'name' | 'cid'>,
  repository: Pick<Published, 'editionOf' | 'manifestOf'>,
): boolean {
  const edition = repository.editionOf(root);
  return edition !== undefined && repository.manifestOf(edition).categories[name]?.cid === cid;
}

interface PinnedCategory {
  name: string;
  cid: string;
  /** What the category is in the head. */
  current: string;
}

function pinnedCategories(repository: Pick<Repository, 'categories' | 'pins'>): PinnedCategory[] {
  const categories = repository.categories();
  return repository.pins.list().flatMap(({ cid, name, kind }) => {
    const current = kind === 'category' ? categories[name]?.cid : undefined;
    return current === undefined ? [] : [{ name, cid, current }];
  });
}

/** Each of them once: those that count, then the last to be seen. */
function holdersAmong(sightings: readonly Sighting[], cids: ReadonlySet<string>, now: Date): Holder[] {
  const holders = new Map<string, Holder>();
  const all = sightings.filter(({ cid }) => cids.has(cid)).map((sighting) => holderOf(sighting, now));
  all.sort((a, b) => Number(b.counts) - Number(a.counts) || (a.at > b.at ? -1 : 1));
  for (const holder of all) if (!holders.has(holder.who)) holders.set(holder.who, holder);
  return [...holders.values()];
}

function holderOf({ who, kind, at, how }: Sighting, now: Date): Holder {
  const counts = how === 'read-back' && now.getTime() - Date.parse(at) < SEEN_DAYS * DAY;
  return { who, kind, at, how, counts };
}
