import type { DatabaseSync } from 'node:sqlite';
import { transaction } from './database.ts';
import { Statements } from './statements.ts';

/** What of a publication is kept. */
export interface FollowChoice {
  /** Slugs; `null` is all. */
  categories: string[] | null;
  /** Of all that is held of it; `null` is no limit. */
  maxBytes: number | null;
  /** YYYY-MM-DD: nothing that is older. */
  since: string | null;
  /** How many editions, the newest among them. */
  keep: number;
}

/** Why the last look at a publication did not end well. */
export interface FollowProblem {
  code: string;
  message: string;
  /** UTC. */
  at: string;
}

/** A publication that is followed, and what is held of it. */
export interface Followed {
  publication: string;
  /** As it was given. */
  target: string;
  /** Its IPNS name (k51…), from the record or manifest that led here. */
  name: string | null;
  /** Where it may be asked for: URLs and multiaddrs that we were given, then the mirrors of its manifest. */
  places: string[];
  choice: FollowChoice;
  /** The last good edition; so the five that follow. */
  edition: string | null;
  manifest: string | null;
  sequence: number | null;
  issued: string | null;
  expires: string | null;
  logSize: number | null;
  /** What was chosen when it was held; another choice since holds something else with the next sync. */
  heldBy: FollowChoice | null;
  /** What of it is not held, by choice. */
  left: LeftOfEdition | null;
  /** Every block of the edition is held. */
  whole: boolean;
  /** Held of it. */
  bytes: number;
  added: string;
  /** When it was last looked for. UTC. */
  checked: string | null;
  /** When it last moved, or was confirmed to be the newest. UTC. */
  synced: string | null;
  problem: FollowProblem | null;
}

/** An edition that is held, whole or in part. */
export interface HeldEdition {
  publication: string;
  edition: string;
  manifest: string;
  sequence: number;
}

/** What is not held of an edition, by choice. */
export interface LeftOfEdition {
  articles: number;
  /** As its directories state them: what articles share counts with each. */
  bytes: number;
  /** `category`, `since`, `size`, `denied`; none where nothing is left. */
  why: string[];
}

/** What is held of an edition: roots with all they reach, and single blocks by multihash. */
export interface Held {
  parts: readonly { cid: string; bytes: number }[];
  blocks: readonly Uint8Array[];
  bytes: number;
  whole: boolean;
  left: LeftOfEdition;
}

/** An edition that was judged, and is held as far as was chosen. */
export interface FollowMove {
  edition: string;
  manifest: string;
  sequence: number;
  issued: string;
  expires: string;
  logSize: number | null;
  name: string | null;
  places: readonly string[];
  held: Held;
  /** What was chosen of it. */
  heldBy: FollowChoice;
  /** UTC. */
  at: string;
}

/** What a look told that moved nothing. What is not said stays. */
export interface FollowNote {
  /** UTC. */
  checked: string;
  /** UTC, where the edition was confirmed to be the newest. */
  synced?: string;
  problem: FollowProblem | null;
}

interface Row {
  publication: string;
  target: string;
  name: string | null;
  places: string;
  categories: string | null;
  max_bytes: number | null;
  since: string | null;
  keep: number;
  edition: string | null;
  manifest: string | null;
  sequence: number | null;
  issued: string | null;
  expires: string | null;
  log_size: number | null;
  held_by: string | null;
  whole: number;
  bytes: number;
  added: string;
  checked: string | null;
  synced: string | null;
  problem: string | null;
}

/** The edition of a publication that came last is the one that counts. */
const SELECT = `SELECT f.*, e.edition, e.manifest, e.sequence FROM followed f
  LEFT JOIN followed_editions e ON e.id = (SELECT max(id) FROM followed_editions WHERE publication = f.publication)`;

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
    return this.#sql.all<Row>(`${SELECT} ORDER BY f.added, f.publication`).map(followedOf);
  }

  get(publication: string): Followed | undefined {
    const row = this.#sql.get<Row>(`${SELECT} WHERE f.publication = ?`, publication);
    return row === undefined ? undefined : followedOf(row);
  }

  /** The edition of a root, where it is held. */
  byEdition(root: string): HeldEdition | undefined {
    const sql = 'SELECT publication, edition, manifest, sequence FROM followed_editions WHERE edition = ?';
    return this.#sql.get(sql, root);
  }

  /** The editions that are held of a publication, the newest first. */
  editions(publication: string): HeldEdition[] {
    const sql = `SELECT publication, edition, manifest, sequence FROM followed_editions
      WHERE publication = ? ORDER BY id DESC`;
    return this.#sql.all(sql, publication);
  }

  /** Begins to follow; of a publication that is followed already, what was chosen is replaced and what is held stays. */
  add({
    publication,
    target,
    name,
    places,
    choice,
    added,
  }: Pick<Followed, 'publication' | 'target' | 'name' | 'places' | 'choice' | 'added'>): void {
    const { categories, maxBytes, since, keep } = choice;
    this.#sql.run(
      `INSERT INTO followed (publication, target, name, places, categories, max_bytes, since, keep, whole, bytes, added)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, 0, ?)
        ON CONFLICT (publication) DO UPDATE SET target = excluded.target, name = coalesce(excluded.name, name),
          places = excluded.places, categories = excluded.categories, max_bytes = excluded.max_bytes,
          since = excluded.since, keep = excluded.keep`,
      publication,
      target,
      name,
      JSON.stringify(places),
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

function followedOf(row: Row): Followed {
  const { publication, target, name, edition, manifest, sequence, issued, expires, bytes } = row;
  const { added, checked, synced } = row;
  return {
    publication,
    target,
    name,
    places: JSON.parse(row.places) as string[],
    choice: {
      categories: row.categories === null ? null : (JSON.parse(row.categories) as string[]),
      maxBytes: row.max_bytes,
      since: row.since,
      keep: row.keep,
    },
    edition,
    manifest,
    sequence,
    issued,
    expires,
    logSize: row.log_size,
    ...heldOf(row),
    whole: row.whole === 1,
    bytes,
    added,
    checked,
    synced,
    problem: row.problem === null ? null : (JSON.parse(row.problem) as FollowProblem),
  };
}

function heldOf({ held_by }: Row): Pick<Followed, 'heldBy' | 'left'> {
  if (held_by === null) return { heldBy: null, left: null };
  const { choice, left } = JSON.parse(held_by) as { choice: FollowChoice; left: LeftOfEdition };
  return { heldBy: choice, left };
}
