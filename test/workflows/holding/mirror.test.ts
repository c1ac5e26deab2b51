import { CID } from 'multiformats/cid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EXIT } from '../../../src/errors.ts';
import { audit } from '../../../src/workflows/audit.ts';
import { collectGarbage } from '../../../src/workflows/collect-garbage.ts';
import { getBytes } from '../../../src/workflows/get.ts';
import { resolveTarget } from '../../../src/workflows/resolve-target.ts';
import type { VerifyReport } from '../../../src/workflows/verify.ts';
import { NOW } from '../../helpers/newsroom.ts';
import { headOf, Mirror, openPaper, placeOf, type SharedPaper } from './support.ts';

describe('a mirror that holds a part of a paper', () => {
  let paper: SharedPaper;
  let edition: CID;
  let publication: string;

  beforeAll(async () => {
    paper = await openPaper(60, 12);
    edition = headOf(paper.repository);
    publication = paper.repository.publicationId;
  });
  afterAll(() => paper.close());

  function results({ checks }: VerifyReport): Record<string, string> {
    return Object.fromEntries(checks.map(({ name, result }) => [name, result]));
  }

  function detail({ checks }: VerifyReport, name: string): string | undefined {
    return checks.find((check) => check.name === name)?.detail;
  }

  it('follows a category: its articles are genuine and logged, it is complete, and of the rest it says so', async () => {
    const mirror = await Mirror.open();
    const report = await mirror.follow(edition, { categories: ['science'] }, placeOf(paper.read));
    const categories = paper.repository.categories();
    expect(report).toMatchObject({
      outcome: 'moved',
      problem: null,
      held: { whole: false, left: { why: ['category'] } },
    });
    expect(mirror.repository.followed.get(publication)).toMatchObject({
      whole: false,
      left: report.held.left,
    });
    expect(mirror.repository.followed.roots()).toContain(categories['science']?.cid);
    expect(mirror.repository.followed.roots()).not.toContain(edition.toString());

    const whole = await mirror.verify(edition.toString());
    expect(whole.exitCode).toBe(EXIT.incomplete);
    expect(whole.report.ok).toBe(true);
    expect(results(whole.report)).toMatchObject({
      manifest: 'pass',
      'log-entries': 'pass',
      bundles: 'pass',
      articles: 'not-checked',
      categories: 'not-checked',
      'log-articles': 'not-checked',
      'manifest-history': 'not-checked',
      whole: 'not-checked',
      'publication-confirmed': 'pass',
    });
    expect(detail(whole.report, 'categories')).toContain(
      `science is whole, with exactly its ${categories['science']?.count} articles`,
    );
    expect(detail(whole.report, 'whole')).toContain('https://paper.example');

    const science = await mirror.verify('science');
    expect(science.exitCode).toBe(EXIT.done);
    expect(results(science.report)).toMatchObject({
      category: 'pass',
      whole: 'pass',
      listed: 'pass',
      current: 'pass',
    });
    const [article] = paper.repository.articles.list({ category: 'science' });
    const one = await mirror.verify(article?.id ?? '');
    expect([one.exitCode, one.report.verdict]).toEqual([EXIT.done, 'current']);
    expect(results(one.report)).toMatchObject({ 'log-inclusion': 'pass', signature: 'pass' });
  });

  it('says of what it does not hold that it does not, and who may have it', async () => {
    const mirror = await Mirror.open();
    await mirror.follow(edition, { categories: ['science'] }, placeOf(paper.read));
    const categories = paper.repository.categories();
    const other = paper.repository.articles
      .list({})
      .find(({ categories: in_ }) => in_.every(({ slug }) => slug !== 'science'));
    const named = [
      'world',
      `${categories['world']?.cid}`,
      `${other?.id}`,
      `${other?.cid}`,
      `${edition}/articles/${other?.id}`,
      `ipfs://${edition}/categories/world/index.html`,
    ];
    for (const what of named) {
      const found = resolveTarget(mirror.repository, mirror.read, what);
      await expect(found, what).rejects.toMatchObject({
        code: 'not-held',
        hint: expect.stringContaining('https://paper.example'),
      });
      await expect(mirror.verify(what), what).rejects.toMatchObject({ code: 'not-held' });
    }
    const nobody = resolveTarget(mirror.repository, mirror.read, '2026/01/01/never-published');
    await expect(nobody).rejects.toMatchObject({ code: 'not-found' });
    const strange = resolveTarget(
      mirror.repository,
      mirror.read,
      'bafkreigtanqaiheebes3ig4rab2gwnkwxjkf7l7qp3yjislpail7wg4boi',
    );
    await expect(strange).rejects.toMatchObject({ code: 'not-found' });
  });

  it('judges an earlier edition that it keeps a part of as such, and not as damaged', async () => {
    const mirror = await Mirror.open();
    const [, before] = paper.repository.editions(2);
    const earlier = CID.parse(before?.edition ?? '');
    await mirror.follow(earlier, { categories: ['science'], keep: 2 }, placeOf(paper.read));
    for (const choice of [{ categories: ['science'] }, {}]) {
      await mirror.follow(edition, { ...choice, keep: 2 }, placeOf(paper.read));
      const { report, exitCode } = await mirror.verify(earlier.toString());
      expect(report.checks.filter(({ result }) => result === 'fail')).toEqual([]);
      expect([exitCode, report.ok]).toEqual([EXIT.incomplete, true]);
      expect(detail(report, 'whole')).toContain('https://paper.example');
    }
    const editions = mirror.repository.followed.editions(publication);
    expect(editions.map(({ whole }) => whole)).toEqual([true, false]);
  });

  it('gives out what it holds, by every name of it', async () => {
    const mirror = await Mirror.open();
    await mirror.follow(edition, { categories: ['science'] }, placeOf(paper.read));
    const [article] = paper.repository.articles.list({ category: 'science' });
    const slug = article?.id.split('/')[3] ?? '';
    for (const what of [article?.id, slug, article?.cid, `${edition}/categories/science/${article?.id}`]) {
      const { cid } = await resolveTarget(mirror.repository, mirror.read, what);
      expect(cid.toString()).toBe(article?.cid);
    }
    const effects = { read: mirror.read, now: NOW, signal: new AbortController().signal };
    const parts: Uint8Array[] = [];
    for await (const part of getBytes(CID.parse(article?.cid ?? ''), 'md', effects)) parts.push(part);
    expect(Buffer.concat(parts).toString()).toContain(article?.headline);
    expect((await resolveTarget(mirror.repository, mirror.read, undefined)).cid.equals(edition)).toBe(true);
  });

  it('fails on what is false among what it holds, and on what lies in a wrong place', async () => {
    const mirror = await Mirror.open();
    await mirror.follow(edition, { categories: ['science'] }, placeOf(paper.read));
    const [article] = paper.repository.articles.list({ category: 'science' });
    mirror.repository.db.exec(
      `UPDATE blocks SET bytes = x'00' WHERE multihash = x'${Buffer.from(CID.parse(article?.cid ?? '').multihash.bytes).toString('hex')}'`,
    );
    const { report, exitCode } = await mirror.verify(edition.toString());
    expect(exitCode).toBe(EXIT.refused);
    expect(report.checks.find(({ result }) => result === 'fail')?.detail).toContain(article?.cid);
  });

  it('keeps through gc what it holds and nothing else, and is found whole by check', async () => {
    const mirror = await Mirror.open();
    await mirror.follow(edition, { maxBytes: 1_000_000 }, placeOf(paper.read));
    const { repository, read } = mirror;
    const signal = new AbortController().signal;
    const { bytes } = repository.followed.get(publication) ?? { bytes: 0 };
    expect(bytes).toBeLessThanOrEqual(1_000_000);
    const lock = async () => ({ [Symbol.asyncDispose]: async () => undefined });
    await collectGarbage({ repository, read, lock, dryRun: false, signal });
    const kept = repository.blockstore.stats().bytes;
    expect(kept).toBe(bytes);
    expect(
      (await audit({ repository, read, now: NOW, signal })).checks.filter(({ result }) => result === 'fail'),
    ).toEqual([]);
    const { checks } = (await mirror.verify(undefined)).report;
    expect(checks.filter(({ result }) => result === 'fail')).toEqual([]);
    // What leaves with a smaller choice goes with the next garbage.
    await mirror.follow(
      edition,
      { maxBytes: 700_000 },
      placeOf(async () => undefined),
    );
    await collectGarbage({ repository, read, lock, dryRun: false, signal });
    const after = repository.blockstore.stats().bytes;
    expect(after).toBeLessThanOrEqual(700_000);
    expect(after).toBe(repository.followed.get(publication)?.bytes);
    const part = repository.db.prepare('SELECT multihash FROM held_blocks LIMIT 1').get() as {
      multihash: Uint8Array;
    };
    repository.db.prepare('DELETE FROM blocks WHERE multihash = ?').run(part.multihash);
    const damaged = await audit({ repository, read, now: NOW, signal });
    expect(damaged.checks.find(({ name }) => name === 'kept')?.result).toBe('fail');
  });

  it('holds more or less when something else is chosen, of the same edition too', async () => {
    const mirror = await Mirror.open();
    await mirror.follow(edition, { categories: ['science'] }, placeOf(paper.read));
    const more = await mirror.follow(edition, { categories: ['science', 'world'] }, placeOf(paper.read));
    expect(more.outcome).toBe('moved');
    expect(mirror.repository.followed.roots()).toContain(paper.repository.categories()['world']?.cid);
    expect((await mirror.sync(publication, edition, placeOf(paper.read))).outcome).toBe('same');
    const all = await mirror.follow(edition, {}, placeOf(paper.read));
    expect(all.held).toMatchObject({ whole: true, left: { articles: 0, why: [] } });
    expect(mirror.repository.followed.roots()).toEqual([edition.toString()]);
  });
});
