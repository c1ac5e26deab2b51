import { pagePath } from '../article/addresses.ts';
import { renderStory } from '../article/page.ts';
import type { BlockReader, BlockSink, Link } from '../unixfs/block.ts';
import { addFile } from '../unixfs/file.ts';
import { Tree } from '../unixfs/tree.ts';
import type { Archive, Entry } from './archive.ts';
import { bundleDocument, type ReadBundlePage } from './bundle-page.ts';
import { addText, type EditionChange } from './change.ts';
import { placeOlderFeeds } from './feeds/place-feeds.ts';
import { articlePath, periodsOf } from './layout.ts';
import { placeSitemaps } from './metadata/sitemap.ts';
import { renderArchivePage } from './pages/archive-page.ts';
import { isLaidOutBy, renderArticlePage } from './pages/article-page.ts';
import type { Publication } from './publication.ts';
import { dependentOn, relatedTo } from './related.ts';

export interface ArticlesInput {
  publication: Publication;
  archive: Archive;
  changes: readonly EditionChange[];
  /** The pages of the bundles, which those of the edition are made from. */
  bundlePage: ReadBundlePage;
  /** Pages that were made with their bundles, by the CIDs of those. */
  madePages?: ReadonlyMap<string, Link>;
  /** The tree in the edition before. */
  previous: Link | undefined;
}

/** `articles/`: the newest revision of every article, its page beside it, and the pages of all periods. */
export async function buildArticles(input: ArticlesInput, read: BlockReader, sink: BlockSink): Promise<Link> {
  const tree = input.previous === undefined ? Tree.empty() : Tree.open(input.previous, read);
  const periods = new Set<string>();
  for (const { entry, link } of input.changes) {
    await tree.set(articlePath(entry.id), link);
    for (const period of periodsOf(entry.id)) periods.add(period);
  }
  periods.add('');
  for (const entry of touchedArticles(input)) {
    const made = input.madePages?.get(entry.cid);
    const page = made ?? (await addFile(await renderPage(entry, input, read), sink));
    await tree.set(pagePath(entry.id).split('/'), page);
  }
  for (const period of periods) {
    const path = period === '' ? ['index.html'] : [...period.split('/'), 'index.html'];
    await tree.set(path, await addText(renderArchivePage(input, period), sink));
  }
  const changed = input.changes.map(({ entry }) => periodsOf(entry.id));
  await placeOlderFeeds(tree, input, new Set(changed.map(([, , , day]) => day)), sink);
  await placeSitemaps(tree, input, new Set(changed.map(([, , month]) => month)), sink);
  return tree.write(sink);
}

async function renderPage(
  entry: Entry,
  { publication, archive, bundlePage }: ArticlesInput,
  read: BlockReader,
): Promise<Uint8Array> {
  const { look } = publication;
  const page = await bundlePage(entry);
  const related = relatedTo(entry, archive);
  if (isLaidOutBy(look, page)) return renderArticlePage(publication, entry, page, related);
  const story = renderStory(await bundleDocument(entry, read), look);
  return renderArticlePage(publication, entry, page, related, story);
}

/** The articles whose pages are made anew: those that changed, and those that may lead to one that did. */
function touchedArticles({ changes, archive }: ArticlesInput): Iterable<Entry> {
  const touched = new Map(changes.map(({ entry }) => [entry.id, entry]));
  for (const change of changes) {
    for (const entry of dependentOn(change, archive))
      if (!touched.has(entry.id)) touched.set(entry.id, entry);
  }
  return touched.values();
}
