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

const LEVELS = [/^\d{4}$/, /^\d{2}$/, /^\d{2}$/, /^[a-z0-9-]{1,80}$/];
const PAGE = 'index.html';
const REVISION = /^[1-9]\d*$/;

/** The bundles in a tree of dates: the newest revisions. Beside the folders stand pages, at the top also `others`. */
export function listNewest(
  store: Store,
  folder: readonly string[],
  others: readonly string[] = [],
): Promise<PlacedBundle[]> {
  return descend(store, folder, [], [PAGE, ...others]);
}

/** The bundles in a tree of dates with a folder for each revision of each article. */
export async function listEarlier(store: Store, folder: readonly string[]): Promise<PlacedBundle[]> {
  const articles = await descend(store, folder, [], []);
  const found: PlacedBundle[] = [];
  for (const { path, id } of articles) {
    for (const [name, cid] of (await store.list(path)) ?? []) {
      if (!REVISION.test(name) || !isDagPb(cid))
        throw new Refused(`${path.join('/')}/${name} has no place there`);
      found.push({ path: [...path, name], id, revision: Number(name), cid });
    }
  }
  return found;
}

async function descend(
  store: Store,
  folder: readonly string[],
  names: readonly string[],
  others: readonly string[],
): Promise<PlacedBundle[]> {
  const level = LEVELS[names.length];
  const here = [...folder, ...names];
  const found: PlacedBundle[] = [];
  for (const [name, cid] of (await store.list(here)) ?? []) {
    if (others.includes(name)) continue;
    if (!level?.test(name) || !isDagPb(cid))
      throw new Refused(`${[...here, name].join('/')} has no place there`);
    const below = [...names, name];
    const pages = others.filter((other) => other === PAGE);
    if (below.length < LEVELS.length) found.push(...(await descend(store, folder, below, pages)));
    else found.push({ path: [...here, name], id: below.join('/'), cid });
  }
  return found;
}
