/**
 * What witnesses said of the log: their signatures on the checkpoints of editions, and how far each has come. Roots of
 * editions whose checkpoint was replaced by one with more signatures: they say the same, and are kept as long.
 */
export const WITNESS_TABLES = `
CREATE TABLE cosignatures (
  sequence INTEGER NOT NULL,
  key TEXT NOT NULL,
  time INTEGER NOT NULL,
  signature BLOB NOT NULL,
  PRIMARY KEY (sequence, key)
) STRICT, WITHOUT ROWID;
CREATE TABLE witnesses (
  key TEXT NOT NULL PRIMARY KEY,
  size INTEGER NOT NULL,
  time INTEGER,
  seen INTEGER NOT NULL,
  problem TEXT
) STRICT, WITHOUT ROWID;
CREATE TABLE former_editions (
  sequence INTEGER NOT NULL,
  edition TEXT NOT NULL,
  PRIMARY KEY (sequence, edition)
) STRICT, WITHOUT ROWID;`;
