import type { BlockSink } from '../../unixfs/block.ts';
import type { Tree } from '../../unixfs/tree.ts';
import { addText } from '../change.ts';
import { writeAtomFeed } from './atom-feed.ts';
import { Documents, documentOf, placeOf } from './documents.ts';
import type { Feed, FeedList } from './feed.ts';
import { writeJsonFeed } from './json-feed.ts';

/** Every form that a document of a feed is written in, by the ending of its file. */
export const FEED_FORMS: readonly { ending: string; write: (feed: Feed) => string }[] = [
  { ending: '.json', write: writeJsonFeed },
  { ending: '.atom', write: writeAtomFeed },
];

/** Puts a document of a feed into a folder of a tree, in every form. */
export async function placeFeed(
  tree: Tree,
  folder: readonly string[],
  feed: Feed,
  sink: BlockSink,
  stem = 'feed',
): Promise<void> {
  for (const { ending, write } of FEED_FORMS)
    await tree.set([...folder, stem + ending], await addText(write(feed), sink));
}

/**
 * Brings the documents with older articles up to date, in the tree of dates that they lie in: those of the days that are given, and,
 * where a document appears or disappears, the next newer one, which leads to it.
 */
export async function placeOlderFeeds(
  tree: Tree,
  list: FeedList,
  days: Iterable<string>,
  sink: BlockSink,
): Promise<void> {
  const documents = new Documents(list);
  const due = new Set<string>();
  for (const day of days) due.add(documentOf(list, day));
  for (const document of [...due]) {
    const isThere = await hasFeed(tree, list, document);
    const newer = isThere === documents.has(document) ? undefined : documents.after(document);
    if (newer !== undefined) due.add(newer);
  }
  for (const document of due) {
    const { folder, stem } = placeOf(list, document);
    if (!documents.has(document)) await removeFeed(tree, folder, stem);
    else {
      const older = documents.before(document);
      const entries = documents.entries(document);
      const feed = { list, entries, document, ...(older === undefined ? {} : { older }) };
      await placeFeed(tree, folder.split('/'), feed, sink, stem);
    }
  }
}

async function hasFeed(tree: Tree, list: FeedList, document: string): Promise<boolean> {
  const { folder, stem } = placeOf(list, document);
  return (await tree.get([...folder.split('/'), `${stem}.json`])) !== undefined;
}

/** Takes a document out of a folder, `a/b/c`, in every form. */
export async function removeFeed(tree: Tree, folder: string, stem: string): Promise<void> {
  for (const { ending } of FEED_FORMS) await tree.remove([...folder.split('/'), stem + ending]);
}
