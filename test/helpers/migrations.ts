/** SQL that takes back what each schema added to the one before it, by its number. */
const TAKE_BACK: ReadonlyMap<number, string> = new Map([
  [9, 'DROP INDEX articles_ordinal; ALTER TABLE articles DROP COLUMN terms;'],
  [8, 'DROP TABLE picture_variants;'],
  [
    7,
    `DROP TABLE notices;
DROP INDEX article_categories_ordinal;
ALTER TABLE article_categories DROP COLUMN ordinal;
ALTER TABLE articles DROP COLUMN ordinal;
ALTER TABLE articles DROP COLUMN image;
ALTER TABLE articles DROP COLUMN notices;
ALTER TABLE articles ADD COLUMN corrections INTEGER NOT NULL DEFAULT 0;
ALTER TABLE followed DROP COLUMN routers;
ALTER TABLE followed DROP COLUMN mirrors;`,
  ],
  [6, 'DROP TABLE home_pins; DROP TABLE homes;'],
  [5, 'DROP TABLE held_blocks; DROP TABLE held_parts; DROP TABLE followed_editions; DROP TABLE followed;'],
  [4, 'DROP TABLE name_records;'],
  [3, 'DROP TABLE cosignatures; DROP TABLE witnesses; DROP TABLE former_editions;'],
]);

/** SQL that makes a database of today one of an earlier schema, 2 or later. */
export function backToSchema(version: number): string {
  const steps = [...TAKE_BACK].filter(([schema]) => schema > version).map(([, sql]) => sql);
  return `${steps.join('\n')}\nPRAGMA user_version = ${version};`;
}
