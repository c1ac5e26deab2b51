/** "OVN1": marks the file as ours (`PRAGMA application_id`). */
export const APPLICATION_ID = 0x4f564e31;

/** Raised with every change of the tables below (`PRAGMA user_version`). */
export const SCHEMA_VERSION = 6;

/**
 * Bytes a page. Blocks of articles are a few hundred bytes to some kilobytes: in pages of 32 KiB most lie side by side
 * instead of each in pages of its own, which is what decides both the size of the file and the speed of a publish.
 */
export const PAGE_SIZE = 32_768;

/** Columns of an article. `instant` and `modified` are ms since 1970. */
const ARTICLE_COLUMNS = `
  id TEXT NOT NULL PRIMARY KEY,
  instant INTEGER NOT NULL,
  modified INTEGER NOT NULL,
  source TEXT NOT NULL,
  headline TEXT NOT NULL,
  description TEXT,
  date_published TEXT NOT NULL,
  date_modified TEXT NOT NULL,
  language TEXT NOT NULL,
  categories TEXT NOT NULL, -- JSON, as in article.json
  authors TEXT NOT NULL, -- JSON
  status TEXT NOT NULL,
  corrections INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  cid TEXT NOT NULL,
  size INTEGER NOT NULL,
  day TEXT GENERATED ALWAYS AS (substr(id, 1, 10)) VIRTUAL`;

const CATEGORY_COLUMNS = `
  category TEXT NOT NULL,
  day TEXT NOT NULL,
  instant INTEGER NOT NULL,
  id TEXT NOT NULL,
  modified INTEGER NOT NULL,
  PRIMARY KEY (category, day DESC, instant DESC, id)`;

/** Articles by category ('' is all) and period; `depth` 0 is all time, 1 a year, 2 a month, 3 a day. */
const COUNT_COLUMNS = `
  category TEXT NOT NULL,
  depth INTEGER NOT NULL,
  period TEXT NOT NULL,
  count INTEGER NOT NULL,
  PRIMARY KEY (category, depth, period)`;

const REVISION_COLUMNS = `
  article TEXT NOT NULL,
  revision INTEGER NOT NULL,
  cid TEXT NOT NULL,
  size INTEGER NOT NULL,
  digest TEXT NOT NULL,
  kind TEXT NOT NULL`;

/** The entries of the log: entry n has the id n + 1. */
const EVENT_COLUMNS = `
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  article TEXT,
  revision INTEGER,
  cid TEXT NOT NULL,
  time TEXT NOT NULL,
  withheld TEXT, -- JSON, NULL for none
  sequence INTEGER NOT NULL`;

const NAME_COLUMNS = 'slug TEXT NOT NULL PRIMARY KEY, name TEXT NOT NULL';

/** Blocks by multihash; records of the datastore; what is promised about them. */
const STORE_TABLES = `
CREATE TABLE blocks (id INTEGER PRIMARY KEY, multihash BLOB NOT NULL UNIQUE, bytes BLOB NOT NULL) STRICT;
CREATE TABLE records (key TEXT NOT NULL PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE pins (cid TEXT NOT NULL PRIMARY KEY, name TEXT NOT NULL, kind TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE complete (
  block INTEGER NOT NULL REFERENCES blocks (id) ON DELETE CASCADE,
  codec INTEGER NOT NULL,
  PRIMARY KEY (block, codec)
) STRICT, WITHOUT ROWID;`;

/** What the head edition says, and how it came to be. */
const INDEX_TABLES = `
CREATE TABLE articles (${ARTICLE_COLUMNS}) STRICT, WITHOUT ROWID;
CREATE INDEX articles_order ON articles (day DESC, instant DESC, id);
CREATE INDEX articles_source ON articles (source);
CREATE TABLE article_categories (${CATEGORY_COLUMNS}) STRICT, WITHOUT ROWID;
CREATE INDEX article_categories_modified ON article_categories (category, modified);
CREATE TABLE counts (${COUNT_COLUMNS}) STRICT, WITHOUT ROWID;
CREATE TABLE categories (${NAME_COLUMNS}) STRICT, WITHOUT ROWID;
CREATE TABLE revisions (${REVISION_COLUMNS},
  time TEXT NOT NULL,
  sequence INTEGER NOT NULL,
  PRIMARY KEY (article, revision)
) STRICT, WITHOUT ROWID;
CREATE INDEX revisions_cid ON revisions (cid);
CREATE TABLE sources (
  path TEXT NOT NULL PRIMARY KEY,
  article TEXT NOT NULL,
  digest TEXT NOT NULL,
  size REAL NOT NULL,
  mtime_ms REAL NOT NULL,
  ctime_ms REAL NOT NULL,
  ino REAL NOT NULL,
  media TEXT -- JSON, NULL for none
) STRICT, WITHOUT ROWID;
CREATE TABLE events (${EVENT_COLUMNS}) STRICT;
CREATE INDEX events_article ON events (article, revision) WHERE article IS NOT NULL;
CREATE TABLE manifests (
  sequence INTEGER PRIMARY KEY,
  cid TEXT NOT NULL,
  edition TEXT NOT NULL,
  issued TEXT NOT NULL,
  expires TEXT NOT NULL
) STRICT;
CREATE TABLE mastheads (version INTEGER PRIMARY KEY, cid TEXT NOT NULL, bytes BLOB NOT NULL) STRICT;
CREATE TABLE meta (key TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;`;

/**
 * What witnesses said of the log: their signatures on the checkpoints of editions, and how far each has come. Roots of
 * editions whose checkpoint was replaced by one with more signatures: they say the same, and are kept as long.
 */
const WITNESS_TABLES = `
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

/**
 * The newest record of every IPNS name that was met, verified. `sequence` is a uint64 in decimal, `valid_until` ms since 1970;
 * `own` records stay, of the others those of the highest `place`.
 */
const NAME_TABLES = `
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

/**
 * Publications of others that are kept here. Of each the editions that are held, the newest last; of an edition the roots
 * that are held with all they reach, and the blocks that are held singly. What goes from one table goes from those below it.
 */
const FOLLOWED_TABLES = `
CREATE TABLE followed (
  publication TEXT NOT NULL PRIMARY KEY,
  target TEXT NOT NULL,
  name TEXT,
  places TEXT NOT NULL, -- JSON
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

/**
 * Places where others keep what is published here; no secret is among it. Of each DAG that one was asked for, what it said, and when it
 * was read back.
 */
const HOME_TABLES = `
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

/** Makes every table of a new database. */
export const CREATE_TABLES =
  STORE_TABLES + INDEX_TABLES + WITNESS_TABLES + NAME_TABLES + FOLLOWED_TABLES + HOME_TABLES;

/**
 * What leads from one schema to the next. Schema 1 kept no `edition` events: they are put where the log has them, each
 * before the events of the edition after it, which stand in the order of their articles. Schema 2 knew no witnesses, schema
 * 3 no names, schema 4 followed nobody,
 * schema 5 had no homes.
 */
export const MIGRATIONS: ReadonlyMap<number, string> = new Map([
  [
    1,
    `CREATE TABLE ordered_events (${EVENT_COLUMNS}) STRICT;
INSERT INTO ordered_events (kind, article, revision, cid, time, sequence)
  SELECT kind, article, revision, cid, time, sequence FROM (
    SELECT kind, article, revision, cid, time, sequence, sequence AS of_edition, kind <> 'masthead' AS part FROM events
    UNION ALL
    SELECT 'edition', NULL, NULL, cid, issued, sequence, sequence + 1, -1 FROM manifests
      WHERE sequence < (SELECT max(sequence) FROM manifests)
  ) ORDER BY of_edition, part, article, revision;
DROP TABLE events;
ALTER TABLE ordered_events RENAME TO events;
CREATE INDEX events_article ON events (article, revision) WHERE article IS NOT NULL;`,
  ],
  [2, WITNESS_TABLES],
  [3, NAME_TABLES],
  [4, FOLLOWED_TABLES],
  [5, HOME_TABLES],
]);
