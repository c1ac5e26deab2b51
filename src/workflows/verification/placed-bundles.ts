import type { CID } from 'multiformats/cid';
import { type DatedTree, hasPlace } from '../../edition/layout.ts';
import { FolderPlaces } from './folder-places.ts';
import { type Evidence, refusal } from './judging.ts';

/** A bundle as it was found in a tree of dates. */
export interface PlacedBundle {
  /** Article id, by its place in the tree. */
  id: string;
  /** Absent for the newest revision; else the number below `revisions/`. */
  revision?: number;
  cid: CID;
}

/** A bundle and its place, in words for people; no other one has the same. */
export function placeOf({ id, revision, cid }: PlacedBundle): string {
  return `${id}${revision === undefined ? '' : ` revision ${revision}`} (${cid})`;
}

/**
 * One bundle may lie in several places: each must be its own.
 *
 * @throws {OvnError} `refused`.
 */
export function requirePlace(
  placed: PlacedBundle,
  { identifier, revision }: { identifier: string; revision: number },
): void {
  if (identifier !== placed.id) throw refusal(`${placeOf(placed)} is the article ${identifier}`);
  if ((placed.revision ?? revision) !== revision) throw refusal(`${placeOf(placed)} is revision ${revision}`);
}

/** The levels of a tree of dates, and the names that each may have. */
export const DATE_LEVELS = [
  { name: 'year', pattern: /^\d{4}$/ },
  { name: 'month', pattern: /^(?:0[1-9]|1[0-2])$/ },
  { name: 'day', pattern: /^(?:0[1-9]|[12]\d|3[01])$/ },
  { name: 'article', pattern: /^[a-z0-9-]{1,80}$/ },
];

/** The name of an earlier revision, its number. */
export const REVISION = /^[1-9]\d{0,8}$/;

/** What lies at the top of a category beside its years, pages and feeds. */
export const REVISIONS = 'revisions';
export const CATEGORY_EXTRAS = ['style.css', REVISIONS];

/**
 * Every newest bundle of a tree `YYYY/MM/DD/<slug>`, with its pages passed over.
 *
 * @throws {OvnError} `refused` for a name that has no place in such a tree.
 */
export async function listBundles(root: CID, evidence: Evidence, tree: DatedTree): Promise<PlacedBundle[]> {
  const found: PlacedBundle[] = [];
  const isPage: IsPage = (name, depth, beside) =>
    hasPlace(name, tree, depth, beside) ||
    (tree === 'category' && depth === 0 && CATEGORY_EXTRAS.includes(name));
  await walkDates(root, [], {
    evidence,
    isPage,
    places: new FolderPlaces(),
    take: (id, cid) => void found.push({ id, cid }),
  });
  return found;
}

/** Every bundle of a tree `YYYY/MM/DD/<slug>/<n>` of earlier revisions. */
export async function listRevisions(root: CID, evidence: Evidence): Promise<PlacedBundle[]> {
  const folders: PlacedBundle[] = [];
  const places = new FolderPlaces('revisions');
  await walkDates(root, [], {
    evidence,
    isPage: () => false,
    places,
    take(id, cid) {
      places.enter(cid, [id]);
      folders.push({ id, cid });
    },
  });
  const found: PlacedBundle[] = [];
  for (const { id, cid } of folders) {
    const revisions = await evidence.directory(cid);
    if (revisions.length === 0) throw refusal(`revisions/${id} holds no revision`);
    for (const entry of revisions) {
      if (!REVISION.test(entry.name)) throw refusal(`revisions/${id}/${entry.name} is no revision`);
      found.push({ id, revision: Number(entry.name), cid: entry.cid });
    }
  }
  return found;
}

/** Newest and earlier revisions of a category. */
export async function listCategory(root: CID, evidence: Evidence): Promise<PlacedBundle[]> {
  const bundles = await listBundles(root, evidence, 'category');
  const revisions = (await evidence.directory(root)).find(({ name }) => name === 'revisions');
  if (revisions !== undefined) bundles.push(...(await listRevisions(revisions.cid, evidence)));
  return bundles;
}

type IsPage = (name: string, depth: number, beside: ReadonlySet<string>) => boolean;

/** What is walked: how its pages are known, where its folders lie, and who takes its bundles. */
interface DateWalk {
  evidence: Evidence;
  isPage: IsPage;
  places: FolderPlaces;
  take(id: string, cid: CID): void;
}

/** Every folder leads to an article, and lies in one place. Only the whole tree may be empty. */
async function walkDates(cid: CID, path: readonly string[], walk: DateWalk): Promise<void> {
  const level = DATE_LEVELS[path.length];
  const entries = await walk.evidence.directory(cid);
  const beside = new Set(entries.map(({ name }) => name));
  let folders = 0;
  for (const entry of entries) {
    if (walk.isPage(entry.name, path.length, beside)) continue;
    const here = [...path, entry.name];
    if (level === undefined || !level.pattern.test(entry.name)) {
      throw refusal(`${here.join('/')} is no ${level?.name ?? 'article'}`);
    }
    if (here.length === DATE_LEVELS.length) walk.take(here.join('/'), entry.cid);
    else {
      walk.places.enter(entry.cid, here);
      await walkDates(entry.cid, here, walk);
    }
    folders++;
  }
  if (folders === 0 && path.length > 0) throw refusal(`${path.join('/')} holds no article`);
}
