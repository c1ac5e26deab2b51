import { existsSync, readdirSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { openDatabase, transaction } from '../../src/repo/database.ts';
import { EventStore } from '../../src/repo/events.ts';
import { SCHEMA_VERSION } from '../../src/repo/schema.ts';
import { SqliteBlockstore } from '../../src/repo/sqlite-blockstore.ts';
import { rawBlocks } from '../helpers/blocks.ts';
import { temporaryFolder } from '../helpers/folder.ts';
import { backToSchema } from '../helpers/migrations.ts';

/** As the first program of OpenVoiceNews made them. */
const SCHEMA_1_EVENTS = `DROP TABLE events;
CREATE TABLE events (
  id INTEGER PRIMARY KEY, kind TEXT NOT NULL, article TEXT, revision INTEGER, cid TEXT, time TEXT NOT NULL, sequence INTEGER NOT NULL
) STRICT;
PRAGMA user_version = 1;`;

const newPath = () => join(temporaryFolder(), 'ovn.db');

describe('openDatabase', () => {
  it('makes a database only when it is told to', () => {
    const path = newPath();
    expect(() => openDatabase(path, { create: false })).toThrow(
      expect.objectContaining({ code: 'not-found' }),
    );
    expect(existsSync(path)).toBe(false);
    openDatabase(path, { create: true }).close();
    openDatabase(path, { create: false }).close();
    openDatabase(path, { create: true }).close();
  });

  it('leaves one file when it is closed', () => {
    const path = newPath();
    const db = openDatabase(path, { create: true });
    new SqliteBlockstore(db).putBatch(rawBlocks(500, 100, 5000));
    expect(statSync(`${path}-wal`).size).toBeGreaterThan(0);
    db.close();
    expect(readdirSync(join(path, '..'))).toEqual(['ovn.db']);
    using again = openDatabase(path, { create: false });
    expect(new SqliteBlockstore(again).stats().blocks).toBe(500);
  });

  it('syncs every commit to the disk', () => {
    using db = openDatabase(newPath(), { create: true });
    expect(db.prepare('PRAGMA synchronous').get()).toEqual({ synchronous: 2 });
    expect(db.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' });
  });

  it('refuses a database of another program, and leaves it as it is', () => {
    const path = newPath();
    const foreign = new DatabaseSync(path);
    foreign.exec('CREATE TABLE photos (id INTEGER)');
    foreign.close();
    for (const create of [false, true]) {
      expect(() => openDatabase(path, { create })).toThrow(expect.objectContaining({ code: 'damaged' }));
    }
    using again = new DatabaseSync(path);
    expect(again.prepare('SELECT name FROM sqlite_schema').all()).toEqual([{ name: 'photos' }]);
  });

  it('refuses a file that is no database', () => {
    const path = newPath();
    writeFileSync(path, 'Dear diary,\n'.repeat(1000));
    expect(() => openDatabase(path, { create: false })).toThrow(expect.objectContaining({ code: 'damaged' }));
  });

  it('refuses an empty file where there should be a database', () => {
    const path = newPath();
    writeFileSync(path, '');
    expect(() => openDatabase(path, { create: false })).toThrow(expect.objectContaining({ code: 'damaged' }));
  });

  it('refuses a database of a newer program and says what to do', () => {
    const path = newPath();
    const db = openDatabase(path, { create: true });
    db.exec('PRAGMA user_version = 99');
    db.close();
    expect(() => openDatabase(path, { create: false })).toThrow(
      expect.objectContaining({ code: 'usage', hint: expect.stringContaining('update ovn') }),
    );
  });

  it('takes over a database of schema 1, and puts its editions where the log has them', () => {
    const path = newPath();
    const db = openDatabase(path, { create: true });
    db.exec(backToSchema(2) + SCHEMA_1_EVENTS);
    const event = db.prepare(
      'INSERT INTO events (kind, article, revision, cid, time, sequence) VALUES (?, ?, ?, ?, ?, ?)',
    );
    event.run('masthead', null, null, 'm', 't0', 1);
    for (const article of ['b', 'a']) event.run('publish', article, 1, article, 't1', 1);
    event.run('correction', 'b', 2, 'b2', 't3', 3);
    const manifest = db.prepare('INSERT INTO manifests VALUES (?, ?, ?, ?, ?)');
    for (const sequence of [1, 2, 3]) manifest.run(sequence, `manifest${sequence}`, 'e', `t${sequence}`, 'z');
    db.close();
    using migrated = openDatabase(path, { create: false });
    const told = new EventStore(migrated)
      .list()
      .map(({ position, kind, cid, time, sequence }) => [position, kind, cid, time, sequence]);
    expect(told).toEqual([
      [1, 'masthead', 'm', 't0', 1],
      [2, 'publish', 'a', 't1', 1],
      [3, 'publish', 'b', 't1', 1],
      [4, 'edition', 'manifest1', 't1', 1],
      [5, 'edition', 'manifest2', 't2', 2],
      [6, 'correction', 'b2', 't3', 3],
    ]);
    expect(migrated.prepare('PRAGMA user_version').get()).toEqual({ user_version: SCHEMA_VERSION });
  });

  it('tells of a file that lost its end', () => {
    const path = newPath();
    const db = openDatabase(path, { create: true });
    const blocks = [...rawBlocks(500, 100, 5000)];
    new SqliteBlockstore(db).putBatch(blocks);
    db.close();
    truncateSync(path, statSync(path).size / 2);
    const read = () => {
      using again = openDatabase(path, { create: false });
      const blockstore = new SqliteBlockstore(again);
      for (const { cid } of blocks) blockstore.getBytes(cid);
    };
    expect(read).toThrow(expect.objectContaining({ code: 'damaged' }));
  });

  it('tells of a folder that cannot be written', () => {
    const path = join(temporaryFolder(), 'not', 'there', 'ovn.db');
    expect(() => openDatabase(path, { create: true })).toThrow(expect.objectContaining({ code: 'io' }));
  });
});

describe('transaction', () => {
  it('stores all or nothing, and joins one that is open', () => {
    using db = openDatabase(newPath(), { create: true });
    const put = (key: string) =>
      transaction(db, () => db.prepare('INSERT INTO meta VALUES (?, ?)').run(key, ''));
    const keys = () => db.prepare('SELECT key FROM meta').all().length;
    const fail = () =>
      transaction(db, () => {
        put('a');
        put('b');
        throw new Error('no');
      });
    expect(fail).toThrow('no');
    expect(keys()).toBe(0);
    expect(transaction(db, () => [put('a'), put('b')].length)).toBe(2);
    expect(keys()).toBe(2);
  });

  it('refuses work that is asynchronous and stores nothing of it', () => {
    using db = openDatabase(newPath(), { create: true });
    const work = async () => void db.exec("INSERT INTO meta VALUES ('a', '')");
    expect(() => transaction(db, work)).toThrow(TypeError);
    expect(db.prepare('SELECT key FROM meta').all()).toEqual([]);
  });

  it('tells of a writer that does not let go', () => {
    const path = newPath();
    using holder = openDatabase(path, { create: true });
    using other = openDatabase(path, { create: false });
    other.exec('PRAGMA busy_timeout = 10');
    const write = () => transaction(other, () => undefined);
    transaction(holder, () => expect(write).toThrow(expect.objectContaining({ code: 'busy' })));
    expect(write).not.toThrow();
  });

  it('tells of a disk that is full, and changes nothing', () => {
    using db = openDatabase(newPath(), { create: true });
    const blockstore = new SqliteBlockstore(db);
    blockstore.putBatch(rawBlocks(10, 100, 200));
    const { page_count } = db.prepare('PRAGMA page_count').get() as { page_count: number };
    db.exec(`PRAGMA max_page_count = ${page_count}`);
    const put = () => blockstore.putBatch(rawBlocks(1000, 5000, 6000));
    expect(put).toThrow(expect.objectContaining({ code: 'io', message: expect.stringContaining('full') }));
    expect(blockstore.stats().blocks).toBe(10);
  });
});
