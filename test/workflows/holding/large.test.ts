import { CID } from 'multiformats/cid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { walkDag } from '../../../src/unixfs/walk.ts';
import { source } from '../../helpers/newsroom.ts';
import { headOf, Mirror, openPaper, placeOf, type SharedPaper } from './support.ts';

const ARTICLES = 2000;
const MAX_BYTES = 2_500_000;

describe(`a mirror of a category of ${ARTICLES} articles, below a size`, () => {
  let paper: SharedPaper;

  beforeAll(async () => {
    paper = await openPaper(ARTICLES);
  });
  afterAll(() => paper.close());

  it('holds the newest, marks nothing as whole that is not, and moves on with few blocks', async () => {
    const mirror = await Mirror.open();
    const { repository } = mirror;
    let asked = 0;
    const place = placeOf(async (cid) => {
      asked += 1;
      return paper.read(cid);
    });
    const edition = headOf(paper.repository);
    const choice = { categories: ['science'], maxBytes: MAX_BYTES };
    const { held, problem } = await mirror.follow(edition, choice, place);
    expect(problem).toBeNull();
    expect(held.bytes).toBeLessThanOrEqual(MAX_BYTES);
    expect(held.bytes).toBeGreaterThan((MAX_BYTES * 15) / 16);
    expect(held.left?.why.toSorted()).toEqual(['category', 'size']);
    const science = paper.repository.articles.list({ category: 'science' });
    const here = await Promise.all(
      science.map(async ({ cid }) => (await mirror.read(CID.parse(cid))) !== undefined),
    );
    const count = here.filter(Boolean).length;
    expect(here.slice(0, count - 20)).not.toContain(false);
    expect(held.left?.articles).toBe(ARTICLES - count);
    await requireNothingFalseMarked(mirror, edition);
    const { checks, ok } = (await mirror.verify(undefined)).report;
    expect(ok).toBe(true);
    expect(checks.find(({ name }) => name === 'bundles')?.detail).toContain(`${count} bundles that are held`);

    paper.newsroom.write('articles/new.md', source({ title: 'The newest of all', date: '2026-01-09' }));
    await paper.newsroom.publish({ paths: ['articles/new.md'] });
    asked = 0;
    const { publicationId } = paper.repository;
    const moved = await mirror.sync(publicationId, headOf(paper.repository), place);
    expect(moved).toMatchObject({ outcome: 'moved', problem: null, sequence: 2 });
    expect(asked).toBeLessThan(60);
    expect(repository.followed.get(publicationId)?.bytes).toBeLessThanOrEqual(MAX_BYTES);
    await requireNothingFalseMarked(mirror, headOf(paper.repository));
  });

  /** What is marked as complete, or held with all it reaches, is whole. */
  async function requireNothingFalseMarked({ repository, read }: Mirror, edition: CID): Promise<void> {
    const roots = repository.followed.roots();
    expect(roots).not.toContain(edition.toString());
    expect(repository.pins.isComplete(edition)).toBe(false);
    for (const root of roots) expect(await isWhole(CID.parse(root), read)).toBe(true);
    for await (const { cid, bytes } of walkDag(edition, read)) {
      if (bytes !== undefined && repository.pins.isComplete(cid)) expect(await isWhole(cid, read)).toBe(true);
    }
  }

  async function isWhole(root: CID, read: Mirror['read']): Promise<boolean> {
    for await (const { bytes } of walkDag(root, read)) if (bytes === undefined) return false;
    return true;
  }
});
