import fc from 'fast-check';
import { CID } from 'multiformats/cid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pagePath } from '../../../src/article/addresses.ts';
import { OvnError } from '../../../src/errors.ts';
import { resolvePath } from '../../../src/unixfs/directory.ts';
import { walkDag } from '../../../src/unixfs/walk.ts';
import { headOf, heldBlocks, Mirror, openPaper, placeOf, type SharedPaper } from './support.ts';

describe('holding a part of an edition', () => {
  let paper: SharedPaper;
  let edition: CID;

  beforeAll(async () => {
    paper = await openPaper(120, 30);
    edition = headOf(paper.repository);
  });
  afterAll(() => paper.close());

  /** Ids of articles of which the newest revision is held whole, the newest first. */
  async function articlesHeld(mirror: Mirror): Promise<string[]> {
    const ids: string[] = [];
    for (const { id, cid } of paper.repository.articles.list({})) {
      let isWhole = true;
      for await (const { bytes } of walkDag(CID.parse(cid), mirror.read)) isWhole &&= bytes !== undefined;
      if (isWhole) ids.push(id);
    }
    return ids;
  }

  it('is all of it where nothing is chosen, by whichever way it is found to fit', async () => {
    const plain = await (await Mirror.open()).hold(edition, {}, paper.read);
    const mirror = await Mirror.open();
    const counted = await mirror.hold(edition, { maxBytes: 1e9 }, paper.read);
    expect(counted.whole).toBe(true);
    expect(counted.parts).toEqual(plain.parts);
    expect(counted.left).toEqual({ articles: 0, bytes: 0, why: [] });
    expect(counted.bytes).toBe(
      [...(await heldBlocks(counted, mirror.repository)).values()].reduce((a, b) => a + b),
    );
    expect((await mirror.hold(edition, {}, paper.read)).bytes).toBe(counted.bytes);
  });

  it('holds a category whole, as one root, with its revisions and without any other', async () => {
    const mirror = await Mirror.open();
    const holding = await mirror.hold(edition, { categories: ['science'] }, paper.read);
    const { science } = paper.repository.categories();
    expect(holding.whole).toBe(false);
    expect(holding.parts.map(({ cid }) => cid)).toContain(science?.cid);
    expect(holding.parts.map(({ cid }) => cid)).not.toContain(edition.toString());
    expect(holding.left).toMatchObject({ articles: 120 - (science?.count ?? 0), why: ['category'] });
    const inside = paper.repository.articles.list({ category: 'science' }).map(({ id }) => id);
    expect(await articlesHeld(mirror)).toEqual(inside);
    // Everything that came is held, but for nothing: no other category was looked into.
    expect((await heldBlocks(holding, mirror.repository)).size).toBe(mirror.fetched.length);
    const along = ['index.html', 'log/checkpoint', 'masthead/1.json', 'corrections/index.html'];
    for (const path of [...along, 'categories/science/feed.json'])
      expect(await resolvePath(edition, path.split('/'), mirror.read)).toBeDefined();
  });

  it('never exceeds its size, whatever that is, and leaves out only what is older or does not fit', async () => {
    const mirror = await Mirror.open();
    const all = paper.repository.articles.list({});
    const sizes = fc.integer({ min: 1_200_000, max: 4_000_000 });
    const choices = fc.constantFrom<string[] | null>(null, ['science'], ['science', 'world', 'culture']);
    await fc.assert(
      fc.asyncProperty(sizes, choices, fc.integer({ min: 1, max: 2 }), async (maxBytes, categories, keep) => {
        const holding = await mirror.hold(
          edition,
          { maxBytes: maxBytes * keep, categories, keep },
          paper.read,
        );
        const blocks = await heldBlocks(holding, mirror.repository);
        const bytes = [...blocks.values()].reduce((a, b) => a + b);
        expect(holding.bytes).toBe(bytes);
        expect(bytes).toBeLessThanOrEqual(maxBytes);
        expect(holding.parts.reduce((sum, part) => sum + part.bytes, 0)).toBeLessThanOrEqual(bytes);
        if (!holding.left.why.includes('size')) return;
        expect(bytes).toBeGreaterThan((maxBytes * 15) / 16);
        expect(holding.whole).toBe(false);
        const own = all.filter(({ cid }) => holding.parts.some((part) => part.cid === cid));
        expect(own.length).toBeLessThanOrEqual(all.length - holding.left.articles);
      }),
      { numRuns: 12 },
    );
  });

  it('takes the newest, and the same ones whatever was here before', async () => {
    const fresh = await Mirror.open();
    const small = await fresh.hold(edition, { maxBytes: 900_000 }, paper.read);
    const newest = await articlesHeld(fresh);
    expect(newest.length).toBe(120 - small.left.articles);
    for (const { id } of paper.repository.articles.list({})) {
      const page = await resolvePath(edition, ['articles', ...pagePath(id).split('/')], paper.read);
      expect((await fresh.read(page?.cid ?? expect.fail(id))) !== undefined, id).toBe(newest.includes(id));
    }
    const days = paper.repository.articles.list({}).map(({ id }) => id.slice(0, 10));
    const oldest = newest.at(-1)?.slice(0, 10) ?? '';
    expect(newest.length).toBeGreaterThanOrEqual(days.filter((day) => day > oldest).length);
    const full = await Mirror.open();
    await full.hold(edition, {}, paper.read);
    const again = await full.hold(edition, { maxBytes: 900_000 }, paper.read);
    expect(full.fetched).toEqual([]);
    expect(again).toEqual(small);
  });

  it('holds nothing that is older than a day', async () => {
    const mirror = await Mirror.open();
    const all = paper.repository.articles.list({}).map(({ id }) => id);
    const middle = all[60]?.slice(0, 10) ?? '';
    const holding = await mirror.hold(edition, { since: middle.replaceAll('/', '-') }, paper.read);
    const young = all.filter((id) => id.slice(0, 10) >= middle);
    expect(await articlesHeld(mirror)).toEqual(young);
    expect(holding.left).toMatchObject({ articles: 120 - young.length, why: ['since'] });
    expect((await heldBlocks(holding, mirror.repository)).size).toBe(mirror.fetched.length);
  });

  it('does not fetch again what is still wanted of the edition before', async () => {
    const mirror = await Mirror.open();
    const [before] = paper.repository.editions(2).slice(-1);
    await mirror.hold(CID.parse(before?.edition ?? ''), { categories: ['science'] }, paper.read);
    const had = new Set(mirror.fetched.map(String));
    await mirror.hold(edition, { categories: ['science'] }, paper.read);
    expect(mirror.fetched.filter((cid) => had.has(String(cid)))).toEqual([]);
    const unchanged = await mirror.hold(edition, { categories: ['science'] }, paper.read);
    expect([mirror.fetched.length, unchanged.whole]).toEqual([0, false]);
  });

  it('refuses a size that the spine alone exceeds, and a category that nobody has', async () => {
    const mirror = await Mirror.open();
    await expect(mirror.hold(edition, { maxBytes: 50_000 }, paper.read)).rejects.toMatchObject({
      code: 'incomplete',
    });
    await expect(mirror.hold(edition, { categories: ['nothing'] }, paper.read)).rejects.toMatchObject({
      code: 'not-found',
      hint: expect.stringContaining('science'),
    });
  });

  it('ends when more comes new than one sync may fetch, with nothing held', async () => {
    const mirror = await Mirror.open();
    const more = { maxGrowth: 400_000 };
    const growing = mirror.follow(edition, { maxBytes: 900_000 }, placeOf(paper.read), more);
    await expect(growing).rejects.toMatchObject({
      code: 'incomplete',
      message: expect.stringContaining('400000'),
    });
    expect(mirror.repository.blockstore.stats().blocks).toBe(0);
    expect(mirror.repository.followed.list()).toEqual([]);
  });

  it('says what is not to be had, and goes on from there', async () => {
    const mirror = await Mirror.open();
    let given = 0;
    const breaking = async (cid: CID) => (++given > 150 ? undefined : paper.read(cid));
    await expect(mirror.hold(edition, { categories: ['science', 'world'] }, breaking)).rejects.toMatchObject({
      code: 'incomplete',
    });
    const had = new Set(mirror.fetched.map(String));
    await mirror.hold(edition, { categories: ['science', 'world'] }, paper.read);
    expect(mirror.fetched.filter((cid) => had.has(String(cid)))).toEqual([]);
  });

  it('leaves out what a list of this server denies', async () => {
    const mirror = await Mirror.open();
    const [article] = paper.repository.articles.list({ category: 'science' });
    const denied = article?.cid;
    const read = async (cid: CID) => {
      if (cid.toString() === denied) throw new OvnError('denied', 'no');
      return paper.read(cid);
    };
    const holding = await mirror.hold(edition, { categories: ['science'] }, read);
    expect(holding.left.why).toContain('denied');
    expect(holding.parts.map(({ cid }) => cid)).not.toContain(paper.repository.categories()['science']?.cid);
    expect(await articlesHeld(mirror)).not.toContain(article?.id);
  });
});
