import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Entry } from '../../src/edition/archive.ts';
import { buildEdition, type EditionTrees } from '../../src/edition/build-edition.ts';
import { linkOf } from '../../src/edition/change.ts';
import { EarlyLists } from '../../src/edition/early-lists.ts';
import { ArticleIndex } from '../../src/repo/article-index.ts';
import { openDatabase, transaction } from '../../src/repo/database.ts';
import type { Link } from '../../src/unixfs/block.ts';
import { addDirectory } from '../../src/unixfs/directory.ts';
import { Tree } from '../../src/unixfs/tree.ts';
import { rawBlock } from '../helpers/blocks.ts';
import { notices, staged } from '../helpers/entries.ts';
import { temporaryFolder } from '../helpers/folder.ts';
import { MemoryBlocks } from '../helpers/memory-blocks.ts';
import { ABOUT, bundled, bundlePage, PUBLICATION } from '../helpers/paper.ts';

const CATEGORIES = ['constructor', 'science', 'world'].map((slug) => ({ slug, name: slug.toUpperCase() }));
const DAYS = ['2024/12/31', '2025/01/01', '2025/01/02', '2025/01/12', '2025/01/31', '2025/07/07'];

const article = fc.record({
  id: fc.tuple(fc.constantFrom(...DAYS), fc.constantFrom('a', 'b', 'c')).map((parts) => parts.join('/')),
  categories: fc.subarray(CATEGORIES, { minLength: 1 }),
  headline: fc.string({ maxLength: 5 }),
  dateModified: fc.constantFrom('2025-07-07', '2025-07-08T00:00:00Z', '2025-07-08T02:00:00+02:00'),
  notices: fc.nat({ max: 2 }).map(notices),
});

/** Articles in the order of the plan, and in that in which their bundles get ready. */
const publication = fc
  .uniqueArray(article, { selector: ({ id }) => id, minLength: 1, maxLength: 10 })
  .chain((planned) =>
    fc.record({
      planned: fc.constant(planned),
      ready: fc.shuffledSubarray(
        planned.map((_, at) => at),
        { minLength: planned.length },
      ),
    }),
  );

/** A paper in memory, its index in a database. */
class Publisher {
  readonly blocks = new MemoryBlocks();
  readonly index: ArticleIndex;
  readonly #db: ReturnType<typeof openDatabase>;
  #previous: Link | undefined;

  constructor(path: string) {
    this.#db = openDatabase(path, { create: true });
    this.index = new ArticleIndex(this.#db);
  }

  async publish(entries: readonly Entry[], madeLists?: ReadonlyMap<string, Link>): Promise<EditionTrees> {
    const style = { cid: rawBlock('style').cid, size: 5 };
    const changes = entries.map((entry) => {
      const former = this.index.get(entry.id);
      return { entry, link: linkOf(entry), ...(former === undefined ? {} : { former }) };
    });
    const trees = await buildEdition(
      {
        ...{ publication: PUBLICATION, archive: this.index.archive(), masthead: style, style, changes },
        ...{ about: ABOUT, bundlePage },
        ...(madeLists === undefined ? {} : { madeLists }),
        ...(this.#previous === undefined ? {} : { previous: this.#previous }),
      },
      this.blocks.read,
      this.blocks.sink,
    );
    transaction(this.#db, () => this.index.commitStaged(1, '2025-08-01T00:00:00Z'));
    this.#previous = await addDirectory(trees.entries, this.blocks.sink);
    return trees;
  }

  [Symbol.dispose](): void {
    this.#db.close();
  }
}

it('lists that are made before all bundles are, are those of the edition', async () => {
  const folder = temporaryFolder();
  let runs = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(publication, { minLength: 1, maxLength: 3 }), async (publications) => {
      using plain = new Publisher(join(folder, `${runs++}.db`));
      using early = new Publisher(join(folder, `${runs++}.db`));
      for (const { planned, ready } of publications) {
        const entries = planned.map(({ id, ...changes }) => {
          const revision = (plain.index.get(id)?.revision ?? 0) + 1;
          return bundled(id, { ...changes, revision });
        });
        plain.index.stage(entries.map((entry) => staged(entry)));
        early.index.stage(entries.map((entry) => staged(plannedEntry(entry))));
        const made = new Map<string, Link>();
        const context = { publication: PUBLICATION, archive: early.index.archive() };
        const lists = new EarlyLists(context, entries, made, early.blocks.sink);
        for (const at of ready) {
          const entry = entries[at] ?? expect.fail();
          early.index.complete(staged(entry));
          await lists.add(entry);
        }
        const expected = await plain.publish(entries);
        expect(await early.publish(entries, made)).toEqual(expected);
        const tree = Tree.open(await addDirectory(expected.entries, plain.blocks.sink), plain.blocks.read);
        for (const [path, link] of made)
          expect([path, await tree.get(path.split('/'))]).toEqual([path, link]);
        expect(made.size).toBeGreaterThanOrEqual(new Set(entries.map(({ id }) => id.slice(0, 10))).size * 3);
      }
    }),
    { numRuns: 20 },
  );
});

/** What is known of a revision before it is made. */
function plannedEntry({ image: _, terms: __, ...entry }: Entry): Entry {
  return { ...entry, authors: [], notices: [], cid: '', size: 0 };
}
