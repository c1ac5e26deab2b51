/**
 * Columns of an article. `instant` and `modified` are ms since 1970. `ordinal`: how many articles were first published before it,
 * by the order of the log.
 */
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
  notices TEXT NOT NULL, -- JSON, as in article.json
  terms TEXT NOT NULL, -- what it is found by
  image TEXT, -- JSON
  revision INTEGER NOT NULL,
  cid TEXT NOT NULL,
  size INTEGER NOT NULL,
  ordinal INTEGER NOT NULL,
  day TEXT GENERATED ALWAYS AS (substr(id, 1, 10)) VIRTUAL`;

const CATEGORY_COLUMNS = `
  category TEXT NOT NULL,
  day TEXT NOT NULL,
  instant INTEGER NOT NULL,
  id TEXT NOT NULL,
  modified INTEGER NOT NULL,
  ordinal INTEGER NOT NULL,
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
export const EVENT_COLUMNS = `
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  article TEXT,
  revision INTEGER,
  cid TEXT NOT NULL,
  time TEXT NOT NULL,
  withheld TEXT, -- JSON, NULL for none
  sequence INTEGER NOT NULL`;

/** Where the correction notices of the articles are dated: `at` counts them in their article, `instant` is ms since 1970. */
const NOTICE_COLUMNS = `
  year TEXT NOT NULL,
  instant INTEGER NOT NULL,
  article TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (article, at)`;

export const NOTICE_TABLE = `CREATE TABLE notices (${NOTICE_COLUMNS}) STRICT, WITHOUT ROWID;
CREATE INDEX notices_year ON notices (year, instant);`;

const NAME_COLUMNS = 'slug TEXT NOT NULL PRIMARY KEY, name TEXT NOT NULL';

/** What the head edition says, and how it came to be. */
export const INDEX_TABLES = `
CREATE TABLE articles (${ARTICLE_COLUMNS}) STRICT, WITHOUT ROWID;
CREATE INDEX articles_order ON articles (day DESC, instant DESC, id);
CREATE INDEX articles_source ON articles (source);
CREATE INDEX articles_ordinal ON articles (ordinal);
CREATE TABLE article_categories (${CATEGORY_COLUMNS}) STRICT, WITHOUT ROWID;
CREATE INDEX article_categories_modified ON article_categories (category, modified);
CREATE TABLE counts (${COUNT_COLUMNS}) STRICT, WITHOUT ROWID;
CREATE INDEX article_categories_ordinal ON article_categories (category, ordinal);
${NOTICE_TABLE}
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
