import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Archive, Entry } from '../../src/edition/archive.ts';
import { ArticleIndex } from '../../src/repo/article-index.ts';
import { openDatabase, transaction } from '../../src/repo/database.ts';
import { ArticleModel, findable } from '../helpers/article-model.ts';
import { newEntry, notices, staged } from '../helpers/entries.ts';
import { temporaryFolder } from '../helpers/folder.ts';

const SLUGS = ['constructor', 'science', 'world'];
const CATEGORIES = SLUGS.map((slug) => ({ slug, name: slug.toUpperCase() }));
const DAYS = ['2024-12-31', '2025-01-01', '2025-01-02', '2025-07-07'];
const TIMES = ['', 'T00:00:00Z', 'T10:00:00+02:00', 'T08:00:00.000Z', 'T23:30:00-05:00'];
const PERIODS = ['2023', '2024', '2025', '2025/01', '2025/07', '2025/01/01', '2025/07/07'];

interface Change {
  day: string;
  slug: string;
  published: string;
  modified: string;
  categories: Entry['categories'];
  description: string | undefined;
  corrections: number;
  terms: string | undefined;
}

const change: fc.Arbitrary<Change> = fc.record({
  day: fc.constantFrom(...DAYS),
  slug: fc.constantFrom('a', 'b', 'c', 'c-c'),
  published: fc.constantFrom(...TIMES),
  modified: fc.tuple(fc.constantFrom(...DAYS), fc.constantFrom(...TIMES)).map((parts) => parts.join('')),
  categories: fc.subarray(CATEGORIES, { minLength: 1 }),
  description: fc.option(fc.string(), { nil: undefined }),
  corrections: fc.nat({ max: 3 }),
  terms: fc.option(fc.constantFrom('harbour', 'two words\n\nthird'), { nil: undefined }),
});

/** What is staged, in how many goes, as it is or as it is planned at first, and what becomes of it. */
const publication = fc.record({
  goes: fc.array(fc.record({ changes: fc.array(change, { maxLength: 5 }), isPlanned: fc.boolean() }), {
    maxLength: 3,
  }),
  end: fc.constantFrom('commit', 'discard', 'roll back'),
});

/** Puts changes on the model and on the index. An article that comes twice gets two revisions, and is not planned. */
function stageBoth(
  { changes, isPlanned }: { changes: readonly Change[]; isPlanned: boolean },
  model: ArticleModel,
  index: ArticleIndex,
): void {
  const idOf = ({ day, slug }: Change): string => `${day.replaceAll('-', '/')}/${slug}`;
  const ids = changes.map(idOf);
  model.number(ids);
  const revisions = changes.map((change) => {
    const { day, published, modified, categories, description, corrections, terms } = change;
    const id = idOf(change);
    const previous = model.revisions(id).at(-1);
    const entry = newEntry(id, {
      revision: (previous?.revision ?? 0) + 1,
      datePublished: day + published,
      dateModified: modified,
      categories,
      notices: notices(corrections),
      status: terms === undefined ? 'retracted' : 'published',
      ...(terms === undefined ? {} : { terms }),
      ...(description === undefined ? {} : { description }),
    });
    model.add(entry);
    return staged(entry, previous);
  });
  if (!isPlanned || new Set(ids).size < ids.length) {
    index.stage(revisions);
    return;
  }
  index.stage(revisions.map((revision) => ({ ...revision, entry: planned(revision.entry) })));
  answersOf(index.archive(), model.ids);
  for (const revision of revisions.toReversed()) index.complete(revision);
}

/** What is known of a revision before it is made. */
function planned(entry: Entry): Entry {
  return { ...entry, authors: [], notices: [], cid: '', size: 0 };
}

/** Every answer of an archive, for every category. */
function answersOf(archive: Archive, ids: readonly string[]): unknown[] {
  const answers: unknown[] = [archive.categories(), ids.map((id) => archive.earlierRevisions(id))];
  answers.push(archive.noticeYears(), archive.notices({ limit: 2 }), archive.notices({ year: '2026' }));
  const numbered = [...[0, 2, 7].map((at) => archive.since(at)), ...PERIODS.map((at) => archive.inOrder(at))];
  answers.push(numbered.map((list) => list.map(({ ordinal, entry }) => [ordinal, findable(entry)])));
  for (const category of [undefined, ...SLUGS, 'none']) {
    answers.push(archive.count(category), archive.newest(3, category), archive.newest(100, category));
    answers.push(PERIODS.map((period) => archive.within(period, category)));
    answers.push(
      ['', '2023', '2024', '2025', '2025/01', '2025/07'].map((parent) => archive.periods(parent, category)),
    );
    if (category === undefined) continue;
    for (const id of ids)
      answers.push([archive.predecessors(id, category, 2), archive.successors(id, category, 2)]);
  }
  return answers;
}

describe('the archive of the index', () => {
  it('answers as one that keeps everything in memory and goes through all of it', () => {
    const folder = temporaryFolder();
    let runs = 0;
    fc.assert(
      fc.property(fc.array(publication, { maxLength: 5 }), (publications) => {
        using db = openDatabase(join(folder, `${runs++}.db`), { create: true });
        const index = new ArticleIndex(db);
        let model = new ArticleModel();
        for (const [at, { goes, end }] of publications.entries()) {
          const next = model.copy();
          for (const changes of goes) {
            stageBoth(changes, next, index);
            expect(answersOf(index.archive(), next.ids)).toEqual(answersOf(next, next.ids));
          }
          const commit = () => index.commitStaged(at + 1, '2025-08-01T00:00:00Z');
          const fail = () => {
            commit();
            throw new Error('no');
          };
          if (end === 'roll back') expect(() => transaction(db, fail)).toThrow('no');
          expect(answersOf(index.archive(), next.ids)).toEqual(answersOf(next, next.ids));
          if (end === 'commit') transaction(db, commit);
          else index.discardStaged();
          if (end === 'commit') model = next;
          expect(answersOf(index.archive(), next.ids)).toEqual(answersOf(model, next.ids));
        }
      }),
      { numRuns: 50 },
    );
  });

  it('takes for a planned revision only what is listed as that was', () => {
    using db = openDatabase(join(temporaryFolder(), 'ovn.db'), { create: true });
    const index = new ArticleIndex(db);
    const entry = newEntry('2025/07/07/a', { categories: CATEGORIES.slice(0, 2) });
    index.stage([staged(planned(entry))]);
    const others: Partial<Entry>[] = [
      { headline: 'Another' },
      { description: 'Another' },
      { datePublished: '2025-07-07T10:00:00Z' },
      { dateModified: '2025-07-09' },
      { inLanguage: 'fr' },
      { status: 'retracted' },
      { revision: 2 },
      { categories: CATEGORIES.slice(1, 2) },
      { categories: CATEGORIES },
      { categories: CATEGORIES.slice(0, 2).toReversed() },
    ];
    for (const other of others)
      expect(() => index.complete(staged({ ...entry, ...other }))).toThrow('not what was planned');
    expect(() => index.complete(staged(newEntry('2025/07/07/b')))).toThrow('not what was planned');
    index.complete(staged(entry));
    expect(index.archive().newest(1)).toEqual([entry]);
  });

  it('leaves nothing behind that a fresh index of the same articles would not have', () => {
    const rows = (changes: readonly Entry[][]) => {
      using db = openDatabase(join(temporaryFolder(), 'ovn.db'), { create: true });
      const index = new ArticleIndex(db);
      for (const entries of changes) {
        index.stage(entries.map((entry) => staged(entry)));
        transaction(db, () => index.commitStaged(1, '2025-08-01T00:00:00Z'));
      }
      return ['counts', 'article_categories', 'notices'].map((table) =>
        db.prepare(`SELECT * FROM ${table}`).all(),
      );
    };
    const [science, world] = [[{ slug: 'science', name: 'S' }], [{ slug: 'world', name: 'W' }]];
    const first = newEntry('2025/07/07/a', { categories: science });
    const second = newEntry('2025/07/07/a', { categories: world, revision: 2 });
    const other = newEntry('2025/07/08/b', { categories: world });
    const alone = newEntry('2025/07/07/a', { categories: world, notices: notices(1) });
    expect(rows([[first], [second, other]])).toEqual(rows([[alone], [other]]));
    expect(rows([[first, second, other]])).toEqual(rows([[alone, other]]));
  });
});
