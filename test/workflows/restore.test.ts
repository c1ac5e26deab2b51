import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { beforeEach, describe, expect, it } from 'vitest';
import type { NameRecord } from '../../src/node/names/record.ts';
import { sealBackup } from '../../src/repo/backup-seal.ts';
import { NameRecordStore } from '../../src/repo/name-records.ts';
import { openRepository } from '../../src/repo/open-repository.ts';
import { backUp } from '../../src/workflows/backup.ts';
import { type RestoreEffects, restore } from '../../src/workflows/restore.ts';
import { flipped } from '../helpers/flipped.ts';
import { temporaryFolder } from '../helpers/folder.ts';
import { backToSchema } from '../helpers/migrations.ts';
import { TestName } from '../helpers/naming.ts';
import { Newsroom, NOW, source } from '../helpers/newsroom.ts';

const SIGNAL = new AbortController().signal;
const SEAL_LENGTH = 86;

let room: Newsroom;
let folder: string;
let file: string;
let target: string;

beforeEach(async () => {
  room = await Newsroom.open();
  room.write('articles/a.md', source({ title: 'First light' }));
  await room.publish();
  folder = temporaryFolder();
  file = join(folder, 'paper.ovn');
  target = join(folder, 'paper');
  using repository = openRepository(room.dir);
  await backUp({ file, keys: true, force: false, dryRun: false }, { repository, now: NOW, signal: SIGNAL });
});

function restoreFrom(path: string, effects: Partial<RestoreEffects> = {}, dryRun = false) {
  return restore({ file: path, dir: target, dryRun }, { now: NOW, signal: SIGNAL, ...effects });
}

/** A backup that a stranger made of ours: changed, and sealed anew. */
async function forged(change: (db: DatabaseSync) => void): Promise<string> {
  const path = join(folder, 'forged.ovn');
  cpSync(file, path);
  truncateSync(path, readFileSync(file).length - SEAL_LENGTH);
  {
    using db = new DatabaseSync(path);
    change(db);
  }
  await sealBackup(path, { signal: SIGNAL });
  return path;
}

function insertRecord(db: DatabaseSync, record: NameRecord): void {
  new NameRecordStore(db).putOwn(record);
}

async function expectRefused(path: string, error: object): Promise<void> {
  for (const dryRun of [true, false])
    await expect(restoreFrom(path, {}, dryRun)).rejects.toMatchObject(error);
  expect(existsSync(target)).toBe(false);
}

describe('restore', () => {
  it('takes what was sealed anew without a change', async () => {
    expect(await restoreFrom(await forged(() => undefined))).toMatchObject({ sequence: 1, keys: 5 });
  });

  it('takes a backup of the program before, which knew no names, and one with genuine names', async () => {
    const older = await forged((db) => db.exec(backToSchema(3)));
    expect(await restoreFrom(older, {}, true)).toMatchObject({ sequence: 1 });
    const record = await new TestName().record(1);
    expect(await restoreFrom(await forged((db) => insertRecord(db, record)), {}, true)).toMatchObject({
      sequence: 1,
    });
  });

  it('refuses a name record that is forged, or another than it is said to be', async () => {
    const record = await new TestName().record(1);
    const { name } = new TestName();
    await expectRefused(await forged((db) => insertRecord(db, { ...record, name })), { code: 'refused' });
    await expectRefused(await forged((db) => insertRecord(db, { ...record, sequence: 99n })), {
      code: 'refused',
    });
  });

  it('refuses a file of which any byte was changed', async () => {
    const bytes = readFileSync(file);
    const path = join(folder, 'flipped.ovn');
    const last = Array.from({ length: SEAL_LENGTH }, (_, at) => bytes.length - 1 - at);
    for (const at of [0, 15, 16, 18, 60, 71, 100, 40_000, bytes.length >> 1, ...last]) {
      writeFileSync(path, flipped(bytes, at, at % 8));
      await expect(restoreFrom(path), `byte ${at}`).rejects.toMatchObject({ code: 'malformed' });
    }
    expect(existsSync(target)).toBe(false);
  });

  it('refuses a file that was cut or goes on', async () => {
    const bytes = readFileSync(file);
    const path = join(folder, 'cut.ovn');
    for (const length of [
      0,
      1,
      15,
      16,
      100,
      511,
      597,
      32_768,
      bytes.length - SEAL_LENGTH,
      bytes.length - 1,
    ]) {
      writeFileSync(path, bytes.subarray(0, length));
      await expect(restoreFrom(path), `${length} bytes`).rejects.toMatchObject({ code: 'malformed' });
    }
    writeFileSync(path, Buffer.concat([bytes, Buffer.from('\n')]));
    await expectRefused(path, { code: 'malformed' });
    writeFileSync(path, Buffer.concat([bytes, bytes]));
    await expectRefused(path, { code: 'malformed' });
  });

  it('refuses a file that is none', async () => {
    await expectRefused(join(folder, 'nothing.ovn'), { code: 'not-found' });
    await expectRefused(join(room.dir, '.ovn', 'ovn.db'), { code: 'malformed' });
    await expectRefused(join(room.dir, 'ovn.json'), { code: 'malformed' });
  });

  it.each([
    '../outside',
    '/outside',
    'keys/../../outside',
    'keys/..',
    'keys/./a',
    'keys//a',
    'keys/a/b/c',
    'keys/.hidden',
    'keys/a\\..\\b',
    'keys/a\nb',
    'keys',
    'ovn.db',
    'OVN.JSON',
    '.gitignore',
    'articles/a.md',
  ])('refuses the path %j', async (path) => {
    const backup = await forged((db) => {
      db.prepare('INSERT INTO backup_files VALUES (?, ?)').run(path, Buffer.from('x'));
    });
    await expectRefused(backup, { code: 'malformed', message: expect.stringContaining('is no file of') });
    expect(readdirSync(folder).sort()).toEqual(['forged.ovn', 'paper.ovn']);
  });

  it.each([
    ['a trigger', 'CREATE TRIGGER t AFTER INSERT ON meta BEGIN DELETE FROM blocks; END', 'trigger t'],
    ['a view', 'CREATE VIEW v AS SELECT 1', 'view v'],
    ['a virtual table', 'CREATE VIRTUAL TABLE f USING fts5(a)', 'table f'],
    ['another table', 'CREATE TABLE more (a)', 'the table more'],
    ['no table of ours', 'DROP TABLE pins', 'the table pins'],
    ['another column', 'ALTER TABLE pins ADD COLUMN more TEXT', 'the table pins'],
    ['no files', 'DROP TABLE backup_files', 'not whole'],
    ['no ovn.json', "DELETE FROM backup_files WHERE path = 'ovn.json'", 'holds no ovn.json'],
    [
      'an ovn.json with errors',
      "UPDATE backup_files SET bytes = x'7b7d' WHERE path = 'ovn.json'",
      'ovn.json',
    ],
    ['no time', "DELETE FROM meta WHERE key = 'backup'", 'when it was made'],
    ['other bytes of a block', "UPDATE blocks SET bytes = x'00' WHERE id = 3", 'the bytes of block'],
    ['no manifest', 'DELETE FROM blocks', 'the manifest of edition 1'],
    ['a CID that is none', "UPDATE manifests SET cid = 'x'", 'not whole'],
    ['another CID of its masthead', "UPDATE mastheads SET cid = 'x'", 'masthead 1 has another CID'],
    ['no mark of ours', 'PRAGMA application_id = 1', 'not a database of OpenVoiceNews'],
  ])('refuses a database with %s', async (_, sql, message) => {
    const backup = await forged((db) => db.exec(sql));
    await expectRefused(backup, { code: 'malformed', message: expect.stringContaining(message) });
  });

  it('refuses a masthead that was not signed', async () => {
    const backup = await forged((db) => {
      const bytes = Buffer.from(db.prepare('SELECT bytes FROM mastheads').get()?.['bytes'] as Uint8Array);
      const changed = bytes.toString().replace(/"expires":"20/, '"expires":"30');
      db.prepare('UPDATE mastheads SET bytes = ?').run(Buffer.from(changed));
    });
    await expectRefused(backup, { code: 'refused' });
  });

  it('refuses what a newer program made', async () => {
    await expectRefused(await forged((db) => db.exec('PRAGMA user_version = 99')), { code: 'usage' });
  });

  it('refuses more than any repository has', async () => {
    const large = await forged((db) => {
      db.prepare("INSERT INTO backup_files VALUES ('keys/large', zeroblob(1048577))").run();
    });
    await expectRefused(large, { code: 'limit' });
    const many = await forged((db) => {
      db.exec(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)
        INSERT INTO backup_files SELECT 'keys/k' || i, x'00' FROM n`);
    });
    await expectRefused(many, { code: 'limit' });
  });

  it('refuses damage inside of the database', async () => {
    const bytes = readFileSync(file).subarray(0, -SEAL_LENGTH);
    const path = join(folder, 'damaged.ovn');
    for (const page of [1, 3, 9]) {
      writeFileSync(path, Buffer.from(bytes).fill(0xff, page * 32_768, page * 32_768 + 64));
      await sealBackup(path, { signal: SIGNAL });
      await expect(restoreFrom(path), `page ${page}`).rejects.toMatchObject({ code: 'malformed' });
    }
    expect(existsSync(target)).toBe(false);
  });

  it('keeps an ovn.json that is there, and the folder that it is in', async () => {
    mkdirSync(target);
    cpSync(room.path('ovn.json'), join(target, 'ovn.json'));
    expect(await restoreFrom(file, {}, true)).toMatchObject({ settings: 'kept' });
    expect(readdirSync(target)).toEqual(['ovn.json']);
    writeFileSync(
      join(target, 'ovn.json'),
      readFileSync(room.path('ovn.json'), 'utf8').replace('Paper', 'Post'),
    );
    expect(await restoreFrom(file)).toMatchObject({ settings: 'kept-different', sequence: 1 });
    using repository = openRepository(target);
    expect(repository.settings.name).toBe('The Post');
    expect(repository.head()?.sequence).toBe(1);
  });

  it('never replaces a repository', async () => {
    await restoreFrom(file);
    const before = readdirSync(join(target, '.ovn'), { recursive: true });
    await expect(restoreFrom(file)).rejects.toMatchObject({ code: 'exists' });
    expect(readdirSync(join(target, '.ovn'), { recursive: true })).toEqual(before);
    mkdirSync(join(folder, 'half', '.ovn'), { recursive: true });
    target = join(folder, 'half');
    await expect(restoreFrom(file)).rejects.toMatchObject({ code: 'exists' });
  });

  it('leaves nothing when it is interrupted', async () => {
    using db = new DatabaseSync(room.path('.ovn/ovn.db'));
    expect(db.prepare('SELECT count(*) AS blocks FROM blocks').get()?.['blocks']).toBeLessThan(1024);
    const bytes = await stepsOf(file);
    expect(bytes).toBeGreaterThan(2);
    for (let stop = 1; stop <= bytes; stop++) {
      const controller = new AbortController();
      let step = 0;
      const onProgress = () => {
        if (++step === stop) controller.abort(new Error('stopped'));
      };
      const restoring = restoreFrom(file, { signal: controller.signal, onProgress });
      if (stop < bytes) await expect(restoring).rejects.toThrow('stopped');
      else await restoring.catch(() => undefined);
      if (stop < bytes) expect(readdirSync(folder)).toEqual(['paper.ovn']);
    }
  });

  it('takes away what a killed one left', async () => {
    mkdirSync(join(target, '.ovn.4194305.partial', 'keys'), { recursive: true });
    await restoreFrom(file);
    expect(readdirSync(target).sort()).toEqual(['.ovn', 'ovn.json']);
  });
});

async function stepsOf(path: string): Promise<number> {
  let steps = 0;
  await restoreFrom(path, { onProgress: () => steps++ }, true);
  return steps;
}
