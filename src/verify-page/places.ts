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
/** Pages, feeds and sitemaps beside the folders of a tree of dates (`isSiteFile` of the program). */
const SITE_FILE = /^(?:[a-z0-9-]{1,80}\.html|feed\.(?:json|atom)|sitemap\.xml)$/;
const REVISION = /^[1-9]\d*$/;

/** Whether a name is that of a page or feed, and of no folder. */
export function isSiteFile(name: string): boolean {
  return SITE_FILE.test(name);
}

/** The bundles in a tree of dates: the newest revisions. Beside the folders stand pages, at the top also `others`. */
export function listNewest(
  store: Store,
  folder: readonly string[],
  others: readonly string[] = [],
): Promise<PlacedBundle[]> {
  return descend(store, folder, [], others, isSiteFile);
}

/** The bundles in a tree of dates with a folder for each revision of each article. */
export async function listEarlier(store: Store, folder: readonly string[]): Promise<PlacedBundle[]> {
  const articles = await descend(store, folder, [], [], () => false);
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
  isFile: (name: string) => boolean,
): Promise<PlacedBundle[]> {
  const level = LEVELS[names.length];
  const here = [...folder, ...names];
  const found: PlacedBundle[] = [];
  for (const [name, cid] of (await store.list(here)) ?? []) {
    if (isFile(name) || others.includes(name)) continue;
    if (!level?.test(name) || !isDagPb(cid))
      throw new Refused(`${[...here, name].join('/')} has no place there`);
    const below = [...names, name];
    if (below.length < LEVELS.length) found.push(...(await descend(store, folder, below, [], isFile)));
    else found.push({ path: [...here, name], id: below.join('/'), cid });
  }
  return found;
}
