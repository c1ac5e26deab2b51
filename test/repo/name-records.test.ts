import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newerRecord } from '../../src/node/names/record.ts';
import { openDatabase } from '../../src/repo/database.ts';
import { FollowedStore } from '../../src/repo/followed-store.ts';
import { NameRecordStore, type StoredNameRecord } from '../../src/repo/name-records.ts';
import { SCHEMA_VERSION } from '../../src/repo/schema.ts';
import { temporaryFolder } from '../helpers/folder.ts';
import { BEFORE_SCHEMA_7 } from '../helpers/migrations.ts';
import { SOME_CID, TestName } from '../helpers/naming.ts';

const NAME = new TestName().name;
const newPath = () => join(temporaryFolder(), 'ovn.db');

/** Whether it is signed is not asked here. */
const record = (sequence: bigint, until = 1_800_000_000_000, name = NAME): StoredNameRecord => ({
  name,
  bytes: Uint8Array.from(Buffer.from(`${sequence} ${until}`)),
  value: `/ipfs/${SOME_CID}`,
  sequence,
  validUntil: new Date(until),
  ttl: 300,
});

describe('NameRecordStore', () => {
  it('gives back what it was given, of any number and time', () => {
    using db = openDatabase(newPath(), { create: true });
    const names = new NameRecordStore(db);
    expect(names.get(NAME)).toBeUndefined();
    const largest = { ...record(2n ** 64n - 1n), ttl: 18_446_744_073 };
    expect(names.put(largest)).toBe('kept');
    expect(names.get(NAME)).toEqual(largest);
  });

  it('never goes back, whatever comes and in whatever order, to two connections', () => {
    const path = newPath();
    const given = fc.record({
      sequence: fc.bigInt(0n, 12n),
      until: fc.integer({ min: 1, max: 4 }),
      own: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(given, { minLength: 1, maxLength: 30 }), (list) => {
        using one = openDatabase(path, { create: true });
        using two = openDatabase(path, { create: true });
        const stores = [new NameRecordStore(one), new NameRecordStore(two)];
        const { name } = new TestName();
        let newest: StoredNameRecord | undefined;
        for (const [at, { sequence, until, own }] of list.entries()) {
          const next = record(sequence, until * 1000, name);
          const store = stores[at % 2];
          const said = own ? store?.putOwn(next) : store?.put(next);
          const isNewer = newest === undefined || newerRecord(newest, next) === next;
          expect(said === 'kept').toBe(isNewer);
          if (newest === undefined || isNewer) newest = next;
          for (const each of stores) expect(each.get(name)).toEqual(newest);
        }
      }),
      { numRuns: 25 },
    );
  });

  it('says of the same record that it is there, and of an older one that it is older', () => {
    using db = openDatabase(newPath(), { create: true });
    const names = new NameRecordStore(db);
    expect(names.put(record(5n))).toBe('kept');
    expect(names.put(record(5n))).toBe('same');
    expect(names.put(record(4n, 1_900_000_000_000))).toBe('older');
    expect(names.put(record(5n, 1_700_000_000_000))).toBe('older');
    expect(names.put(record(5n, 1_900_000_000_000))).toBe('kept');
    expect(names.put(record(10n))).toBe('kept');
  });

  it('keeps our own and those of who is followed for ever, and of the others those that came last', () => {
    using db = openDatabase(newPath(), { create: true });
    const names = new NameRecordStore(db);
    const others = Array.from({ length: 1030 }, () => new TestName().name);
    const followed = new TestName();
    const choice = { categories: null, maxBytes: null, since: null, keep: 1 };
    const follow = { publication: 'p', target: 't', name: followed.text, places: [], choice, added: 'x' };
    new FollowedStore(db).add(follow);
    names.put(record(1n, undefined, followed.name));
    names.put(record(1n));
    expect(names.putOwn(record(1n))).toBe('same');
    names.put(record(2n));
    db.exec('BEGIN');
    for (const name of others) names.put(record(1n, undefined, name));
    db.exec('COMMIT');
    expect(names.get(NAME)?.sequence).toBe(2n);
    const kept = others.filter((name) => names.get(name) !== undefined);
    expect(kept).toEqual(others.slice(-1024));
    expect(names.get(followed.name)).toBeDefined();
  });

  it('is made in a database of schema 3', () => {
    const path = newPath();
    const db = openDatabase(path, { create: true });
    db.exec(BEFORE_SCHEMA_7);
    db.exec(
      "INSERT INTO meta VALUES ('a', 'b'); DROP TABLE home_pins; DROP TABLE homes; DROP TABLE held_blocks; DROP TABLE held_parts; DROP TABLE followed_editions; DROP TABLE followed; DROP TABLE name_records; PRAGMA user_version = 3",
    );
    db.close();
    using again = openDatabase(path, { create: false });
    expect(new NameRecordStore(again).put(record(1n))).toBe('kept');
    expect(again.prepare('PRAGMA user_version').get()).toEqual({ user_version: SCHEMA_VERSION });
    expect(again.prepare('SELECT * FROM meta').all()).toEqual([{ key: 'a', value: 'b' }]);
  });
});
