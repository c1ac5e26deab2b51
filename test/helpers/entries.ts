import type { Entry } from '../../src/edition/archive.ts';
import type { StagedRevision } from '../../src/repo/article-index.ts';

/** An entry of the index with a made-up CID, other for every revision. */
export function newEntry(id: string, changes: Partial<Entry> = {}): Entry {
  const revision = changes.revision ?? 1;
  const date = id.slice(0, 10).replaceAll('/', '-');
  return {
    id,
    headline: `Headline of ${id}`,
    datePublished: date,
    dateModified: date,
    inLanguage: 'en',
    categories: [{ slug: 'science', name: 'Science' }],
    authors: ['Ada Lovelace'],
    status: 'published',
    corrections: revision - 1,
    revision,
    cid: `cid of ${id} ${revision}`,
    size: 1000 + revision,
    ...changes,
  };
}

/** The entry as a change, published from a source of the same name. */
export function staged(entry: Entry, previous?: Entry): StagedRevision {
  return {
    entry,
    source: `articles/${entry.id}.md`,
    digest: `digest ${entry.revision}`,
    kind: entry.revision === 1 ? 'publish' : 'update',
    ...(previous === undefined ? {} : { previous }),
  };
}
