import { EVENT_COLUMNS, INDEX_TABLES } from './tables/archive.ts';
import { STORE_TABLES } from './tables/blocks.ts';
import { FOLLOWED_TABLES } from './tables/followed.ts';
import { HOME_TABLES } from './tables/homes.ts';
import { NAME_TABLES } from './tables/names.ts';
import { WITNESS_TABLES } from './tables/witnesses.ts';

/** "OVN1": marks the file as ours (`PRAGMA application_id`). */
export const APPLICATION_ID = 0x4f564e31;

/** Raised with every change of the tables below (`PRAGMA user_version`). */
export const SCHEMA_VERSION = 6;

/**
 * Bytes a page. Blocks of articles are a few hundred bytes to some kilobytes: in pages of 32 KiB most lie side by side
 * instead of each in pages of its own, which is what decides both the size of the file and the speed of a publish.
 */
export const PAGE_SIZE = 32_768;

/** Makes every table of a new database. */
export const CREATE_TABLES =
  STORE_TABLES + INDEX_TABLES + WITNESS_TABLES + NAME_TABLES + FOLLOWED_TABLES + HOME_TABLES;

/**
 * What leads from one schema to the next. Schema 1 kept no `edition` events: they are put where the log has them, each
 * before the events of the edition after it, which stand in the order of their articles. Schema 2 knew no witnesses, schema
 * 3 no names, schema 4 followed nobody, schema 5 had no homes.
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
