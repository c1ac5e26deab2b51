import type { DatabaseSync } from 'node:sqlite';
import { CID } from 'multiformats/cid';
import { articleTerms } from '../edition/search/article-terms.ts';
import { readStored } from './number-articles.ts';
import { Statements } from './statements.ts';

/** Schema 8 did not keep what articles are found by. A bundle that is not whole is left for `check` to name. */
export function addTerms(db: DatabaseSync): void {
  db.exec(`ALTER TABLE articles ADD COLUMN terms TEXT NOT NULL DEFAULT '';
CREATE INDEX articles_ordinal ON articles (ordinal);`);
  const sql = new Statements(db);
  for (const { id, cid } of sql.all<{ id: string; cid: string }>('SELECT id, cid FROM articles')) {
    const document = readStored(CID.parse(cid), sql);
    if (document !== undefined)
      sql.run('UPDATE articles SET terms = ? WHERE id = ?', articleTerms(document), id);
  }
}
