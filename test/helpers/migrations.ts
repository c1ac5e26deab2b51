/** Takes back what schema 7 added, and what schema 6 lacked at first. */
export const BEFORE_SCHEMA_7 = `DROP TABLE notices;
DROP INDEX article_categories_ordinal;
ALTER TABLE article_categories DROP COLUMN ordinal;
ALTER TABLE articles DROP COLUMN ordinal;
ALTER TABLE articles DROP COLUMN image;
ALTER TABLE articles DROP COLUMN notices;
ALTER TABLE articles ADD COLUMN corrections INTEGER NOT NULL DEFAULT 0;
ALTER TABLE followed DROP COLUMN routers;`;
