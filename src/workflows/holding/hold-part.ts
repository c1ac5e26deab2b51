import { THEMES } from '../../edition/layout.ts';
import type { FollowChoice } from '../../repo/followed.ts';
import type { Link } from '../../unixfs/block.ts';
import { mostBlocks } from './choose.ts';
import { DateTrees } from './date-trees.ts';
import type { Gatherer } from './gatherer.ts';
import type { Holding, HoldProgress } from './holding.ts';
import type { Spine } from './spine.ts';
import { openRevisions, openTrees } from './trees-of-edition.ts';

/** Takes the chosen categories of an edition, or all of it, as far as there is room. */
export async function holdPart(
  spine: Spine,
  choice: FollowChoice,
  gatherer: Gatherer,
  onProgress: (progress: HoldProgress) => void,
): Promise<Holding> {
  const { fold, manifest, folder: root, stated } = spine;
  const { room } = gatherer;
  const since = choice.since ?? undefined;
  const tell = (articles: number): void => onProgress({ articles, bytes: room.bytes });
  const bundles = new DateTrees({ gatherer, fold, since, onProgress: tell });
  const trees = await openTrees(spine, choice, gatherer, bundles);
  const links = [
    ...trees.newest.map(({ folder }) => folder.link),
    ...trees.earlier.map(({ entry }) => entry),
  ];
  const isAhead = since === undefined && (await fetchIfRoom(links, gatherer, mostBlocks(fold.size)));
  await bundles.take(trees.newest, 4, isAhead);
  await bundles.take(await openRevisions(trees, gatherer, bundles), 5, isAhead);
  await takeRest(spine, choice, gatherer, bundles);
  const left = {
    articles: Math.max(0, manifest.articles.count - bundles.articles),
    bytes: bundles.why.size === 0 ? 0 : Math.max(0, stated - bundles.stated),
    why: [...bundles.why].sort(),
  };
  return { ...root.collect(), bytes: room.bytes, whole: root.isWhole, left };
}

async function fetchIfRoom(links: readonly Link[], gatherer: Gatherer, limit: number): Promise<boolean> {
  const size = links.reduce((sum, link) => sum + link.size, 0);
  if (size > gatherer.room.left) return false;
  await gatherer.fetchAhead(links, limit);
  return true;
}

/** What every page of the edition leads to, and is small: it is taken along with categories too, where there is room. */
const WITH_CATEGORIES: readonly string[] = ['corrections', THEMES];

/** What else lies at the root, the earlier manifests above all: after all articles; of most only where no category is chosen. */
async function takeRest(
  { folder: root, entries }: Spine,
  { categories }: FollowChoice,
  gatherer: Gatherer,
  bundles: DateTrees,
): Promise<void> {
  const { room } = gatherer;
  for (const entry of entries.values()) {
    if (categories !== null && !WITH_CATEGORIES.includes(entry.name)) bundles.leaveOut(root, 'category');
    else if (!room.fits(entry.size)) bundles.leaveOut(root, 'size');
    else {
      await gatherer.fetchAhead([entry]);
      const bytes = await room.attempt(async () => (await gatherer.dag(entry, entry.name)) !== undefined);
      if (bytes === undefined) bundles.leaveOut(root, 'size');
      else root.addDag(entry.cid, bytes);
    }
  }
}
