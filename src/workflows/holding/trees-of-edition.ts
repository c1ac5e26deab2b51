import { pageBeside } from '../../article/addresses.ts';
import { isPageBeside, isSiteFile } from '../../edition/layout.ts';
import type { FollowChoice } from '../../repo/followed.ts';
import type { DirectoryEntry } from '../../unixfs/directory.ts';
import { refusal } from '../verification/judging.ts';
import { CATEGORY_EXTRAS, REVISIONS } from '../verification/placed-bundles.ts';
import { chooseCategories } from './choose.ts';
import type { DateTree, DateTrees } from './date-trees.ts';
import type { Gatherer } from './gatherer.ts';
import type { HeldFolder } from './held-folder.ts';
import { type OpenFolder, openFolder } from './open-folder.ts';
import { type Spine, takeEntry, tooSmall } from './spine.ts';

/** The trees that are chosen of an edition. */
export interface ChosenTrees {
  /** Newest revisions, in each category and in all of the edition. */
  newest: DateTree[];
  /** Where earlier revisions lie; not opened yet. */
  earlier: { entry: DirectoryEntry; name: string; parent: HeldFolder }[];
}

/** Names that a folder may have where articles, categories or years lie. */
const MOST_NAMES = 10_000;

/**
 * Opens the roots of the chosen categories, and of all articles where no category is chosen. They belong to the spine: there must be
 * room for them.
 *
 * @throws {OvnError} `not-found` where the edition has none of the categories; `incomplete`; `refused`.
 */
export async function openTrees(
  spine: Spine,
  { categories: wanted }: FollowChoice,
  gatherer: Gatherer,
  bundles: DateTrees,
): Promise<ChosenTrees> {
  const trees: ChosenTrees = { newest: [], earlier: [] };
  await openCategories(spine, wanted, { gatherer, bundles, trees });
  if (wanted !== null) return trees;
  const articles = takeEntry(spine, 'articles');
  const at = { parent: spine.folder, name: 'articles', isPage: isSiteFile, limit: MOST_NAMES };
  // First, because the others share its bundles.
  trees.newest.unshift({ ...(await requireFolder(articles, at, gatherer)), name: 'articles' });
  noteRevisions(spine, 'revisions', trees);
  return trees;
}

async function openCategories(
  spine: Spine,
  wanted: readonly string[] | null,
  { gatherer, bundles, trees }: { gatherer: Gatherer; bundles: DateTrees; trees: ChosenTrees },
): Promise<void> {
  const { folder: parent, manifest } = spine;
  const slugs = new Set(
    wanted === null ? Object.keys(manifest.categories) : chooseCategories(manifest, wanted),
  );
  const isList = (file: string): boolean => isSiteFile(file) && !isPageBeside(file);
  const at = { parent, name: 'categories', isPage: isList, limit: MOST_NAMES };
  const { folder, entries } = await requireFolder(takeEntry(spine, 'categories'), at, gatherer);
  const pages = new Map([...entries].filter(([name]) => isPageBeside(name)));
  for (const [slug, entry] of entries) {
    if (isPageBeside(slug)) continue;
    const listed = Object.hasOwn(manifest.categories, slug) ? manifest.categories[slug]?.cid : undefined;
    const name = `categories/${slug}`;
    if (listed !== entry.cid.toString())
      throw refusal(`${name} is ${entry.cid}; the manifest says ${listed}`);
    const page = pages.get(pageBeside(slug));
    pages.delete(pageBeside(slug));
    if (!slugs.delete(slug)) {
      bundles.leaveOut(folder, 'category');
      continue;
    }
    if (page !== undefined) await holdPage(page, folder, gatherer);
    const isPage = (file: string): boolean =>
      isSiteFile(file) || (CATEGORY_EXTRAS.includes(file) && file !== REVISIONS);
    const tree = await requireFolder(entry, { parent: folder, name, isPage, limit: MOST_NAMES }, gatherer);
    noteRevisions(tree, `${name}/revisions`, trees);
    trees.newest.push({ ...tree, name });
  }
  for (const slug of slugs) throw refusal(`categories/${slug} is missing`);
  // Pages that belong to no category: nothing decides against them.
  for (const page of pages.values()) await holdPage(page, folder, gatherer);
}

async function holdPage(page: DirectoryEntry, folder: HeldFolder, gatherer: Gatherer): Promise<void> {
  const bytes = await gatherer.room.attempt(
    async () => (await gatherer.dag(page, `categories/${page.name}`)) !== undefined,
  );
  if (bytes === undefined) throw tooSmall(gatherer);
  folder.addDag(page.cid, bytes);
}

/** Opens the trees of earlier revisions for which there is room. */
export async function openRevisions(
  { earlier }: ChosenTrees,
  gatherer: Gatherer,
  bundles: DateTrees,
): Promise<DateTree[]> {
  const trees: DateTree[] = [];
  for (const { entry, name, parent } of earlier) {
    const at = { parent, name, isPage: () => false, limit: MOST_NAMES };
    const opened = gatherer.room.isOver ? undefined : await openFolder(entry, at, gatherer);
    if (opened === undefined) bundles.leaveOut(parent, 'size');
    else trees.push({ ...opened, name });
  }
  return trees;
}

function noteRevisions({ folder: parent, entries }: OpenFolder, name: string, trees: ChosenTrees): void {
  const entry = entries.get(REVISIONS);
  entries.delete(REVISIONS);
  if (entry !== undefined) trees.earlier.push({ entry, name, parent });
}

async function requireFolder(
  entry: DirectoryEntry,
  at: Parameters<typeof openFolder>[1],
  gatherer: Gatherer,
): Promise<OpenFolder> {
  const opened = await openFolder(entry, at, gatherer);
  if (opened === undefined) throw tooSmall(gatherer);
  return opened;
}
