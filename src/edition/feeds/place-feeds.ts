import type { BlockSink } from '../../unixfs/block.ts';
import type { Tree } from '../../unixfs/tree.ts';
import { addText } from '../change.ts';
import { ATOM_FEED, writeAtomFeed } from './atom-feed.ts';
import { Days } from './days.ts';
import type { Feed, FeedList } from './feed.ts';
import { JSON_FEED, writeJsonFeed } from './json-feed.ts';

/** Every form that a document of a feed is written in, by the name of its file. */
export const FEED_FORMS: readonly { name: string; write: (feed: Feed) => string }[] = [
  { name: JSON_FEED, write: writeJsonFeed },
  { name: ATOM_FEED, write: writeAtomFeed },
];

/** Puts a document of a feed into a folder of a tree, in every form. */
export async function placeFeed(
  tree: Tree,
  folder: readonly string[],
  feed: Feed,
  sink: BlockSink,
): Promise<void> {
  for (const { name, write } of FEED_FORMS)
    await tree.set([...folder, name], await addText(write(feed), sink));
}

/**
 * Brings the documents of days up to date, in the tree of dates that they lie in: those of the days that are given, and,
 * where a day's document appears or disappears, the next newer one, which leads to it.
 */
export async function placeDayFeeds(
  tree: Tree,
  list: FeedList,
  days: Iterable<string>,
  sink: BlockSink,
): Promise<void> {
  const { archive, category } = list;
  const calendar = new Days(archive, category?.slug);
  const due = new Set(days);
  for (const day of [...due]) {
    const newer = (await hasFeed(tree, day)) === calendar.has(day) ? undefined : calendar.after(day);
    if (newer !== undefined) due.add(newer);
  }
  for (const day of due) {
    if (!calendar.has(day)) await removeFeed(tree, day);
    else {
      const older = calendar.before(day);
      const entries = archive.within(day, category?.slug);
      const feed = { list, entries, day, ...(older === undefined ? {} : { older }) };
      await placeFeed(tree, day.split('/'), feed, sink);
    }
  }
}

async function hasFeed(tree: Tree, day: string): Promise<boolean> {
  return (await tree.get([...day.split('/'), JSON_FEED])) !== undefined;
}

async function removeFeed(tree: Tree, day: string): Promise<void> {
  for (const { name } of FEED_FORMS) await tree.remove([...day.split('/'), name]);
}
