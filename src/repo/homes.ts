import type { DatabaseSync } from 'node:sqlite';
import { transaction } from './database.ts';
import { Statements } from './statements.ts';

/** Where the credentials of a home are read when they are needed; they themselves are not here. */
export type CredentialsPlace = { env: string } | { file: string } | { keyring: true };

export type StoredHomeKind = 'pinning-service' | 'kubo' | 'cluster' | 'gateway';

/** A place where others keep what is published here, as it was added. */
export interface StoredHome {
  name: string;
  kind: StoredHomeKind;
  url: string;
  /** Gateways through which what it holds is read back. */
  readAt: string[];
  /** Copies wanted; `null` is its own default. */
  copies: number | null;
  /** Slugs of what it is given; `null` is the whole edition. */
  categories: string[] | null;
  /** `null` where it takes none. */
  credentials: CredentialsPlace | null;
  /** Credentials may go there over plain http. */
  plainHttp: boolean;
  /** UTC. */
  added: string;
}

/** What a home said of a DAG. `unknown` is no answer, or none yet. */
export type SaidState = 'pinned' | 'pinning' | 'queued' | 'failed' | 'absent' | 'unknown';

/** What is known of one DAG at one home. */
export interface Confirmation {
  home: string;
  cid: string;
  /** What it is: `edition`, `category:<slug>`, or `pin:<name>`. The newest of a subject takes the place of those before. */
  subject: string;
  /** Of the edition that it was pushed with. */
  sequence: number | null;
  /** Of the pin, over there. */
  pin: string;
  state: SaidState;
  /** Why, in the home's words. */
  detail: string | null;
  copies: { want: number; have: number } | null;
  /** When it was asked to keep it; all times are UTC. */
  asked: string;
  /** When it last said something of it. */
  looked: string | null;
  /** When it last said that it is pinned. */
  confirmed: string | null;
  /** When it was last read back from outside, how many blocks were, and through whom. */
  readBack: { at: string; blocks: number; via: string } | null;
  /** Why it does not count as held, where it was pinned: what the last try to read it back met. */
  problem: string | null;
  /** Whether it was pinned for us: what was there before us is never released. */
  own: boolean;
  /** It is to be released, and the home has not confirmed that yet. */
  releasing: boolean;
}

/** What names a row. */
export type Placed = Pick<Confirmation, 'home' | 'cid' | 'subject'>;

/** What a home answered of a DAG. */
export interface SaidOf {
  state: SaidState;
  detail?: string | undefined;
  copies?: { want: number; have: number } | undefined;
}

/** Whether a DAG is held there: confirmed, and read back when it was last tried. */
export function isHeld({ state, readBack, problem, copies }: Confirmation): boolean {
  if (copies !== null && copies.have < copies.want) return false;
  return state === 'pinned' && readBack !== null && problem === null;
}

interface HomeRow {
  name: string;
  kind: StoredHomeKind;
  url: string;
  read_at: string;
  copies: number | null;
  categories: string | null;
  credentials: string | null;
  plain_http: number;
  added: string;
}

interface PinRow {
  home: string;
  cid: string;
  subject: string;
  sequence: number | null;
  pin: string;
  state: SaidState;
  detail: string | null;
  copies: string | null;
  asked: string;
  looked: string | null;
  confirmed: string | null;
  read_back: string | null;
  problem: string | null;
  own: number;
  releasing: number;
}

const WHERE = 'WHERE home = ? AND cid = ? AND subject = ?';

/** The homes of this repository, and what each confirmed. Every change is a transaction of its own. */
export class HomeStore {
  readonly #db: DatabaseSync;
  readonly #sql: Statements;

  constructor(db: DatabaseSync) {
    this.#db = db;
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

  /** Notes, before it is done, that a home is asked for a DAG. What is known of it already stays. */
  asked({ home, cid, subject, sequence, pin, own, asked }: AskedPin): void {
    this.#sql.run(
      `INSERT INTO home_pins (home, cid, subject, sequence, pin, state, asked, own, releasing)
        VALUES (?, ?, ?, ?, ?, 'unknown', ?, ?, 0)
        ON CONFLICT (home, cid, subject) DO UPDATE SET sequence = excluded.sequence, releasing = 0`,
      home,
      cid,
      subject,
      sequence,
      pin,
      asked,
      own ? 1 : 0,
    );
  }

  /** Notes what a home said; `at` in UTC. */
  said({ home, cid, subject }: Placed, { state, detail, copies }: SaidOf, at: string): void {
    this.#sql.run(
      `UPDATE home_pins SET state = ?, detail = ?, copies = ?, looked = ?,
        confirmed = CASE WHEN ? = 'pinned' THEN ? ELSE confirmed END ${WHERE}`,
      state,
      detail ?? null,
      copies === undefined ? null : JSON.stringify(copies),
      at,
      state,
      at,
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

  /** All that `work` writes is stored together or not at all. */
  transaction<T>(work: () => T): T {
    return transaction(this.#db, work);
  }
}

/** What a home is asked to keep. */
export type AskedPin = Placed & Pick<Confirmation, 'sequence' | 'pin' | 'own' | 'asked'>;

function homeOf(row: HomeRow): StoredHome {
  const { read_at: readAt, categories, credentials, plain_http: plainHttp, ...rest } = row;
  return {
    ...rest,
    readAt: JSON.parse(readAt) as string[],
    categories: categories === null ? null : (JSON.parse(categories) as string[]),
    credentials: credentials === null ? null : (JSON.parse(credentials) as CredentialsPlace),
    plainHttp: plainHttp === 1,
  };
}

function confirmationOf({ read_back: readBack, copies, own, releasing, ...rest }: PinRow): Confirmation {
  return {
    ...rest,
    copies: copies === null ? null : (JSON.parse(copies) as Confirmation['copies']),
    readBack: readBack === null ? null : (JSON.parse(readBack) as Confirmation['readBack']),
    own: own === 1,
    releasing: releasing === 1,
  };
}
