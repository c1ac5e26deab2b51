import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Entry } from '../../src/edition/archive.ts';
import type { EditionTrees } from '../../src/edition/build-edition.ts';
import { linkOf } from '../../src/edition/change.ts';
import { Tree } from '../../src/unixfs/tree.ts';
import { ArticleModel } from '../helpers/article-model.ts';
import { bundled, Paper, PUBLICATION } from '../helpers/paper.ts';

const SLUGS = ['constructor', 'science', 'world'];
const CATEGORIES = SLUGS.map((slug) => ({ slug, name: slug.toUpperCase() }));

/** What an edition says of its articles: everything but what grows with every edition. */
function contentOf({ entries, categories, articles }: EditionTrees) {
  return {
    articles,
    categories: [...categories],
    entries: entries.filter(({ name }) => name !== 'manifests'),
  };
}

interface Plan {
  id: string;
  /** One revision each. */
  revisions: { headline: string; categories: Entry['categories']; dateModified: string }[];
}

const revision = fc.record({
  headline: fc.string({ maxLength: 5 }),
  categories: fc.subarray(CATEGORIES, { minLength: 1 }),
  dateModified: fc.constantFrom('2025-07-07', '2025-07-08T00:00:00Z', '2025-07-08T02:00:00+02:00'),
});

const plan: fc.Arbitrary<Plan> = fc.record({
  id: fc
    .tuple(
      fc.constantFrom('2024/12/31', '2025/01/01', '2025/01/02', '2025/07/07'),
      fc.constantFrom('a', 'b', 'c'),
    )
    .map((parts) => parts.join('/')),
  revisions: fc.array(revision, { minLength: 1, maxLength: 3 }),
});

/** Articles with their revisions, and in which order they come and in how many goes. */
const history = fc
  .uniqueArray(plan, { selector: ({ id }) => id, minLength: 1, maxLength: 8 })
  .chain((plans) => {
    const turns = plans.flatMap(({ revisions }, at) => revisions.map(() => at));
    return fc.record({
      plans: fc.constant(plans),
      turns: fc.shuffledSubarray(turns, { minLength: turns.length }),
      goes: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 24, maxLength: 24 }),
    });
  });

const entriesOf = ({ id, revisions }: Plan) =>
  revisions.map((each, at) => bundled(id, { ...each, revision: at + 1 }));

/** The revisions in the order of their turns, cut into goes in each of which an article comes once. */
function goesOf(plans: readonly Plan[], turns: readonly number[], sizes: readonly number[]): Entry[][] {
  const waiting = plans.map(entriesOf);
  const goes: Entry[][] = [[]];
  for (const turn of turns) {
    const entry = waiting[turn]?.shift();
    const last = goes.at(-1) ?? [];
    const full = last.length >= (sizes[goes.length - 1] ?? 1);
    if (entry === undefined) continue;
    if (full || last.some(({ id }) => id === entry.id)) goes.push([entry]);
    else last.push(entry);
  }
  return goes;
}

describe('buildEdition', () => {
  it('makes the same of the same articles, in any number of goes, by the order of first publication', async () => {
    await fc.assert(
      fc.asyncProperty(history, async ({ plans, turns, goes }) => {
        const slowly = new Paper();
        for (const go of goesOf(plans, turns, goes)) await slowly.publish(go);
        const model = new ArticleModel();
        for (const go of goesOf(plans, turns, goes)) model.number(go.map(({ id }) => id));
        const atOnce = new Paper(PUBLICATION, model);
        for (const entry of plans.flatMap(entriesOf)) atOnce.archive.add(entry);
        const newest = plans.flatMap((each) => entriesOf(each).slice(-1));
        await atOnce.build(newest.map((entry) => ({ entry, link: linkOf(entry) })));
        expect(slowly.trees && contentOf(slowly.trees)).toEqual(atOnce.trees && contentOf(atOnce.trees));
      }),
      { numRuns: 60 },
    );
  });

  it('puts everything where the design says', async () => {
    const paper = new Paper();
    const [science, world] = [[{ slug: 'science', name: 'S' }], [{ slug: 'world', name: 'W' }]];
    const first = bundled('2025/07/07/a', { categories: science });
    await paper.publish([first, bundled('2024/01/31/b', { categories: world })]);
    const second = bundled('2025/07/07/a', { categories: science, revision: 2 });
    await paper.publish([second]);
    const tree = Tree.open(paper.root ?? expect.fail(), paper.blocks.read);
    expect(await tree.names([])).toEqual(
      '404.html _redirects about.html articles categories corrections feed.atom feed.json id.svg index.html manifests masthead revisions search search.css search.html search.js sitemap.xml style.css verify.css verify.html verify.js'.split(
        ' ',
      ),
    );
    expect(await tree.names(['articles'])).toEqual(['2024', '2025', 'index.html']);
    expect(await tree.names(['articles', '2025', '07', '07'])).toEqual([
      'a',
      'a.html',
      'feed.atom',
      'feed.json',
      'index.html',
    ]);
    expect(await tree.names(['categories', 'science'])).toEqual(
      '2025 feed.atom feed.json index.html revisions style.css'.split(' '),
    );
    const cidAt = async (path: string) => (await tree.get(path.split('/')))?.cid.toString();
    expect(await cidAt('articles/2025/07/07/a')).toBe(second.cid);
    expect(await cidAt('categories/science/2025/07/07/a')).toBe(second.cid);
    expect(await cidAt('revisions/2025/07/07/a/1')).toBe(first.cid);
    expect(await cidAt('categories/science/revisions/2025/07/07/a/1')).toBe(first.cid);
    expect(await cidAt('manifests/0/0/1.json')).toBeDefined();
  });

  it('leaves nothing of an article in a category that it left, nor an empty category', async () => {
    const paper = new Paper();
    const [science, world] = [
      { slug: 'science', name: 'S' },
      { slug: 'world', name: 'W' },
    ];
    await paper.publish([bundled('2025/07/07/a', { categories: [science, world] })]);
    await paper.publish([bundled('2025/08/08/b', { categories: [science] })]);
    await paper.publish([bundled('2025/07/07/a', { categories: [world], revision: 2 })]);
    const tree = Tree.open(paper.root ?? expect.fail(), paper.blocks.read);
    expect(await tree.names(['categories', 'science'])).toEqual([
      '2025',
      'feed.atom',
      'feed.json',
      'index.html',
      'style.css',
    ]);
    expect(await tree.names(['categories', 'science', '2025'])).toEqual(['08', 'index.html']);
    const { categories } = await paper.publish([
      bundled('2025/08/08/b', { categories: [world], revision: 2 }),
    ]);
    expect([...categories.keys()]).toEqual(['world']);
    const after = Tree.open(paper.root ?? expect.fail(), paper.blocks.read);
    expect(await after.names(['categories'])).toEqual(['index.html', 'world', 'world.html']);
    expect(await after.get('revisions/2025/07/07/a/1'.split('/'))).toBeDefined();
  });
});
