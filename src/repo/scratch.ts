import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { CID } from 'multiformats/cid';
import type { Block } from '../unixfs/block.ts';
import { removeLeftOvers } from './left-overs.ts';

/** A place for blocks that are not believed yet; it is gone when it is disposed of. */
export interface Scratch extends Disposable {
  put(blocks: readonly Block[]): void;
  get(cid: CID): Uint8Array | undefined;
}

const FOLDER = /^scratch-(\d+)-/;

/** Opens a scratch store in a folder of its own below `dir`, and takes away what killed processes left there. */
export function openScratch(dir: string): Scratch {
  mkdirSync(dir, { recursive: true });
  removeLeftOvers(dir, (name) => FOLDER.exec(name)?.[1]);
  const folder = mkdtempSync(join(dir, `scratch-${process.pid}-`));
  const db = new DatabaseSync(join(folder, 'blocks.db'));
  db.exec('PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA page_size = 32768');
  db.exec('CREATE TABLE blocks (multihash BLOB PRIMARY KEY, bytes BLOB NOT NULL) STRICT');
  const insert = db.prepare('INSERT OR IGNORE INTO blocks VALUES (?, ?)');
  const select = db.prepare('SELECT bytes FROM blocks WHERE multihash = ?');
  return {
    put(blocks) {
      db.exec('BEGIN');
      for (const { cid, bytes } of blocks) insert.run(cid.multihash.bytes, bytes);
      db.exec('COMMIT');
    },
    get: (cid) => select.get(cid.multihash.bytes)?.['bytes'] as Uint8Array | undefined,
    [Symbol.dispose]() {
      db.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
