import type { DatabaseSync } from 'node:sqlite';
import { confirmationOf, type HomeRow, homeOf, type PinRow } from './home-row.ts';
import type { AskedPin, Confirmation, Placed, SaidOf, StoredHome } from './homes.ts';
import { Statements } from './statements.ts';

const WHERE = 'WHERE home = ? AND cid = ? AND subject = ?';

/** The homes of this repository, and what each confirmed. Every change is a transaction of its own. */
export class HomeStore {
  readonly #sql: Statements;

  constructor(db: DatabaseSync) {
    this.#sql = new Statements(db);
  }

  list(): StoredHome[] {
    return this.#sql.all<HomeRow>('SELECT * FROM homes ORDER BY name').map(homeOf);
  }

  get(name: string): StoredHome | undefined {
    const row = this.#sql.get<HomeRow>('SELECT * FROM homes WHERE name = ?', name);
    return row === undefined ? undefined : homeOf(row);
  }

  /** @returns false where there is one of that name. */
  add({ name, kind, url, readAt, copies, categories, credentials, plainHttp, added }: StoredHome): boolean {
    const changes = this.#sql.run(
      `INSERT OR IGNORE INTO homes (name, kind, url, read_at, copies, categories, credentials, plain_http, added)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      name,
      kind,
      url,
      JSON.stringify(readAt),
      copies,
      categories === null ? null : JSON.stringify(categories),
      credentials === null ? null : JSON.stringify(credentials),
      plainHttp ? 1 : 0,
      added,
    );
    return changes > 0;
  }

  /** Forgets a home, and all that it confirmed. */
  remove(name: string): void {
    this.#sql.run('DELETE FROM homes WHERE name = ?', name);
  }

  /** What is known of every DAG at every home, or at one: by home, subject, newest first. */
  confirmations(home?: string): Confirmation[] {
    const sql = `SELECT * FROM home_pins WHERE home = coalesce(?, home)
      ORDER BY home, subject, sequence DESC, asked DESC, cid`;
    return this.#sql.all<PinRow>(sql, home ?? null).map(confirmationOf);
  }

  confirmation({ home, cid, subject }: Placed): Confirmation | undefined {
    const row = this.#sql.get<PinRow>(`SELECT * FROM home_pins ${WHERE}`, home, cid, subject);
    return row === undefined ? undefined : confirmationOf(row);
  }

  /**
   * Notes, before it is done, that a home is asked for a DAG. What is known of it already stays; but what was another's, and is asked for
   * where there is none any more, is ours.
   */
  asked({ home, cid, subject, sequence, pin, own, asked }: AskedPin): void {
    this.#sql.run(
      `INSERT INTO home_pins (home, cid, subject, sequence, pin, state, asked, own, releasing)
        VALUES (?, ?, ?, ?, ?, 'unknown', ?, ?, 0)
        ON CONFLICT (home, cid, subject)
        DO UPDATE SET sequence = excluded.sequence, own = max(own, excluded.own), releasing = 0`,
      home,
      cid,
      subject,
      sequence,
      pin,
      asked,
      own ? 1 : 0,
    );
  }

  /** Notes what a home said; `at` in UTC. What is pinned anew has to be read back anew. */
  said({ home, cid, subject }: Placed, { state, detail, copies }: SaidOf, at: string): void {
    this.#sql.run(
      `UPDATE home_pins SET state = ?, detail = ?, copies = ?, looked = ?,
        confirmed = CASE WHEN ? = 'pinned' THEN ? ELSE confirmed END,
        problem = CASE WHEN ? = 'pinned' AND state <> 'pinned' THEN 'it was not read back yet' ELSE problem END
        ${WHERE}`,
      state,
      detail ?? null,
      copies === undefined ? null : JSON.stringify(copies),
      at,
      state,
      at,
      state,
      home,
      cid,
      subject,
    );
  }

  /** Notes that it was read back. */
  wasRead({ home, cid, subject }: Placed, how: NonNullable<Confirmation['readBack']>): void {
    const sql = `UPDATE home_pins SET read_back = ?, problem = NULL ${WHERE}`;
    this.#sql.run(sql, JSON.stringify(how), home, cid, subject);
  }

  /** Notes why it could not be read back. When it last could be stays known. */
  wasNotRead({ home, cid, subject }: Placed, problem: string): void {
    this.#sql.run(`UPDATE home_pins SET problem = ? ${WHERE}`, problem, home, cid, subject);
  }

  /** Notes, before it is done, that a home is to let go of a DAG. */
  releasing({ home, cid, subject }: Placed): void {
    this.#sql.run(`UPDATE home_pins SET releasing = 1 ${WHERE}`, home, cid, subject);
  }

  /** Notes that a home let go of a DAG, or never had it. */
  released({ home, cid, subject }: Placed): void {
    this.#sql.run(`DELETE FROM home_pins ${WHERE}`, home, cid, subject);
  }
}
