import { CID } from 'multiformats/cid';
import type { Head } from '../../repo/head.ts';
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
  'head' | 'formerEditions' | 'categories' | 'pins' | 'editionOf' | 'manifests' | 'manifestOf' | 'blockstore'
>;

/** Editions that are looked through for a category that the newest does not have at that CID. */
const MOST_EDITIONS = 1000;

/** Who else holds the head edition, and each category of an edition of ours that is pinned. */
export function heldRoots(repository: Published, sightings: readonly Sighting[], now: Date): HeldRoot[] {
  const head = repository.head();
  if (head === undefined) return [];
  const edition = { kind: 'edition', name: String(head.sequence), cid: head.edition, behind: false } as const;
  const categories = pinnedCategories(repository).map((pinned): HeldRoot => {
    const { name, cid, behind } = pinned;
    const roots = [cid, ...editionsWith(pinned, sightings, repository)];
    return describe({ kind: 'category', name, cid, behind }, holdersAmong(sightings, roots, now));
  });
  return [describe(edition, holdersOfHead(repository, sightings, now) ?? []), ...categories];
}

/** Who else holds the head edition; `undefined` where nothing is published. */
export function holdersOfHead(
  repository: Pick<Published, 'head' | 'formerEditions'>,
  sightings: readonly Sighting[],
  now: Date,
): Holder[] | undefined {
  const head = repository.head();
  if (head === undefined) return undefined;
  return holdersAmong(sightings, [head.edition, ...repository.formerEditions(head.sequence)], now);
}

function describe(root: Omit<HeldRoot, 'holders' | 'elsewhere'>, holders: Holder[]): HeldRoot {
  return { ...root, holders, elsewhere: holders.some(({ counts }) => counts) };
}

interface PinnedCategory {
  name: string;
  cid: string;
  /** What is in the head is another. */
  behind: boolean;
}

/** What is pinned as a category and is of no edition here is somebody else's, whatever its name. */
function pinnedCategories(repository: Published): PinnedCategory[] {
  const categories = repository.categories();
  return repository.pins.list().flatMap(({ cid, name, kind }) => {
    const pinned = { name, cid, behind: categories[name]?.cid !== cid };
    const isOurs =
      kind === 'category' &&
      (!pinned.behind || repository.manifests(MOST_EDITIONS).some((head) => has(head, pinned, repository)));
    return isOurs ? [pinned] : [];
  });
}

/** Whoever holds an edition holds its categories: the editions that were seen and have it. */
function editionsWith(
  pinned: PinnedCategory,
  sightings: readonly Sighting[],
  repository: Published,
): string[] {
  const seen = new Set(sightings.map(({ cid }) => cid));
  return [...seen].filter((root) => {
    const edition = repository.editionOf(root);
    return edition !== undefined && has(edition, pinned, repository);
  });
}

/** Whether an edition has a category as it was pinned. */
function has(
  edition: Head,
  { name, cid }: PinnedCategory,
  repository: Pick<Published, 'manifestOf' | 'blockstore'>,
): boolean {
  if (!repository.blockstore.has(CID.parse(edition.manifest))) return false;
  return repository.manifestOf(edition).categories[name]?.cid === cid;
}

/** Each of them once: those that count, then the last to be seen. */
function holdersAmong(sightings: readonly Sighting[], roots: readonly string[], now: Date): Holder[] {
  const cids = new Set(roots);
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
