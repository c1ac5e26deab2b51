import type { Correction } from '../../src/article/document.ts';
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
    notices: notices(revision - 1),
    revision,
    cid: `cid of ${id} ${revision}`,
    size: 1000 + revision,
    ...changes,
  };
}

/** So many corrections, a day apart. */
export function notices(count: number): Correction[] {
  return Array.from({ length: count }, (_, at) => ({
    '@type': 'CorrectionComment',
    kind: 'correction',
    datePublished: `2026-01-${String(at + 1).padStart(2, '0')}`,
    text: `Correction ${at + 1}.`,
  }));
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
