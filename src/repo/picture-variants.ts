import type { DatabaseSync } from 'node:sqlite';
import { Statements } from './statements.ts';

/** A variant of a picture as it was made: where its bytes are, and what there is to say of it. */
export interface KeptVariant {
  cid: string;
  /** Tsize of its link. */
  tsize: number;
  /** Bytes of the file. */
  size: number;
  /** sha256 of the file, hex. */
  digest: string;
  width: number;
  height: number;
}

/** Variants of pictures, so that nothing is encoded twice. */
export class PictureVariants {
  readonly #sql: Statements;

  constructor(db: DatabaseSync) {
    this.#sql = new Statements(db);
  }

  /** Those of a picture, by the sha256 of its untouched file; nothing where this recipe has not been used on it. */
  get(digest: string, recipe: number): KeptVariant[] | undefined {
    const sql = 'SELECT variants FROM picture_variants WHERE digest = ? AND recipe = ?';
    const row = this.#sql.get<{ variants: string }>(sql, digest, recipe);
    return row === undefined ? undefined : (JSON.parse(row.variants) as KeptVariant[]);
  }

  /** Forgets pictures of which a variant is not held any more. */
  forgetLost(isHeld: (cid: string) => boolean): void {
    const rows = this.#sql.all<{ digest: string; variants: string }>(
      'SELECT digest, variants FROM picture_variants',
    );
    for (const { digest, variants } of rows) {
      if ((JSON.parse(variants) as KeptVariant[]).every(({ cid }) => isHeld(cid))) continue;
      this.#sql.run('DELETE FROM picture_variants WHERE digest = ?', digest);
    }
  }

  put(digest: string, recipe: number, variants: readonly KeptVariant[]): void {
    const sql = 'INSERT OR REPLACE INTO picture_variants (digest, recipe, variants) VALUES (?, ?, ?)';
    this.#sql.run(sql, digest, recipe, JSON.stringify(variants));
  }
}
