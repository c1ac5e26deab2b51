import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { CID } from 'multiformats/cid';
import { beforeEach, describe, expect, it } from 'vitest';
import type { BlockSource } from '../../../src/node/retrieve/source.ts';
import { addDirectory } from '../../../src/unixfs/directory.ts';
import type { Offer } from '../../../src/workflows/finding/offers.ts';
import type { SyncReport } from '../../../src/workflows/following/sync.ts';
import { temporaryFolder } from '../../helpers/folder.ts';
import {
  CarPlace,
  type MirrorCall,
  offering,
  TestMirrorRepository,
  TestPlace,
} from '../../helpers/following.ts';
import { Forger, openNewsroom } from '../../helpers/forger.ts';
import { type Newsroom, source } from '../../helpers/newsroom.ts';

const PAPER = 'Bay Post';
const LATER = new Date('2026-01-10T13:00:00Z');
/** So short that a place that says nothing is given up at once. */
const IMPATIENT = { block: 150, patience: 150, headStart: 20, hedge: 50 };

let newsroom: Newsroom;
let mirror: TestMirrorRepository;
let id: string;
let first: string;
let second: string;
let forger: Forger;

/** Two editions of two papers with the same keys begin alike; the mirror holds the second of the first. */
beforeEach(async () => {
  newsroom = await openNewsroom(PAPER, join(temporaryFolder(), 'paper'));
  newsroom.write('articles/one.md', source());
  const begun = await newsroom.publish();
  first = begun.edition ?? '';
  id = begun.publication;
  newsroom.write('articles/two.md', source({ title: 'Two' }));
  second = (await newsroom.publish()).edition ?? '';
  forger = await Forger.take(PAPER, newsroom, second);
  const older = await Forger.take(PAPER, newsroom, first);
  for (const block of older.held.blocks.values()) forger.held.put(block);
  mirror = await TestMirrorRepository.open();
  await mirror.follow(id, [honest(second)]);
});

function honest(edition: string): Offer {
  return offering(edition, new TestPlace(forger.held));
}

/** The mirror is offered something, and keeps what it has: nothing else of it is stored, and all that is held is sound. */
async function refuses(offers: readonly Offer[], call: MirrorCall = {}): Promise<SyncReport> {
  const before = mirror.repository().blockstore.stats();
  const report = await mirror.sync(id, offers, { now: LATER, ...call });
  expect(report).toMatchObject({ outcome: 'kept', edition: second, sequence: 2 });
  const followed = mirror.repository().followed.get(id);
  expect(followed).toMatchObject({
    edition: second,
    problem: report.problem,
    checked: '2026-01-10T13:00:00Z',
  });
  expect(mirror.repository().blockstore.stats()).toEqual(before);
  expect(await mirror.failures()).toEqual([]);
  return report;
}

/** A third edition, as the publisher would make it, whatever has been done to it. */
async function third(change: (paper: Newsroom) => void = () => undefined): Promise<Forger> {
  const paper = newsroom.copy();
  paper.write('articles/three.md', source({ title: 'Three' }));
  change(paper);
  return Forger.take(PAPER, paper, (await paper.publish({ now: LATER })).edition ?? '');
}

describe('what is offered to a mirror and does not hold', () => {
  it('an older edition: refused, and kept as evidence once', async () => {
    const report = await refuses([honest(first)]);
    expect(report.problem).toMatchObject({ code: 'refused', message: expect.stringContaining('rollback') });
    expect(existsSync(report.evidence ?? '')).toBe(true);
    expect((await refuses([honest(first)])).evidence).toBe(null);
    expect(readdirSync(join(mirror.dir, '.ovn', 'evidence'))).toHaveLength(1);
    // A mirror that lags behind others is no lie.
    const both = await mirror.sync(id, [honest(first), honest(second)], { now: LATER });
    expect(both).toMatchObject({ outcome: 'same', problem: null });
  });

  it('another history by the publisher’s own keys: refused, and both documents are kept', async () => {
    const other = await openNewsroom(PAPER, join(temporaryFolder(), 'other'));
    for (const title of ['One', 'Other', 'Third', 'Fourth']) {
      other.write(`articles/${title}.md`, source({ title }));
      await other.publish();
    }
    const fork = await Forger.take(
      PAPER,
      other,
      await other.use(({ repository }) => repository.head()?.edition ?? ''),
    );
    // Also where somebody confirms what is held: the keys of the publication speak for both.
    const offers = [offering(fork.edition, new TestPlace(fork.held)), honest(second)];
    const report = await refuses(offers);
    expect(report.problem).toMatchObject({ code: 'refused', message: expect.stringContaining('fork') });
    const { kind, publication } = JSON.parse(await readText(report.evidence));
    expect([kind, publication]).toEqual(['fork', id]);
    // What is held speaks for itself where what was remembered is lost.
    rmSync(join(mirror.dir, '.ovn', 'readers'), { recursive: true });
    const again = await refuses(offers);
    expect(again.problem).toMatchObject({ code: 'refused', message: expect.stringContaining('fork:') });
  });

  it('two editions of one number: refused as two histories', async () => {
    const other = await openNewsroom(PAPER, join(temporaryFolder(), 'other'));
    other.write('articles/one.md', source());
    await other.publish();
    other.write('articles/three.md', source({ title: 'Not two' }));
    const fork = await Forger.take(PAPER, other, (await other.publish()).edition ?? '');
    const report = await refuses([offering(fork.edition, new TestPlace(fork.held))]);
    expect(report.problem?.code).toBe('refused');
    expect(report.evidence).not.toBe(null);
  });

  it('an edition of another publication, also where it is newer', async () => {
    const other = await openNewsroom('Other Post', join(temporaryFolder(), 'other'));
    for (const title of ['One', 'Two', 'Three']) {
      other.write(`articles/${title}.md`, source({ title }));
      await other.publish();
    }
    const root = await other.use(({ repository }) => repository.head()?.edition ?? '');
    const { held } = await Forger.take('Other Post', other, root);
    const report = await refuses([offering(root, new TestPlace(held))]);
    expect(report.problem).toMatchObject({
      code: 'refused',
      message: expect.stringContaining('another publication'),
    });
  });

  it('an edition that was changed, under the manifest that it had', async () => {
    const later = await third();
    const edition = await later.forge(async (tree) =>
      tree.set(['articles', 'evil'], await later.file('evil')),
    );
    const report = await refuses([offering(edition, new TestPlace(later.held))]);
    expect(report.problem).toMatchObject({
      code: 'refused',
      message: expect.stringContaining('root-entries'),
    });
  });

  it('what a stolen edition key signs: an article that was never logged, a log that forgets', async () => {
    const later = await third();
    const hidden = await later.forgeSigned(async (tree) =>
      tree.remove(['articles', '2026', '01', '05', 'three']),
    );
    const unlogged = await refuses([offering(hidden, new TestPlace(later.held))]);
    expect(unlogged.problem?.code).toBe('refused');
    const shorter = await later.forgeSigned(undefined, { log: (entries) => entries.slice(0, -2) });
    const forgetful = await refuses([offering(shorter, new TestPlace(later.held))]);
    expect(forgetful.problem?.code).toBe('refused');
  });

  it('an article that says something else than its page, signed by its desk', async () => {
    const later = await third();
    const path = 'articles/2026/01/05/three';
    const bundle = await later.rewrite(
      path,
      (article) => Object.assign(article, { headline: 'Else' }),
      'desk',
    );
    const edition = await later.forgeSigned(async (tree) => {
      await tree.set(path.split('/'), bundle);
    });
    const report = await refuses([offering(edition, new TestPlace(later.held))]);
    expect(report.problem?.message).toContain('bundles');
  });

  it('altered blocks, by CAR and one by one', async () => {
    const later = await third();
    for (const place of [new CarPlace(later.held), new TestPlace(later.held)]) {
      place.tamper = (cid, bytes) =>
        cid.code === 0x55 && bytes.length > 300 ? Buffer.from([...bytes, 1]) : bytes;
      const report = await refuses([offering(later.edition, place)]);
      expect(report.failures[0]?.why).toContain(place.id);
    }
    // Beside one who lies, others are asked.
    const liar = new TestPlace(later.held, 'https://liar.example');
    liar.tamper = () => Buffer.from('lies');
    const sources: BlockSource[] = [liar, new TestPlace(later.held)];
    const report = await mirror.sync(id, [{ ...offering(later.edition, liar), sources }], { now: LATER });
    expect(report).toMatchObject({ outcome: 'moved', sequence: 3 });
  });

  it('one who has not all of it, and one who stalls', async () => {
    const later = await third();
    const bundle = await later.link('articles/2026/01/05/three/article.json');
    const lacking = new TestPlace(later.held);
    lacking.tamper = (cid, bytes) => (cid.equals(bundle.cid) ? undefined : bytes);
    const report = await refuses([offering(later.edition, lacking)], { limits: IMPATIENT });
    expect(report.problem).toMatchObject({ code: 'incomplete' });
    const silent = new TestPlace(later.held);
    silent.block = () => new Promise(() => undefined);
    const begun = performance.now();
    const stalled = await refuses([offering(later.edition, silent)], { limits: IMPATIENT });
    expect(stalled.problem?.code).toBe('incomplete');
    expect(performance.now() - begun).toBeLessThan(5000);
  });

  it('more than may come: an endless directory, a log that claims any size, a large paper', async () => {
    const later = await third();
    const endless = await addEndless(later);
    const report = await refuses([offering(endless, new TestPlace(later.held))], { maxGrowth: 200_000 });
    expect(report.problem?.code).toMatch(/limit|refused/);
    const claims = await later.forgeSigned(undefined, {
      manifest: (manifest) => (manifest.log.size = 2 ** 39),
    });
    expect((await refuses([offering(claims, new TestPlace(later.held))])).problem?.code).toBe('refused');
    const small = await refuses([honest3(later)], { maxGrowth: 20_000 });
    expect(small.problem).toMatchObject({ code: 'limit', message: expect.stringContaining('20000') });
    expect(readdirSync(join(mirror.dir, '.ovn', 'fetched'))).toEqual([]);
    expect(await mirror.sync(id, [honest3(later)], { now: LATER })).toMatchObject({ outcome: 'moved' });
  });

  it('more than may come, in many tries: what they leave counts', async () => {
    const later = await third();
    const bundle = await later.link('articles/2026/01/05/three/article.json');
    const lacking = new TestPlace(later.held);
    lacking.tamper = (cid, bytes) => (cid.equals(bundle.cid) ? undefined : bytes);
    const fetched = join(mirror.dir, '.ovn', 'fetched');
    const lefts = async (): Promise<number[]> => {
      await refuses([offering(later.edition, lacking)], { limits: IMPATIENT });
      return readdirSync(fetched).map((name) => statSync(join(fetched, name)).size);
    };
    const [maxGrowth = 0] = await lefts();
    const over = await refuses([honest3(later)], { maxGrowth });
    expect(over.problem?.code).toBe('limit');
    expect(readdirSync(fetched)).toEqual([]);
    const anew = await mirror.sync(id, [honest3(later)], { maxGrowth, now: LATER });
    expect(anew).toMatchObject({ outcome: 'moved' });
  });

  it('many others that are none, offered before the one that is', async () => {
    const later = await third();
    const crowd: Offer[] = [];
    for (let at = 0; at < 12; at++) {
      const { cid } = await addDirectory([{ name: `${at}`, ...(await later.file('x')) }], later.held.sink);
      crowd.push(offering(cid, new TestPlace(later.held, `https://${at}.example`)));
    }
    const report = await mirror.sync(id, [...crowd, honest3(later)], { now: LATER });
    expect(report).toMatchObject({ outcome: 'moved', sequence: 3 });
  });

  it('what is no edition at all, beside one that is', async () => {
    const later = await third();
    const { cid } = await addDirectory(
      [{ name: 'index.html', ...(await later.file('hello')) }],
      later.held.sink,
    );
    const place = new TestPlace(later.held, 'https://odd.example');
    const odd = [offering(cid, place), offering('bafynothing', place), offering(CID.parse(id), place)];
    expect((await refuses(odd)).problem?.code).toBe('refused');
    const report = await mirror.sync(id, [...odd, honest3(later)], { now: LATER });
    expect(report).toMatchObject({ outcome: 'moved', failures: [{ from: 'https://odd.example' }] });
  });

  it('is not followed where it is the first that is seen', async () => {
    const later = await third();
    const edition = await later.forge(async (tree) => tree.set(['evil'], await later.file('evil')));
    const other = await TestMirrorRepository.open();
    const offers = [offering(edition, new TestPlace(later.held))];
    await expect(other.follow(id, offers)).rejects.toMatchObject({ code: 'refused' });
    expect(other.repository().followed.list()).toEqual([]);
    expect(other.repository().blockstore.stats().blocks).toBe(0);
    const large = other.follow(id, [honest3(later)], { maxGrowth: 20_000 });
    await expect(large).rejects.toMatchObject({
      code: 'incomplete',
      hint: expect.stringContaining('--max-growth'),
    });
    expect(other.repository().followed.list()).toEqual([]);
  });
});

function honest3({ edition, held }: Forger): Offer {
  return offering(edition, new TestPlace(held));
}

async function readText(path: string | null): Promise<string> {
  const { readFile } = await import('node:fs/promises');
  return readFile(path ?? '', 'utf8');
}

/** An edition, signed, in whose articles there is no end of directories. */
async function addEndless(forger: Forger): Promise<string> {
  let link = await forger.file('the end');
  for (let depth = 0; depth < 40; depth++) {
    const entries = await Promise.all(
      Array.from({ length: 40 }, async (_, at) => ({
        name: `${depth}-${at}`.padEnd(60, 'x'),
        ...(at === 0 ? link : await forger.file(`${depth} ${at} ${'x'.repeat(200)}`)),
      })),
    );
    link = await addDirectory(entries, forger.held.sink);
  }
  return forger.forgeSigned(async (tree) => tree.set(['articles', '2027'], link));
}
