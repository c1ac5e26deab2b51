import type { DatabaseSync } from 'node:sqlite';
import { addTerms } from './add-terms.ts';
import { numberArticles } from './number-articles.ts';
import { splitPlaces } from './split-places.ts';
import { EVENT_COLUMNS, NOTICE_TABLE } from './tables/archive.ts';
import { FOLLOWED_TABLES } from './tables/followed.ts';
import { HOME_TABLES } from './tables/homes.ts';
import { NAME_TABLES } from './tables/names.ts';
import { PICTURE_TABLES } from './tables/pictures.ts';
import { WITNESS_TABLES } from './tables/witnesses.ts';

/** From the schema of its number to the next one, inside a transaction. */
type Migration = (db: DatabaseSync) => void;

/** Schema 1 kept no `edition` events: they are put where the log has them, each before the events of the edition after it. */
const ADD_EDITION_EVENTS = `CREATE TABLE ordered_events (${EVENT_COLUMNS}) STRICT;
INSERT INTO ordered_events (kind, article, revision, cid, time, sequence)
  SELECT kind, article, revision, cid, time, sequence FROM (
    SELECT kind, article, revision, cid, time, sequence, sequence AS of_edition, kind <> 'masthead' AS part FROM events
    UNION ALL
    SELECT 'edition', NULL, NULL, cid, issued, sequence, sequence + 1, -1 FROM manifests
      WHERE sequence < (SELECT max(sequence) FROM manifests)
  ) ORDER BY of_edition, part, article, revision;
DROP TABLE events;
ALTER TABLE ordered_events RENAME TO events;
CREATE INDEX events_article ON events (article, revision) WHERE article IS NOT NULL;`;

/** Schema 6 counted the correction notices and knew neither their texts, nor pictures, nor the order of first publication. */
const ADD_NOTICES = `ALTER TABLE articles DROP COLUMN corrections;
ALTER TABLE articles ADD COLUMN notices TEXT NOT NULL DEFAULT '[]';
ALTER TABLE articles ADD COLUMN image TEXT;
ALTER TABLE articles ADD COLUMN ordinal INTEGER NOT NULL DEFAULT 0;
ALTER TABLE article_categories ADD COLUMN ordinal INTEGER NOT NULL DEFAULT 0;
CREATE INDEX article_categories_ordinal ON article_categories (category, ordinal);
${NOTICE_TABLE}`;

/** The first programs of schema 6 did not keep the routers of what is followed. */
const ADD_ROUTERS = "ALTER TABLE followed ADD COLUMN routers TEXT NOT NULL DEFAULT '[]'";
const ADD_MIRRORS = "ALTER TABLE followed ADD COLUMN mirrors TEXT NOT NULL DEFAULT '[]'";

function hasColumn(db: DatabaseSync, table: string, column: string): boolean {
  const sql = 'SELECT 1 FROM pragma_table_info(?) WHERE name = ?';
  return db.prepare(sql).get(table, column) !== undefined;
}

/**
 * What leads from one schema to the next. Schema 2 knew no witnesses, schema 3 no names, schema 4 followed nobody, schema 5 had
 * no homes, schema 7 kept no variants of pictures, schema 8 nothing
 * that articles are found by.
 */
export const MIGRATIONS: ReadonlyMap<number, Migration> = new Map([
  [1, (db) => db.exec(ADD_EDITION_EVENTS)],
  [2, (db) => db.exec(WITNESS_TABLES)],
  [3, (db) => db.exec(NAME_TABLES)],
  [4, (db) => db.exec(FOLLOWED_TABLES)],
  [5, (db) => db.exec(HOME_TABLES)],
  [
    6,
    (db) => {
      db.exec(ADD_NOTICES);
      numberArticles(db);
      if (!hasColumn(db, 'followed', 'routers')) db.exec(ADD_ROUTERS);
      if (!hasColumn(db, 'followed', 'mirrors')) db.exec(ADD_MIRRORS);
      splitPlaces(db);
    },
  ],
  [7, (db) => db.exec(PICTURE_TABLES)],
  [8, addTerms],
]);
