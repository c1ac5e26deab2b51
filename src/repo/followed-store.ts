import type { DatabaseSync } from 'node:sqlite';
import { transaction } from './database.ts';
import type { Followed, FollowMove, FollowNote, HeldEdition } from './followed.ts';
import { type FollowedRow, followedOf } from './followed-row.ts';
import { Statements } from './statements.ts';

/** The edition of a publication that came last is the one that counts. */
const SELECT = `SELECT f.*, e.edition, e.manifest, e.sequence FROM followed f
  LEFT JOIN followed_editions e ON e.id = (SELECT max(id) FROM followed_editions WHERE publication = f.publication)`;

/** An edition is whole where its root is held with all that it reaches. */
const SELECT_HELD = `SELECT e.publication, e.edition, e.manifest, e.sequence,
  EXISTS (SELECT 1 FROM held_parts p WHERE p.edition = e.id AND p.cid = e.edition) AS whole FROM followed_editions e`;

type HeldRow = Omit<HeldEdition, 'whole'> & { whole: number };

/** Publications of others, and what is held of them. An edition only ever gives way to one that is as new or newer (invariant 5). */
export class FollowedStore {
  readonly #db: DatabaseSync;
  readonly #sql: Statements;

  constructor(db: DatabaseSync) {
    this.#db = db;
    this.#sql = new Statements(db);
  }

  /** Whether nothing is followed. */
  isEmpty(): boolean {
    return this.#sql.get('SELECT 1 FROM followed LIMIT 1') === undefined;
  }

  /** In the order in which they were added. */
  list(): Followed[] {
    return this.#sql.all<FollowedRow>(`${SELECT} ORDER BY f.added, f.publication`).map(followedOf);
  }

  get(publication: string): Followed | undefined {
    const row = this.#sql.get<FollowedRow>(`${SELECT} WHERE f.publication = ?`, publication);
    return row === undefined ? undefined : followedOf(row);
  }

  /** The edition of a root, where it is held. */
  byEdition(root: string): HeldEdition | undefined {
    const row = this.#sql.get<HeldRow>(`${SELECT_HELD} WHERE e.edition = ?`, root);
    return row === undefined ? undefined : heldOf(row);
  }

  /** The editions that are held of a publication, the newest first. */
  editions(publication: string): HeldEdition[] {
    const sql = `${SELECT_HELD} WHERE e.publication = ? ORDER BY e.id DESC`;
    return this.#sql.all<HeldRow>(sql, publication).map(heldOf);
  }

  /** Begins to follow; of a publication that is followed already, what was chosen is replaced and what is held stays. */
  add({
    publication,
    target,
    name,
    places,
    routers = [],
    choice,
    added,
  }: Pick<Followed, 'publication' | 'target' | 'name' | 'places' | 'choice' | 'added'> &
    Partial<Pick<Followed, 'routers'>>): void {
    const { categories, maxBytes, since, keep } = choice;
    this.#sql.run(
      `INSERT INTO followed (publication, target, name, places, routers, categories, max_bytes, since, keep, whole, bytes, added)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, ?)
        ON CONFLICT (publication) DO UPDATE SET target = excluded.target, name = coalesce(excluded.name, name),
          places = excluded.places, routers = excluded.routers, categories = excluded.categories, max_bytes = excluded.max_bytes,
          since = excluded.since, keep = excluded.keep`,
      publication,
      target,
      name,
      JSON.stringify(places),
      JSON.stringify(routers),
      categories === null ? null : JSON.stringify(categories),
      maxBytes,
      since,
      keep,
      added,
    );
  }

  /**
   * Moves to an edition, in the caller's transaction, with all that is held of it; an edition that is held already gets
   * what is held of it now. Editions beyond those that are kept are forgotten: their blocks go with the garbage.
   */
  move(publication: string, to: FollowMove): void {
    transaction(this.#db, () => {
      const before = this.get(publication);
      if (before === undefined) throw new Error(`${publication} is not followed`);
      if (before.sequence !== null && to.sequence < before.sequence)
        throw new Error(`edition ${to.sequence} is older than ${before.sequence}`);
      this.#replaceEdition(publication, to);
      this.#forget(publication, before.choice.keep);
      this.#update(publication, to);
    });
  }

  /** What a look told that moved nothing. */
  note(publication: string, { checked, synced, problem }: FollowNote): void {
    this.#sql.run(
      'UPDATE followed SET checked = ?, synced = coalesce(?, synced), problem = ? WHERE publication = ?',
      checked,
      synced ?? null,
      problem === null ? null : JSON.stringify(problem),
      publication,
    );
  }

  /** Forgets a publication and all that is held of it: its blocks go with the garbage. Whether there was one. */
  remove(publication: string): boolean {
    return this.#sql.run('DELETE FROM followed WHERE publication = ?', publication) > 0;
  }

  /** Roots that are held with all they reach, of all editions of all publications. */
  roots(): string[] {
    return this.#sql
      .all<{ cid: string }>('SELECT DISTINCT cid FROM held_parts ORDER BY cid')
      .map(({ cid }) => cid);
  }

  /** Multihashes of blocks that are held singly, of all editions of all publications. */
  *blocks(): Generator<Uint8Array> {
    const sql = 'SELECT DISTINCT multihash FROM held_blocks ORDER BY multihash';
    for (const { multihash } of this.#sql.all<{ multihash: Uint8Array }>(sql)) yield multihash;
  }

  /** The same edition anew, so that its row comes last. */
  #replaceEdition(publication: string, { edition, manifest, sequence, held }: FollowMove): void {
    this.#sql.run(
      'DELETE FROM followed_editions WHERE publication = ? AND edition = ?',
      publication,
      edition,
    );
    const row = this.#sql.get<{ id: number }>(
      `INSERT INTO followed_editions (id, publication, edition, manifest, sequence)
        VALUES ((SELECT coalesce(max(id), 0) + 1 FROM followed_editions), ?, ?, ?, ?) RETURNING id`,
      publication,
      edition,
      manifest,
      sequence,
    );
    const id = row?.id ?? 0;
    const part = 'INSERT OR IGNORE INTO held_parts (edition, cid, bytes) VALUES (?, ?, ?)';
    for (const { cid, bytes } of held.parts) this.#sql.run(part, id, cid, bytes);
    const block = 'INSERT OR IGNORE INTO held_blocks (edition, multihash) VALUES (?, ?)';
    for (const multihash of held.blocks) this.#sql.run(block, id, multihash);
  }

  /** An edition's other roots count as one with it: a witness more makes no edition more. */
  #forget(publication: string, keep: number): void {
    this.#sql.run(
      `DELETE FROM followed_editions WHERE publication = ?1 AND (
        id NOT IN (SELECT max(id) FROM followed_editions WHERE publication = ?1 GROUP BY sequence)
        OR sequence NOT IN (SELECT DISTINCT sequence FROM followed_editions WHERE publication = ?1
          ORDER BY sequence DESC LIMIT ?2))`,
      publication,
      keep,
    );
  }

  #update(publication: string, to: FollowMove): void {
    this.#sql.run(
      `UPDATE followed SET issued = ?, expires = ?, log_size = ?, held_by = ?, whole = ?, bytes = ?, name = coalesce(?, name),
        places = ?, checked = ?, synced = ?, problem = NULL WHERE publication = ?`,
      to.issued,
      to.expires,
      to.logSize,
      JSON.stringify({ choice: to.heldBy, left: to.held.left }),
      to.held.whole ? 1 : 0,
      to.held.bytes,
      to.name,
      JSON.stringify(to.places),
      to.at,
      to.at,
      publication,
    );
  }
}

function heldOf({ whole, ...edition }: HeldRow): HeldEdition {
  return { ...edition, whole: whole === 1 };
}
