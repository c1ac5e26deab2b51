/**
 * The newest record of every IPNS name that was met, verified. `sequence` is a uint64 in decimal, `valid_until` ms since 1970;
 * `own` records stay, of the others those of the highest `place`.
 */
export const NAME_TABLES = `
CREATE TABLE name_records (
  name TEXT NOT NULL PRIMARY KEY,
  bytes BLOB NOT NULL,
  value TEXT NOT NULL,
  sequence TEXT NOT NULL,
  valid_until INTEGER NOT NULL,
  ttl REAL NOT NULL,
  own INTEGER NOT NULL,
  place INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX name_records_place ON name_records (own, place);`;
