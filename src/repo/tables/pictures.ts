/**
 * The variants that were made of each picture, by the sha256 (hex) of its untouched file and the number of the recipe; their bytes are
 * blocks like all others. No variants: it can be decoded, and that is all that is to be known of it.
 */
export const PICTURE_TABLES = `
CREATE TABLE picture_variants (
  digest TEXT NOT NULL PRIMARY KEY,
  recipe INTEGER NOT NULL,
  variants TEXT NOT NULL -- JSON
) STRICT, WITHOUT ROWID;`;
