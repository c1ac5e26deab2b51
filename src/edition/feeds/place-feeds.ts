import type { BlockSink, Link } from '../../unixfs/block.ts';
import type { Tree } from '../../unixfs/tree.ts';
import { addText } from '../change.ts';
import { writeAtomFeed } from './atom-feed.ts';
import { Documents, documentOf, placeOf } from './documents.ts';
import { type Feed, type FeedList, folderOf } from './feed.ts';
import { writeJsonFeed } from './json-feed.ts';

/** Every form that a document of a feed is written in, by the ending of its file. */
export const FEED_FORMS: readonly { ending: string; write: (feed: Feed) => string }[] = [
  { ending: '.json', write: writeJsonFeed },
  { ending: '.atom', write: writeAtomFeed },
];

/** Puts the newest document of a feed into a tree's root, in every form. */
export async function placeNewestFeed(tree: Tree, feed: Feed, sink: BlockSink): Promise<void> {
  for (const { ending, write } of FEED_FORMS)
    await tree.set([`feed${ending}`], await addText(write(feed), sink));
}

/** Adds a document with older articles as files, one a form, and says where they lie in their tree of dates. */
export async function addOlderFeed(
  list: FeedList,
  documents: Documents,
  document: string,
  sink: BlockSink,
): Promise<{ path: string; link: Link }[]> {
  const older = documents.before(document);
  const entries = documents.entries(document);
  const feed = { list, entries, document, ...(older === undefined ? {} : { older }) };
  const added: { path: string; link: Link }[] = [];
  for (const { ending, write } of FEED_FORMS)
    added.push({ path: pathOf(list, document, ending), link: await addText(write(feed), sink) });
  return added;
}

/** Where a document lies in its tree of dates. */
function pathOf(list: FeedList, document: string, ending: string): string {
  const { folder, stem } = placeOf(list, document);
  return `${folder}/${stem}${ending}`;
}

/**
 * Brings the documents with older articles up to date, in the tree of dates that they lie in: those of the days that are given, and,
 * where a document appears or disappears, the next newer one, which leads to it.
 *
 * @param made documents that were made before, by their paths in the edition.
 */
export async function placeOlderFeeds(
  tree: Tree,
  list: FeedList,
  days: Iterable<string>,
  made: ReadonlyMap<string, Link>,
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
    if (documents.has(document)) {
      const files = madeFeed(list, document, made) ?? (await addOlderFeed(list, documents, document, sink));
      for (const { path, link } of files) await tree.set(path.split('/'), link);
    } else {
      const { folder, stem } = placeOf(list, document);
      await removeFeed(tree, folder, stem);
    }
  }
}

/** A document that was made before, in every form; nothing where it was not. */
function madeFeed(
  list: FeedList,
  document: string,
  made: ReadonlyMap<string, Link>,
): { path: string; link: Link }[] | undefined {
  const files = FEED_FORMS.flatMap(({ ending }) => {
    const path = pathOf(list, document, ending);
    const link = made.get(`${folderOf(list)}/${path}`);
    return link === undefined ? [] : [{ path, link }];
  });
  return files.length === FEED_FORMS.length ? files : undefined;
}

async function hasFeed(tree: Tree, list: FeedList, document: string): Promise<boolean> {
  return (await tree.get(pathOf(list, document, '.json').split('/'))) !== undefined;
}

/** Takes a document out of a folder, `a/b/c`, in every form. */
export async function removeFeed(tree: Tree, folder: string, stem: string): Promise<void> {
  for (const { ending } of FEED_FORMS) await tree.remove([...folder.split('/'), stem + ending]);
}
