import { type DatedTree, hasPlace } from '../site-files.ts';
import { isDagPb } from './cid.ts';
import { Refused } from './failure.ts';
import type { Store } from './store.ts';

/** A bundle in an edition, by where it stands. */
export interface PlacedBundle {
  path: string[];
  /** Article id. */
  id: string;
  /** Of an earlier revision; `undefined` for the newest. */
  revision?: number;
  cid: string;
}

const LEVELS = [/^\d{4}$/, /^(?:0[1-9]|1[0-2])$/, /^(?:0[1-9]|[12]\d|3[01])$/, /^[a-z0-9-]{1,80}$/];
const REVISION = /^[1-9]\d*$/;

/** Which files stand beside the folders of a tree. */
type IsFile = (name: string, depth: number, beside: ReadonlyMap<string, string>) => boolean;

/** The bundles in a tree of dates: the newest revisions. Beside the folders stand pages and feeds, each in its place, and at the top of a category `others`. */
export function listNewest(
  store: Store,
  folder: readonly string[],
  tree: DatedTree,
  others: readonly string[] = [],
): Promise<PlacedBundle[]> {
  const isFile: IsFile = (name, depth, beside) =>
    hasPlace(name, tree, depth, beside) || (depth === 0 && others.includes(name));
  return descend(store, folder, [], isFile);
}

/** The bundles in a tree of dates with a folder for each revision of each article. */
export async function listEarlier(store: Store, folder: readonly string[]): Promise<PlacedBundle[]> {
  const articles = await descend(store, folder, [], () => false);
  const found: PlacedBundle[] = [];
  if (new Set(articles.map(({ cid }) => cid)).size < articles.length)
    throw new Refused(`${folder.join('/')}: two articles have one folder`);
  for (const { path, id } of articles) {
    const revisions = (await store.list(path)) ?? new Map<string, string>();
    if (revisions.size === 0) throw new Refused(`${path.join('/')} is empty`);
    for (const [name, cid] of revisions) {
      if (!REVISION.test(name) || !isDagPb(cid))
        throw new Refused(`${path.join('/')}/${name} has no place there`);
      found.push({ path: [...path, name], id, revision: Number(name), cid });
    }
  }
  return found;
}

/**
 * Every folder leads to an article, and lies in one place: a few that lead to each other many times over would be a tree without end.
 *
 * @param met folders that were gone into, by their CIDs.
 */
async function descend(
  store: Store,
  folder: readonly string[],
  names: readonly string[],
  isFile: IsFile,
  met = new Set<string>(),
): Promise<PlacedBundle[]> {
  const level = LEVELS[names.length];
  const here = [...folder, ...names];
  const found: PlacedBundle[] = [];
  const inside = (await store.list(here)) ?? new Map<string, string>();
  for (const [name, cid] of inside) {
    if (isFile(name, names.length, inside)) continue;
    if (!level?.test(name) || !isDagPb(cid))
      throw new Refused(`${[...here, name].join('/')} has no place there`);
    const below = [...names, name];
    if (below.length === LEVELS.length) found.push({ path: [...here, name], id: below.join('/'), cid });
    else if (met.size === met.add(cid).size)
      throw new Refused(`${[...here, name].join('/')} is a folder that lies elsewhere too`);
    else found.push(...(await descend(store, folder, below, isFile, met)));
  }
  if (found.length === 0 && names.length > 0) throw new Refused(`${here.join('/')} holds no article`);
  return found;
}
