import { INDEX_TABLES } from './tables/archive.ts';
import { STORE_TABLES } from './tables/blocks.ts';
import { FOLLOWED_TABLES } from './tables/followed.ts';
import { HOME_TABLES } from './tables/homes.ts';
import { NAME_TABLES } from './tables/names.ts';
import { PICTURE_TABLES } from './tables/pictures.ts';
import { WITNESS_TABLES } from './tables/witnesses.ts';

/** "OVN1": marks the file as ours (`PRAGMA application_id`). */
export const APPLICATION_ID = 0x4f564e31;

/** Raised with every change of the tables below (`PRAGMA user_version`). */
export const SCHEMA_VERSION = 9;

/**
 * Bytes a page. Blocks of articles are a few hundred bytes to some kilobytes: in pages of 32 KiB most lie side by side
 * instead of each in pages of its own, which is what decides both the size of the file and the speed of a publish.
 */
export const PAGE_SIZE = 32_768;

/** Makes every table of a new database. */
export const CREATE_TABLES =
  STORE_TABLES + INDEX_TABLES + WITNESS_TABLES + NAME_TABLES + FOLLOWED_TABLES + HOME_TABLES + PICTURE_TABLES;
