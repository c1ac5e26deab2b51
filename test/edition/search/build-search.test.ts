import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { between, seeded } from '../../../bench/random.ts';
import type { Entry } from '../../../src/edition/archive.ts';
import type { EditionChange } from '../../../src/edition/change.ts';
import { linkOf } from '../../../src/edition/change.ts';
import { readTerms } from '../../../src/edition/search/article-terms.ts';
import { buildSearch } from '../../../src/edition/search/build-search.ts';
import { ArticleIndex } from '../../../src/repo/article-index.ts';
import { openDatabase, transaction } from '../../../src/repo/database.ts';
import { MOST_RANKS } from '../../../src/search-page/index-files.ts';
import { SearchIndex } from '../../../src/search-page/search-index.ts';
import { addDirectory, resolvePath } from '../../../src/unixfs/directory.ts';
import { readFile } from '../../../src/unixfs/file.ts';
import { Tree } from '../../../src/unixfs/tree.ts';
import { staged } from '../../helpers/entries.ts';
import { temporaryFolder } from '../../helpers/folder.ts';
import { MemoryBlocks } from '../../helpers/memory-blocks.ts';
import { bundled } from '../../helpers/paper.ts';

const WORDS =
  'harbour glacier library railway comet council ferry bridge archive turbine orchard survey'.split(' ');

/** Article `at`, in one of three years, with some words of its own. */
function article(at: number, changes: Partial<Entry> = {}): Entry {
  const day = new Date(Date.UTC(2023, 0, 1) + ((at * 37) % 1000) * 86_400_000).toISOString().slice(0, 10);
  const words = WORDS.filter((_, word) => (at >> (word % 7)) % 3 === word % 3);
  const rare = [`rare${at}`, `seldom${at % 50}`, `气候${at % 9}`];
  const terms = `head${at % 20}\n${words.join(' ')}\n\n${rare.join(' ')}`;
  return bundled(`${day.replaceAll('-', '/')}/a${at}`, { terms, ...changes });
}

/** An index in a database, and the search index of each of its editions. */
class Searched implements Disposable {
  readonly blocks = new MemoryBlocks();
  readonly #db = openDatabase(join(temporaryFolder(), 'ovn.db'), { create: true });
  readonly index = new ArticleIndex(this.#db);
  root = Tree.empty();
  /** New blocks of the last publication. */
  written: number[] = [];

  async publish(entries: readonly Entry[]): Promise<void> {
    const changes = entries.map((entry): EditionChange => {
      const former = this.index.get(entry.id);
      return { entry, link: linkOf(entry), ...(former === undefined ? {} : { former }) };
    });
    this.index.stage(entries.map((entry) => staged(entry)));
    this.written = [];
    const made = await this.build(changes, this.root);
    transaction(this.#db, () => this.index.commitStaged(1, '2026-01-01T00:00:00Z'));
    this.root = Tree.open(await addDirectory(made, this.blocks.sink), this.blocks.read);
  }

  build(changes: readonly EditionChange[], root: Tree) {
    const input = { publication: { language: 'en' }, archive: this.index.archive(), changes };
    return buildSearch(input, root, this.blocks.read, (block) => {
      if (!this.blocks.blocks.has(block.cid.toString())) this.written.push(block.bytes.length);
      return this.blocks.sink(block);
    });
  }

  /** The root of the index, and that of one that is made from nothing. */
  async roots(): Promise<[string | undefined, string | undefined]> {
    const [anew] = await this.build([], Tree.empty());
    return [(await this.root.get(['search']))?.cid.toString(), anew?.cid.toString()];
  }

  /** As the page reads it. */
  reader(): SearchIndex {
    return new SearchIndex(async (path, limit) => {
      const root = await this.root.get(['search']);
      const link = await resolvePath(root?.cid ?? expect.fail(), path.split('/').slice(1), this.blocks.read);
      return readFile(link?.cid ?? expect.fail(path), this.blocks.read, { limit });
    });
  }

  [Symbol.dispose](): void {
    this.#db.close();
  }
}

const { signal } = new AbortController();

/** Ids of all articles that have a term, by the page's own reading of the index. */
async function idsOf(searched: Searched, term: string): Promise<string[]> {
  const reader = searched.reader();
  const places = await reader.search([{ term, isBeginning: false }], signal);
  expect(new Set(places).size).toBe(places.length);
  expect(places.every((place) => place >= 2023 * 12 * MOST_RANKS)).toBe(true);
  const found = await reader.show(places, signal);
  return found.map(({ path }) => path.slice('articles/'.length, -'.html'.length)).sort();
}

/** The same by going through all articles. */
function idsByHand(searched: Searched, term: string): string[] {
  const has = ({ terms = '' }: Entry): boolean => {
    let isThere = false;
    readTerms(terms, (each) => {
      isThere ||= each === term;
    });
    return isThere;
  };
  return searched.index
    .list()
    .filter(has)
    .map(({ id }) => id)
    .sort();
}

describe('the index of an edition', () => {
  it('is the same in any number of steps as from nothing, and finds every article', async () => {
    using searched = new Searched();
    let next = 0;
    const more = (count: number) => Array.from({ length: count }, () => article(next++));
    // Waves end at 240, 480 and 720 articles.
    for (const step of [1, 150, 88, 1, 1, 1, 60, 1, 30, 147, 1, 1, 1, 1, 40, 1, 1, 260, 1, 1]) {
      await searched.publish(more(step));
      const [made, anew] = await searched.roots();
      expect(made, `${next} articles`).toBe(anew);
    }
    for (const term of ['harbour', 'comet', 'rare3', `rare${next - 1}`, 'seldom7', 'head11', '气候4', 'none'])
      expect(await idsOf(searched, term), term).toEqual(idsByHand(searched, term));
    expect((await idsOf(searched, 'harbour')).length).toBeGreaterThan(100);
  });

  it('follows a revision and forgets a retraction, wherever they are', async () => {
    using searched = new Searched();
    await searched.publish(Array.from({ length: 600 }, (_, at) => article(at)));
    for (const at of [3, 300, 599]) {
      const { terms = '' } = article(at);
      await searched.publish([
        article(at, { revision: 2, terms: terms.replace(`rare${at}`, `corrected${at}`) }),
      ]);
      const [made, anew] = await searched.roots();
      expect(made).toBe(anew);
      expect(await idsOf(searched, `corrected${at}`)).toEqual([article(at).id]);
      expect(await idsOf(searched, `rare${at}`)).toEqual([]);
    }
    const { terms: _, ...retracted } = article(300, { revision: 3, status: 'retracted' });
    await searched.publish([retracted]);
    expect(await idsOf(searched, 'corrected300')).toEqual([]);
    expect((await searched.roots())[0]).toBe((await searched.roots())[1]);
    expect([...searched.blocks.blocks.values()].length).toBeGreaterThan(0);
  });

  it('is the same where articles are new, revised, retracted and in another language all at once', async () => {
    using searched = new Searched();
    const random = seeded(7);
    const revisions: number[] = [];
    const anyhow = (): Partial<Entry> => {
      const at = between(random, 0, 999);
      const changes = [
        { status: 'retracted', terms: '' },
        { inLanguage: 'ar' },
        { terms: article(at).terms },
      ];
      return changes[at % 3] as Partial<Entry>;
    };
    // Waves begin and end within publications, before them and after them.
    for (const step of [200, 39, 1, 1, 0, 230, 25, 0, 239, 3, 1]) {
      const former = Array.from({ length: Math.min(4, revisions.length) }, () =>
        between(random, 0, revisions.length - 1),
      );
      const changed = [...new Set(former)].map((at) => {
        revisions[at] = (revisions[at] ?? 0) + 1;
        return article(at, { ...anyhow(), revision: revisions[at] });
      });
      const added = Array.from({ length: step }, () => article(revisions.push(1) - 1));
      await searched.publish([...changed, ...added]);
      const [made, anew] = await searched.roots();
      expect(made, `${revisions.length} articles`).toBe(anew);
    }
  });

  it('costs few small blocks for an article more, of whatever day', async () => {
    using searched = new Searched();
    await searched.publish(Array.from({ length: 1100 }, (_, at) => article(at)));
    for (const id of ['2025/09/30/newest', '2026/11/23/later', '2023/02/03/backdated']) {
      await searched.publish([bundled(id, { terms: article(77).terms ?? '' })]);
      expect(searched.written.length, id).toBeLessThanOrEqual(6);
      expect(
        searched.written.reduce((sum, bytes) => sum + bytes, 0),
        id,
      ).toBeLessThan(35_000);
    }
  });
});
