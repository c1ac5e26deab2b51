/**
 * Publications of others that are kept here. Of each the editions that are held, the newest last; of an edition the roots
 * that are held with all they reach, and the blocks that are held singly. What goes from one table goes from those below it.
 */
export const FOLLOWED_TABLES = `
CREATE TABLE followed (
  publication TEXT NOT NULL PRIMARY KEY,
  target TEXT NOT NULL,
  name TEXT,
  places TEXT NOT NULL, -- JSON
  routers TEXT NOT NULL, -- JSON
  categories TEXT, -- JSON, NULL for all
  max_bytes INTEGER,
  since TEXT,
  keep INTEGER NOT NULL,
  issued TEXT,
  expires TEXT,
  log_size INTEGER,
  held_by TEXT, -- JSON: what was chosen when it was held, and what was left out
  whole INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  added TEXT NOT NULL,
  checked TEXT,
  synced TEXT,
  problem TEXT -- JSON, NULL for none
) STRICT, WITHOUT ROWID;
CREATE TABLE followed_editions (
  id INTEGER PRIMARY KEY,
  publication TEXT NOT NULL REFERENCES followed (publication) ON DELETE CASCADE,
  edition TEXT NOT NULL,
  manifest TEXT NOT NULL,
  sequence INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX followed_editions_place ON followed_editions (publication, edition);
CREATE TABLE held_parts (
  edition INTEGER NOT NULL REFERENCES followed_editions (id) ON DELETE CASCADE,
  cid TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  PRIMARY KEY (edition, cid)
) STRICT, WITHOUT ROWID;
CREATE TABLE held_blocks (
  edition INTEGER NOT NULL REFERENCES followed_editions (id) ON DELETE CASCADE,
  multihash BLOB NOT NULL,
  PRIMARY KEY (edition, multihash)
) STRICT, WITHOUT ROWID;`;
