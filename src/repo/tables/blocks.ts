/** Blocks by multihash; records of the datastore; what is promised about them. */
export const STORE_TABLES = `
CREATE TABLE blocks (id INTEGER PRIMARY KEY, multihash BLOB NOT NULL UNIQUE, bytes BLOB NOT NULL) STRICT;
CREATE TABLE records (key TEXT NOT NULL PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE pins (cid TEXT NOT NULL PRIMARY KEY, name TEXT NOT NULL, kind TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE complete (
  block INTEGER NOT NULL REFERENCES blocks (id) ON DELETE CASCADE,
  codec INTEGER NOT NULL,
  PRIMARY KEY (block, codec)
) STRICT, WITHOUT ROWID;`;
