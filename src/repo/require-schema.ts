import { DatabaseSync } from 'node:sqlite';
import { isDeepStrictEqual } from 'node:util';
import { OvnError } from '../errors.ts';
import { CREATE_TABLES } from './schema.ts';

type Row = Record<string, unknown>;

/**
 * Refuses a database from outside that could run code of its own when it is used: triggers, views and virtual tables, of
 * which ours has none. To be called before anything else is asked of it.
 *
 * @throws {OvnError} `malformed`.
 */
export function requirePlainTables(db: DatabaseSync): void {
  db.exec('PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON');
  const found = db
    .prepare(
      "SELECT type, name FROM sqlite_schema WHERE type NOT IN ('table', 'index') OR sql LIKE 'create virtual%'",
    )
    .get();
  if (found !== undefined)
    throw new OvnError('malformed', `the database has a ${found['type']} ${found['name']}`);
}

/**
 * Refuses a database whose tables and columns are not those of our schema, `more` aside.
 *
 * @throws {OvnError} `malformed`, naming one that differs.
 */
export function requireSchema(db: DatabaseSync, more: readonly string[]): void {
  using ours = new DatabaseSync(':memory:');
  ours.exec(CREATE_TABLES);
  const expected = columnsOf(ours);
  const found = columnsOf(db);
  for (const name of more) found.delete(name);
  for (const name of new Set([...expected.keys(), ...found.keys()])) {
    if (isDeepStrictEqual(expected.get(name), found.get(name))) continue;
    throw new OvnError('malformed', `the table ${name} of the database is not that of a repository`);
  }
}

function columnsOf(db: DatabaseSync): Map<string, Row[]> {
  const names = db
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'")
    .all() as { name: string }[];
  const select = db.prepare(
    'SELECT name, type, "notnull", pk, hidden FROM pragma_table_xinfo(?) ORDER BY name',
  );
  return new Map(names.map(({ name }) => [name, select.all(name).map((row) => ({ ...row }))]));
}
