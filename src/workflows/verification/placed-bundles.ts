import type { CID } from 'multiformats/cid';
import { type DatedTree, hasPlace } from '../../edition/layout.ts';
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
  { name: 'month', pattern: /^\d{2}$/ },
  { name: 'day', pattern: /^\d{2}$/ },
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
  await walkDates(root, [], evidence, isPage, (id, cid) => void found.push({ id, cid }));
  return found;
}

/** Every bundle of a tree `YYYY/MM/DD/<slug>/<n>` of earlier revisions. */
export async function listRevisions(root: CID, evidence: Evidence): Promise<PlacedBundle[]> {
  const folders: PlacedBundle[] = [];
  await walkDates(
    root,
    [],
    evidence,
    () => false,
    (id, cid) => void folders.push({ id, cid }),
  );
  const found: PlacedBundle[] = [];
  for (const { id, cid } of folders) {
    for (const entry of await evidence.directory(cid)) {
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

async function walkDates(
  cid: CID,
  path: readonly string[],
  evidence: Evidence,
  isPage: IsPage,
  take: (id: string, cid: CID) => void,
): Promise<void> {
  const level = DATE_LEVELS[path.length];
  const entries = await evidence.directory(cid);
  const beside = new Set(entries.map(({ name }) => name));
  for (const entry of entries) {
    if (isPage(entry.name, path.length, beside)) continue;
    const here = [...path, entry.name];
    if (level === undefined || !level.pattern.test(entry.name)) {
      throw refusal(`${here.join('/')} is no ${level?.name ?? 'article'}`);
    }
    if (here.length === DATE_LEVELS.length) take(here.join('/'), entry.cid);
    else await walkDates(entry.cid, here, evidence, isPage, take);
  }
}
