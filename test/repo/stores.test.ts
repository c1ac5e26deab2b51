import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { interfaceBlockstoreTests } from 'interface-blockstore-tests';
import { interfaceDatastoreTests } from 'interface-datastore-tests';
import { describe } from 'vitest';
import { openDatabase } from '../../src/repo/database.ts';
import { SqliteBlockstore } from '../../src/repo/sqlite-blockstore.ts';
import { SqliteDatastore } from '../../src/repo/sqlite-datastore.ts';
import { setMochaGlobals } from '../helpers/mocha.ts';

setMochaGlobals();

/** Makes stores of one class on real files, and takes them away again. */
function storeFactory<Store extends object>(Class: new (db: DatabaseSync) => Store) {
  const opened = new Map<Store, { db: DatabaseSync; folder: string }>();
  return {
    setup(): Store {
      const folder = mkdtempSync(join(tmpdir(), 'ovn-store-'));
      const db = openDatabase(join(folder, 'ovn.db'), { create: true });
      const store = new Class(db);
      opened.set(store, { db, folder });
      return store;
    },
    teardown(store: Store): void {
      const { db, folder } = opened.get(store) ?? {};
      db?.close();
      if (folder !== undefined) rmSync(folder, { recursive: true });
    },
  };
}

describe('SqliteBlockstore and the interface tests of blockstores', () => {
  interfaceBlockstoreTests(storeFactory(SqliteBlockstore));
});

describe('SqliteDatastore and the interface tests of datastores', () => {
  interfaceDatastoreTests(storeFactory(SqliteDatastore));
});
