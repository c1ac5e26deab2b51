import { argv } from 'node:process';
import { openDatabase } from '../../../src/repo/database.ts';
import { SqliteBlockstore } from '../../../src/repo/sqlite-blockstore.ts';
import { rawBlocks } from '../../helpers/blocks.ts';

/** Writes batches of blocks until it has written so many or is killed, and tells of each when it is stored. */
const [, , path = '', name = '', batches = '', size = ''] = argv;

const db = openDatabase(path, { create: true });
const blockstore = new SqliteBlockstore(db);
for (let i = 0; i < Number(batches); i++) {
  blockstore.putBatch(rawBlocks(Number(size), 100, 9000, `${name} ${i} `));
  process.stdout.write(`${i}\n`);
}
db.close();
