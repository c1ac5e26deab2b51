import { existsSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createKeys, loadKey } from '../../src/repo/keyring.ts';
import { openRepository } from '../../src/repo/open-repository.ts';
import { readRestoredMark } from '../../src/repo/restored-mark.ts';
import { audit } from '../../src/workflows/audit.ts';
import { type BackupReport, backUp } from '../../src/workflows/backup.ts';
import { restore } from '../../src/workflows/restore.ts';
import { rawBlocks } from '../helpers/blocks.ts';
import { temporaryFolder } from '../helpers/folder.ts';
import { Newsroom, NOW, source } from '../helpers/newsroom.ts';

const SIGNAL = new AbortController().signal;

async function newsroom(): Promise<Newsroom> {
  const room = await Newsroom.open();
  room.write('articles/a.md', source({ title: 'First light' }));
  room.write('articles/b.md', source({ title: 'Harbour', categories: '[Science, World]' }));
  await room.publish();
  return room;
}

/** Makes a database that takes several steps to copy. */
function grow(room: Newsroom): void {
  using repository = openRepository(room.dir);
  repository.blockstore.putBatch(rawBlocks(20, 1_500_000, 2_000_000));
}

async function backUpTo(
  file: string,
  room: Newsroom,
  { keys = true, force = false, dryRun = false } = {},
  signal = SIGNAL,
  onProgress?: () => void,
): Promise<BackupReport> {
  using repository = openRepository(room.dir);
  const effects = { repository, now: NOW, signal, ...(onProgress === undefined ? {} : { onProgress }) };
  return await backUp({ file, keys, force, dryRun }, effects);
}

/** A new newsroom out of a backup; the sources are copied as git would. */
async function restoreTo(dir: string, file: string, room: Newsroom): Promise<Newsroom> {
  await restore({ file, dir, dryRun: false }, { now: NOW, signal: SIGNAL });
  const restored = new Newsroom(dir);
  for (const name of readdirSync(room.path('articles')))
    restored.write(`articles/${name}`, readFileSync(room.path(`articles/${name}`)));
  return restored;
}

function tablesOf(room: Newsroom): Record<string, unknown[]> {
  using repository = openRepository(room.dir);
  const names = repository.db
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name <> 'meta' ORDER BY name")
    .all() as { name: string }[];
  return Object.fromEntries(
    names.map(({ name }) => [name, repository.db.prepare(`SELECT * FROM ${name}`).all()]),
  );
}

function failuresOf(room: Newsroom) {
  return room.use(async ({ repository, node }) => {
    const { checks } = await audit({ repository, read: node.read, now: NOW, signal: SIGNAL });
    return checks.filter(({ result }) => result === 'fail');
  });
}

function modeOf(path: string): string {
  return (statSync(path).mode & 0o777).toString(8);
}

describe('backUp and restore', () => {
  it('bring the whole repository back', async () => {
    const room = await newsroom();
    const folder = temporaryFolder();
    const file = join(folder, 'paper.ovn');
    const report = await backUpTo(file, room);
    expect(report).toMatchObject({ file, sequence: 1, keys: 5, encrypted: false });
    expect(report.bytes).toBe(statSync(file).size);
    expect(modeOf(file)).toBe('600');
    expect(readdirSync(folder)).toEqual(['paper.ovn']);
    const restored = await restoreTo(join(folder, 'new', 'paper'), file, room);
    expect(tablesOf(restored)).toEqual(tablesOf(room));
    expect(await failuresOf(restored)).toEqual([]);
    expect(readFileSync(restored.path('ovn.json'))).toEqual(readFileSync(room.path('ovn.json')));
    const keys = readdirSync(room.path('.ovn/keys')).sort();
    expect(readdirSync(restored.path('.ovn/keys')).sort()).toEqual(keys);
    for (const key of keys) {
      expect(readFileSync(restored.path(`.ovn/keys/${key}`))).toEqual(
        readFileSync(room.path(`.ovn/keys/${key}`)),
      );
      expect(modeOf(restored.path(`.ovn/keys/${key}`))).toBe('600');
    }
    expect([modeOf(restored.path('.ovn')), modeOf(restored.path('.ovn/keys'))]).toEqual(['700', '700']);
    expect(modeOf(restored.path('.ovn/ovn.db'))).toBe('600');
    expect(readdirSync(restored.dir).sort()).toEqual(['.ovn', 'articles', 'ovn.json']);
    expect(readdirSync(restored.path('.ovn')).sort()).toEqual(['.gitignore', 'keys', 'ovn.db']);
  });

  it('go on to the same CIDs', async () => {
    const room = await newsroom();
    const folder = temporaryFolder();
    await backUpTo(join(folder, 'paper.ovn'), room);
    const restored = await restoreTo(join(folder, 'paper'), join(folder, 'paper.ovn'), room);
    expect(await restored.publish()).toMatchObject({ status: 'unchanged', sequence: 1 });
    for (const each of [room, restored]) {
      each.write('articles/b.md', source({ title: 'Harbour, again', categories: '[World]' }));
      each.write('articles/c.md', source({ title: 'Third' }));
    }
    const expected = await room.publish();
    expect(expected.sequence).toBe(2);
    const { edition, manifest } = await restored.publish();
    expect([edition, manifest]).toEqual([expected.edition, expected.manifest]);
    expect(await failuresOf(restored)).toEqual([]);
  });

  it('leave nothing of a key in the restored database, and say that it was restored', async () => {
    const room = await newsroom();
    const folder = temporaryFolder();
    await backUpTo(join(folder, 'paper.ovn'), room);
    expect(readFileSync(join(folder, 'paper.ovn')).includes('PRIVATE KEY')).toBe(true);
    const restored = await restoreTo(join(folder, 'paper'), join(folder, 'paper.ovn'), room);
    const database = readFileSync(restored.path('.ovn/ovn.db'));
    expect(database.includes('PRIVATE KEY')).toBe(false);
    expect(database.includes('backup_files')).toBe(false);
    using repository = openRepository(restored.dir);
    const made = '2026-01-10T12:00:00Z';
    expect(readRestoredMark(repository.meta)).toEqual({ made, restored: made, sequence: 1 });
    expect(repository.meta.get('backup')).toBeUndefined();
  });

  it('keep encrypted keys encrypted', async () => {
    const room = await Newsroom.open();
    await createKeys(room.path('.ovn/keys'), ['desk'], 'open sesame');
    const [plain] = readdirSync(room.path('.ovn/keys')).filter((name) => /^desk-.*\.pem$/.test(name));
    room.remove(`.ovn/keys/${plain}`);
    const folder = temporaryFolder();
    const file = join(folder, 'paper.ovn');
    expect(await backUpTo(file, room)).toMatchObject({ sequence: null, keys: 5, encrypted: false });
    const restored = await restoreTo(join(folder, 'paper'), file, room);
    await expect(loadKey(restored.path('.ovn/keys'), 'desk', 'wrong')).rejects.toMatchObject({ code: 'key' });
    const { did } = await loadKey(room.path('.ovn/keys'), 'desk', 'open sesame');
    expect(await loadKey(restored.path('.ovn/keys'), 'desk', 'open sesame')).toMatchObject({
      did,
      encrypted: true,
    });
  });

  it('can do without the keys', async () => {
    const room = await newsroom();
    const folder = temporaryFolder();
    const file = join(folder, 'paper.ovn');
    expect(await backUpTo(file, room, { keys: false })).toMatchObject({ keys: 0, encrypted: null });
    expect(readFileSync(file).includes('PRIVATE KEY')).toBe(false);
    const restored = await restoreTo(join(folder, 'paper'), file, room);
    expect(existsSync(restored.path('.ovn/keys'))).toBe(false);
    expect(await failuresOf(restored)).toEqual([]);
  });

  it('can be repeated on what was restored', async () => {
    const room = await newsroom();
    const folder = temporaryFolder();
    await backUpTo(join(folder, '1.ovn'), room);
    const once = await restoreTo(join(folder, 'once'), join(folder, '1.ovn'), room);
    await backUpTo(join(folder, '2.ovn'), once);
    const twice = await restoreTo(join(folder, 'twice'), join(folder, '2.ovn'), room);
    expect(tablesOf(twice)).toEqual(tablesOf(room));
  });
});

describe('backUp', () => {
  it('replaces a file only when it is told to, and only by a whole one', async () => {
    const room = await newsroom();
    grow(room);
    const folder = temporaryFolder();
    const file = join(folder, 'paper.ovn');
    writeFileSync(file, 'of yesterday');
    await expect(backUpTo(file, room)).rejects.toMatchObject({ code: 'exists' });
    const controller = new AbortController();
    const stop = () => controller.abort(new Error('stopped'));
    await expect(backUpTo(file, room, { force: true }, controller.signal, stop)).rejects.toThrow('stopped');
    expect(readFileSync(file, 'utf8')).toBe('of yesterday');
    expect(readdirSync(folder)).toEqual(['paper.ovn']);
    await backUpTo(file, room, { force: true });
    expect(readFileSync(file, 'latin1')).toMatch(/^SQLite format 3/);
  });

  it('changes nothing in a dry run', async () => {
    const room = await newsroom();
    const folder = temporaryFolder();
    const report = await backUpTo(join(folder, 'paper.ovn'), room, { dryRun: true });
    expect(report).toMatchObject({ sequence: 1, keys: 5 });
    expect(report.bytes).toBeGreaterThan(100_000);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('takes away what a killed one left', async () => {
    const room = await newsroom();
    const folder = temporaryFolder();
    const left = [
      'paper.ovn.4194305.partial',
      'paper.ovn.4194305.partial.txt',
      `paper.ovn.${process.ppid}.partial`,
    ];
    for (const name of left) writeFileSync(join(folder, name), '');
    await backUpTo(join(folder, 'paper.ovn'), room);
    expect(readdirSync(folder).sort()).toEqual(['paper.ovn', ...left.slice(1)].sort());
  });

  it('does not write where it cannot be kept', async () => {
    const room = await newsroom();
    const folder = temporaryFolder();
    const target = (path: string) => backUpTo(path, room, { force: true });
    await expect(target(join(folder, 'not-mounted', 'a.ovn'))).rejects.toMatchObject({ code: 'not-found' });
    await expect(target(room.path('.ovn/ovn.db'))).rejects.toMatchObject({ code: 'usage' });
    symlinkSync(room.path('.ovn'), join(folder, 'link'));
    await expect(target(join(folder, 'link', 'a.ovn'))).rejects.toMatchObject({ code: 'usage' });
    await expect(target(dirname(room.dir))).rejects.toMatchObject({ code: 'exists' });
    expect(await failuresOf(room)).toEqual([]);
  });

  it('holds what was there when it began', async () => {
    const room = await newsroom();
    const folder = temporaryFolder();
    const file = join(folder, 'paper.ovn');
    grow(room);
    using writer = openRepository(room.dir);
    const steps: number[] = [];
    await backUpTo(file, room, {}, SIGNAL, () => {
      steps.push(steps.length);
      writer.pins.add({ cid: `cid ${steps.length}`, name: 'late', kind: 'test' });
    });
    const restored = await restoreTo(join(folder, 'paper'), file, room);
    expect(tablesOf(restored)['pins']).toEqual([]);
    expect(steps.length).toBeGreaterThan(2);
    expect(writer.pins.list()).toHaveLength(steps.length);
  });
});
