/**
 * Places where others keep what is published here; no secret is among it. Of each DAG that one was asked for, what it said, and when it
 * was read back.
 */
export const HOME_TABLES = `
CREATE TABLE homes (
  name TEXT NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL,
  url TEXT NOT NULL,
  read_at TEXT NOT NULL, -- JSON
  copies INTEGER,
  categories TEXT, -- JSON, NULL for the whole edition
  credentials TEXT, -- JSON: where they are read, NULL for none
  plain_http INTEGER NOT NULL,
  added TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE home_pins (
  home TEXT NOT NULL REFERENCES homes (name) ON DELETE CASCADE,
  cid TEXT NOT NULL,
  subject TEXT NOT NULL,
  sequence INTEGER,
  pin TEXT NOT NULL,
  state TEXT NOT NULL,
  detail TEXT,
  copies TEXT, -- JSON
  asked TEXT NOT NULL,
  looked TEXT,
  confirmed TEXT,
  read_back TEXT, -- JSON
  problem TEXT,
  own INTEGER NOT NULL,
  releasing INTEGER NOT NULL,
  PRIMARY KEY (home, cid, subject)
) STRICT, WITHOUT ROWID;`;
