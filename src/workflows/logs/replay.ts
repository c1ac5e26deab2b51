import { CID } from 'multiformats/cid';
import { articlePath } from '../../edition/layout.ts';
import { parseEntry } from '../../log/entry.ts';
import { applyEntry, emptyFold, foldEntries, type LogFold, type LoggedArticle } from '../../log/fold.ts';
import type { IndexedEntry } from '../../log/tile-tree.ts';
import { resolvePath } from '../../unixfs/directory.ts';
import { refusal } from '../verification/judging.ts';
import type { SeenLog } from './check-memory.ts';
import type { HeadLog, LogEffects } from './head-log.ts';
import { requireRevision } from './prove-revision.ts';

/** The fold of all entries of a log. */
export async function replayAll({ tree }: HeadLog): Promise<LogFold> {
  const fold = emptyFold();
  await foldEntries(fold, tree.entries(0));
  return fold;
}

/**
 * The entries that came after what was seen, on top of what was seen: its articles are only those that these entries are
 * about, with all of their history.
 *
 * @throws {OvnError} `refused` as the fold does, and where an article was another one when the log was seen.
 */
export async function replaySince(seen: SeenLog, log: HeadLog, effects: LogEffects): Promise<LogFold> {
  const { counts, size } = seen;
  const editions = effects.repository.manifests().reverse().slice(0, counts.editions);
  const fold: LogFold = {
    size,
    mastheads: log.mastheads.versions
      .slice(0, counts.mastheads)
      .map(({ cid, masthead }) => ({ version: masthead.version, cid, time: '', index: 0 })),
    editions: editions.map(({ sequence, manifest }) => ({ sequence, cid: manifest, index: 0 })),
    articles: new Map(),
  };
  await foldEntries(fold, withHistory(fold, seen, log, effects));
  return fold;
}

/** The entries after those that were seen; before the first one of an article its history is put into the fold. */
async function* withHistory(
  fold: LogFold,
  seen: SeenLog,
  log: HeadLog,
  effects: LogEffects,
): AsyncGenerator<IndexedEntry> {
  for await (const item of log.tree.entries(seen.size)) {
    const entry = parseEntry(item.bytes);
    if ('article' in entry && !fold.articles.has(entry.article)) {
      const before = await historyOf(entry.article, seen, log, effects);
      if (before !== undefined) fold.articles.set(entry.article, before);
    }
    yield item;
  }
}

/** An article as it was when the log was seen, read from its own entries; `undefined` where it was not there. */
async function historyOf(
  id: string,
  seen: SeenLog,
  { tree, mastheads, evidence }: HeadLog,
  { repository }: LogEffects,
): Promise<LoggedArticle | undefined> {
  const placed = await resolvePath(CID.parse(seen.articles), articlePath(id), evidence.read);
  if (placed === undefined) return undefined;
  const [first] = mastheads.versions;
  const fold = emptyFold();
  fold.mastheads.push({ version: 1, cid: first?.cid ?? '', time: '', index: 0 });
  for (let revision = 1; ; revision++) {
    const event = repository.events.ofRevision(id, revision);
    if (event === undefined || event.position > seen.size) break;
    fold.size = event.position - 1;
    const bytes = await tree.entry(fold.size);
    applyEntry(fold, fold.size, requireRevision(bytes, { article: id, revision, cid: event.cid }));
  }
  const article = fold.articles.get(id);
  if (article?.newest.cid === placed.cid.toString()) return article;
  throw refusal(`${id} was ${placed.cid} when the log was last seen; its entries say ${article?.newest.cid}`);
}
