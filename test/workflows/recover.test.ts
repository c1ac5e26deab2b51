import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CID } from 'multiformats/cid';
import { beforeEach, describe, expect, it } from 'vitest';
import { writeCar } from '../../src/node/car.ts';
import { replaceLostDatabase } from '../../src/repo/create-repository.ts';
import { openRepository } from '../../src/repo/open-repository.ts';
import { readRestoredMark, readRestoredNames, setRestoredMark } from '../../src/repo/restored-mark.ts';
import { audit } from '../../src/workflows/audit.ts';
import { collectGarbage } from '../../src/workflows/collect-garbage.ts';
import { type RecoverReport, recover } from '../../src/workflows/recover.ts';
import { writeFolder } from '../../src/workflows/write-folder.ts';
import { temporaryFolder } from '../helpers/folder.ts';
import { Newsroom, NOW, source } from '../helpers/newsroom.ts';

const SIGNAL = new AbortController().signal;
/** What a recovered repository cannot know, or knows in another order. */
const UNKNOWN = ['meta', 'blocks', 'complete', 'records', 'sources'];

const PHOTO = new URL('../fixtures/images/photo.jpg', import.meta.url);
const noLock = async (): Promise<AsyncDisposable> => ({ [Symbol.asyncDispose]: async () => undefined });

let room: Newsroom;
let old: Newsroom;
let folder: string;

beforeEach(async () => {
  room = await Newsroom.open();
  room.write('articles/a.md', source({ title: 'First light', categories: '[Science, World]' }));
  room.write('articles/b.md', source({ title: 'Harbour' }));
  await room.publish();
  old = room.copy();
  room.write('articles/a.md', source({ title: 'First light, again' }));
  room.write('articles/c.md', source({ title: 'Third', categories: '[World]' }));
  await room.publish({ now: new Date('2026-01-11T12:00:00Z') });
  room.write('articles/a.md', source({ title: 'First light, at last', categories: '[New]' }));
  await room.publish({ now: new Date('2026-01-12T12:00:00Z') });
  folder = temporaryFolder();
});

async function exportHead(from: Newsroom, name = 'newest.car'): Promise<string> {
  const path = join(folder, name);
  await from.use(async ({ repository, node }) => {
    const chunks: Uint8Array[] = [];
    for await (const chunk of writeCar(CID.parse(repository.head()?.edition ?? ''), node.read))
      chunks.push(chunk);
    writeFileSync(path, Buffer.concat(chunks));
  });
  return path;
}

function recoverIn(
  into: Newsroom,
  what: string,
  {
    publication,
    dryRun = false,
    signal = SIGNAL,
  }: { publication?: string; dryRun?: boolean; signal?: AbortSignal } = {},
): Promise<RecoverReport> {
  return into.use(({ repository, node }) =>
    recover({ what, publication, dryRun }, { repository, node, lock: noLock, now: NOW, signal }),
  );
}

function copySources(from: Newsroom, to: Newsroom): void {
  rmSync(to.path('articles'), { recursive: true });
  cpSync(from.path('articles'), to.path('articles'), { recursive: true });
}

function tablesOf(where: Newsroom): Record<string, unknown[]> {
  using repository = openRepository(where.dir);
  const tables = repository.db
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
    .all();
  const names = tables.map(({ name }) => String(name)).filter((name) => !UNKNOWN.includes(name));
  return Object.fromEntries(
    names.map((name) => [name, repository.db.prepare(`SELECT * FROM ${name}`).all()]),
  );
}

/** The same, but for what only the machine that published knew. */
function comparable(where: Newsroom): Record<string, unknown[]> {
  const { articles = [], revisions = [], manifests = [], ...rest } = tablesOf(where);
  return {
    ...rest,
    picture_variants: [], // made anew when they are needed
    articles: (articles as { categories: string }[]).map((row) => ({
      ...row,
      categories: JSON.parse(row.categories),
    })),
    revisions: revisions.map((row) => ({ ...(row as object), digest: '' })),
    manifests: manifests.map((row) => ({ ...(row as object), edition: '' })),
  };
}

async function failuresOf(where: Newsroom) {
  return where.use(async ({ repository, node }) => {
    const { checks } = await audit({ repository, read: node.read, now: NOW, signal: SIGNAL });
    return checks.filter(({ result }) => result === 'fail');
  });
}

function publicationOf(where: Newsroom): string {
  using repository = openRepository(where.dir);
  return repository.publicationId;
}

async function expectSameNext(...rooms: Newsroom[]): Promise<void> {
  const editions = new Set<string>();
  for (const each of rooms) {
    each.write('articles/d.md', source({ title: 'Fourth' }));
    each.write('articles/b.md', source({ title: 'Harbour, closed' }));
    const { edition, sequence } = await each.publish({ now: new Date('2026-01-13T12:00:00Z') });
    expect(sequence).toBe(4);
    editions.add(edition);
  }
  expect(editions.size).toBe(1);
}

describe('an edition that was made with another look', () => {
  it('is made anew by the next publication of who had the look of before', async () => {
    room.write('theme/style.css', 'p { color: red }');
    room.configure({ theme: 'theme' });
    await room.publish({ now: new Date('2026-01-12T13:00:00Z') });
    await recoverIn(old, await exportHead(room));
    copySources(room, old);
    expect(await old.publish({ now: new Date('2026-01-13T12:00:00Z') })).toMatchObject({ renewed: true });
  });
});

describe('recover', () => {
  it('takes in what was published after a backup', async () => {
    const car = await exportHead(room);
    copySources(room, old);
    expect(await recoverIn(old, car)).toMatchObject({
      status: 'recovered',
      from: 1,
      sequence: 3,
      entries: 5,
      articles: 2,
      sources: 2,
    });
    expect(comparable(old)).toEqual(comparable(room));
    expect(await failuresOf(old)).toEqual([]);
    expect(await old.publish({ now: new Date('2026-01-12T12:00:00Z') })).toMatchObject({
      status: 'unchanged',
      sequence: 3,
    });
    await expectSameNext(old, room);
    expect(await failuresOf(old)).toEqual([]);
  });

  it('rebuilds a lost database from a folder', async () => {
    const { head, publication } = { head: headOf(room), publication: publicationOf(room) };
    const path = join(folder, 'edition');
    await room.use(({ node }) => writeFolder(CID.parse(head), path, node.read, SIGNAL));
    const lost = new Newsroom(temporaryFolder());
    cpSync(room.path('ovn.json'), lost.path('ovn.json'));
    cpSync(room.path('articles'), lost.path('articles'), { recursive: true });
    expect(replaceLostDatabase(lost.dir)).toBeTypeOf('function');
    cpSync(room.path('.ovn/keys'), lost.path('.ovn/keys'), { recursive: true });
    await expect(recoverIn(lost, path)).rejects.toMatchObject({
      code: 'usage',
      hint: expect.stringContaining(publication),
    });
    expect(await recoverIn(lost, path, { publication })).toMatchObject({
      from: 0,
      sequence: 3,
      articles: 3,
      sources: 3,
    });
    expect(comparable(lost)).toEqual(comparable(room));
    expect(await failuresOf(lost)).toEqual([]);
    // What its name led to is in no edition: the next record is not signed before somebody was asked.
    expect(await lost.use(({ repository }) => readRestoredNames(repository.meta))).toBeDefined();
    expect(await lost.publish({ now: new Date('2026-01-12T12:00:00Z') })).toMatchObject({
      status: 'unchanged',
    });
    await expectSameNext(lost, room);
  });

  it('goes on from any edition before, with pictures, corrections and sources that moved', async () => {
    const steps: Record<string, string | Uint8Array>[] = [
      { 'photo.jpg': readFileSync(PHOTO), 'p.md': source({ title: 'Picture' }, '![A photo](photo.jpg)\n') },
      { 'c.md': source({ title: 'Third', corrections: '[{date: 2026-01-06, text: It was so.}]' }) },
      {
        'e.md': source({ title: 'Fifth', date: '2025-12-31T23:00:00+01:00', author: 'Ada' }),
        'f.md': source(),
      },
    ];
    const states = [old, room.copy()];
    for (const [at, files] of steps.entries()) {
      for (const [name, content] of Object.entries(files)) room.write(`articles/${name}`, content);
      await room.publish({ now: new Date(Date.UTC(2026, 0, 13 + at)) });
      states.push(room.copy());
    }
    cpSync(room.path('articles/f.md'), room.path('articles/2026/f.md'));
    room.remove('articles/f.md');
    const now = new Date(Date.UTC(2026, 0, 16));
    expect(await room.publish({ now })).toMatchObject({ status: 'unchanged', sequence: 6 });
    const car = await exportHead(room);
    for (const state of states) {
      copySources(room, state);
      const { articles, sources } = await recoverIn(state, car);
      expect(sources).toBe(articles);
      expect(await failuresOf(state)).toEqual([]);
      expect(await state.publish({ now })).toMatchObject({ status: 'unchanged', sequence: 6 });
      expect(comparable(state)).toEqual(comparable(room));
    }
  });

  it('leaves what garbage collection keeps', async () => {
    await recoverIn(old, await exportHead(room));
    await old.use(({ repository, node }) =>
      collectGarbage({ repository, read: node.read, lock: noLock, dryRun: false, signal: SIGNAL }),
    );
    expect(await failuresOf(old)).toEqual([]);
  });

  it('takes an edition that is held by its CID', async () => {
    const edition = headOf(room);
    const blocks = await room.use(({ repository }) =>
      repository.db.prepare('SELECT multihash, bytes FROM blocks').all(),
    );
    {
      using repository = openRepository(old.dir);
      const insert = repository.db.prepare('INSERT OR IGNORE INTO blocks (multihash, bytes) VALUES (?, ?)');
      for (const { multihash = null, bytes = null } of blocks) insert.run(multihash, bytes);
    }
    expect(await recoverIn(old, edition)).toMatchObject({ status: 'recovered', sequence: 3, edition });
    const other = edition.replace(/.$/, (last) => (last === 'q' ? 'u' : 'q'));
    await expect(recoverIn(old, other)).rejects.toMatchObject({ code: 'not-found' });
  });

  it('makes a revision only of a source that says something else than is published', async () => {
    const car = await exportHead(room);
    rmSync(old.path('articles'), { recursive: true });
    mkdirSync(old.path('articles'));
    expect(await recoverIn(old, car)).toMatchObject({ articles: 2, sources: 0 });
    const now = new Date('2026-01-12T12:00:00Z');
    expect(await old.publish({ now })).toMatchObject({ status: 'unchanged' });
    old.write(
      'articles/x.md',
      source({ title: 'Third', slug: 'c', categories: '[World]' }, 'Another text.\n'),
    );
    const report = await old.publish({ now });
    expect(report.articles.filter(({ status }) => status === 'revised')).toHaveLength(1);
    expect(report.sequence).toBe(4);
    expect(await failuresOf(old)).toEqual([]);
  });

  it('changes nothing in a dry run, or when it is stopped', async () => {
    const car = await exportHead(room);
    const before = tablesOf(old);
    expect(await recoverIn(old, car, { dryRun: true })).toMatchObject({ status: 'recovered', sequence: 3 });
    expect(tablesOf(old)).toEqual(before);
    await expect(recoverIn(old, car, { signal: AbortSignal.abort(new Error('stopped')) })).rejects.toThrow();
    expect(tablesOf(old)).toEqual(before);
  });

  it('confirms what is the newest', async () => {
    const car = await exportHead(old);
    for (const [where, isMarked] of [
      [old, false],
      [room, true],
    ] as const) {
      {
        using repository = openRepository(where.dir);
        setRestoredMark(repository.meta, { made: 'x', restored: 'x', sequence: 1 });
      }
      expect(await recoverIn(where, car)).toMatchObject({ status: 'confirmed', entries: 0 });
      using repository = openRepository(where.dir);
      expect(readRestoredMark(repository.meta) !== undefined).toBe(isMarked);
    }
  });

  it('refuses another history, another publication, and what is not genuine', async () => {
    const car = await exportHead(room);
    old.write('articles/z.md', source({ title: 'Something else' }));
    await old.publish({ now: new Date('2026-01-11T12:00:00Z') });
    const before = tablesOf(old);
    const fork = { code: 'refused', message: expect.stringContaining('two histories') };
    await expect(recoverIn(old, car)).rejects.toMatchObject(fork);
    await expect(recoverIn(room, await exportHead(old, 'old.car'))).rejects.toMatchObject(fork);
    expect(tablesOf(old)).toEqual(before);
    const stranger = await Newsroom.open();
    stranger.write('articles/a.md', source());
    await stranger.publish();
    await expect(recoverIn(stranger, car)).rejects.toMatchObject({
      code: 'refused',
      message: expect.stringContaining('of publication'),
    });
    const edition = join(folder, 'edition');
    await room.use(({ node }) => writeFolder(CID.parse(headOf(room)), edition, node.read, SIGNAL));
    writeFileSync(join(edition, 'index.html'), 'forged');
    const copy = room.copy();
    await expect(recoverIn(copy, edition)).rejects.toMatchObject({ code: 'refused' });
    expect(existsSync(join(copy.dir, '.ovn/ovn.db'))).toBe(true);
  });

  it('knows the themes of the newer edition, and goes on with its pages as they are', async () => {
    const now = new Date('2026-01-13T12:00:00Z');
    for (const newsroom of [room, old]) {
      newsroom.write('theme/additions.css', 'p { color: teal }');
      newsroom.configure({ theme: 'theme' });
    }
    room.write('articles/d.md', source({ title: 'Fourth' }));
    const { edition } = await room.publish({ now });
    copySources(room, old);
    await recoverIn(old, await exportHead(room));
    expect(await old.publish({ now })).toMatchObject({ status: 'unchanged', edition });
    old.configure({ theme: undefined as never });
    const after = await old.publish({ now });
    expect(after.renewed).toBe(true);
    const { checks } = await old.verify(undefined, now);
    expect(checks.filter(({ name, result }) => name === 'themes' || result === 'fail')).toMatchObject([
      { name: 'themes', result: 'pass' },
    ]);
  });
});

function headOf(where: Newsroom): string {
  using repository = openRepository(where.dir);
  return repository.head()?.edition ?? '';
}
