import type { BlockReader, BlockSink, Link } from '../unixfs/block.ts';
import { Tree } from '../unixfs/tree.ts';
import type { Archive, CategoryState } from './archive.ts';
import { addText, type EditionChange, placeRevisions } from './change.ts';
import { newestFeed } from './feeds/feed.ts';
import { placeFeed, placeOlderFeeds, removeFeed } from './feeds/place-feeds.ts';
import { articlePath, periodsOf } from './layout.ts';
import { renderCategoryArchivePage, renderCategoryPage } from './pages/category-page.ts';
import type { Publication } from './publication.ts';

export interface CategoryInput {
  publication: Publication;
  archive: Archive;
  style: Link;
  category: CategoryState;
  /** Changed articles that are in the category now, or were before. */
  changes: readonly EditionChange[];
  /** The category's directory in the edition before. */
  previous: Link | undefined;
  /** Whether that may be of another template. */
  renews?: boolean;
}

/**
 * The directory of one category: its page, feeds and style sheet, its articles by date and their earlier revisions.
 * Whoever pins its CID keeps all of that. It is a function of the articles in the category: an article that left it
 * leaves no trace here (the edition's own `revisions/` keeps everything).
 */
export async function buildCategory(input: CategoryInput, read: BlockReader, sink: BlockSink): Promise<Link> {
  const tree = input.previous === undefined ? Tree.empty() : Tree.open(input.previous, read);
  for (const change of input.changes) await placeArticle(tree, change, input);
  await writePages(tree, input, sink);
  return tree.write(sink);
}

async function placeArticle(
  tree: Tree,
  change: EditionChange,
  { category, archive }: CategoryInput,
): Promise<void> {
  const { entry, link } = change;
  const belongs = entry.categories.some(({ slug }) => slug === category.slug);
  if (!belongs) {
    await tree.remove(articlePath(entry.id));
    await tree.remove(['revisions', ...articlePath(entry.id)]);
    return;
  }
  await tree.set(articlePath(entry.id), link);
  await placeRevisions(tree, ['revisions'], change, archive);
}

async function writePages(tree: Tree, input: CategoryInput, sink: BlockSink): Promise<void> {
  const { category, archive, publication } = input;
  for (const period of touchedPeriods(input.changes)) {
    const path = [...period.split('/'), 'index.html'];
    if (archive.periods(period, category.slug).length === 0) await tree.remove(path);
    else await tree.set(path, await addText(renderCategoryArchivePage(input, category, period), sink));
  }
  const list = { publication, archive, category };
  await placeFeed(tree, [], newestFeed(list), sink);
  const days = new Set(input.changes.map(({ entry }) => periodsOf(entry.id)[3]));
  // Until template 2 each day had a document of its own.
  if (input.renews) for (const day of days) await removeFeed(tree, day, 'feed');
  await placeOlderFeeds(tree, list, days, sink);
  await tree.set(['index.html'], await addText(renderCategoryPage(input, category), sink));
  await tree.set(['style.css'], input.style);
}

/** Years and months; a category has no pages for single days. */
function touchedPeriods(changes: readonly EditionChange[]): Set<string> {
  const periods = new Set<string>();
  for (const { entry } of changes) {
    const [, year, month] = periodsOf(entry.id);
    periods.add(year).add(month);
  }
  return periods;
}
