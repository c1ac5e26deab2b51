import type { DatabaseSync } from 'node:sqlite';
import { BaseBlockstore } from 'blockstore-core/base';
import type { InputPair, Pair } from 'interface-blockstore';
import { CID } from 'multiformats/cid';
import * as raw from 'multiformats/codecs/raw';
import * as Digest from 'multiformats/hashes/digest';
import type { Block } from '../unixfs/block.ts';
import { BlockBuffer } from './block-buffer.ts';
import { transaction } from './database.ts';
import { NotFoundError } from './not-found-error.ts';
import { Statements } from './statements.ts';

interface Abortable {
  signal?: AbortSignal;
}

/** How a block is put: at once, or with others of a {@link SqliteBlockstore.batch}. */
interface PutOptions extends Abortable {
  batch?: BlockBuffer;
}

type BlockBytes = Uint8Array | Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

export interface BlockCount {
  blocks: number;
  bytes: number;
}

const INSERT = 'INSERT OR IGNORE INTO blocks (multihash, bytes) VALUES (?, ?)';
const PAGE = 1000;

/** Blocks that are taken over in one transaction. */
const TAKEN_OVER = 8192;

/**
 * Blocks by multihash, in the repository's database. It believes its callers that bytes and CID belong together:
 * what comes from outside is hashed before it gets here (design section 8, 1).
 */
export class SqliteBlockstore extends BaseBlockstore {
  readonly #db: DatabaseSync;
  readonly #sql: Statements;

  constructor(db: DatabaseSync) {
    super();
    this.#db = db;
    this.#sql = new Statements(db);
  }

  /** The bytes of a block, or nothing when it is not held. */
  getBytes(cid: CID): Uint8Array | undefined {
    const sql = 'SELECT bytes FROM blocks WHERE multihash = ?';
    return this.#sql.get<{ bytes: Uint8Array }>(sql, cid.multihash.bytes)?.bytes;
  }

  /** Whether no block at all is held. */
  get isEmpty(): boolean {
    return this.#sql.get('SELECT 1 FROM blocks LIMIT 1') === undefined;
  }

  /** How many bytes a block has, without reading them, or nothing when it is not held. */
  sizeOf(cid: CID): number | undefined {
    const sql = 'SELECT length(bytes) AS size FROM blocks WHERE multihash = ?';
    return this.#sql.get<{ size: number }>(sql, cid.multihash.bytes)?.size;
  }

  /** Stores blocks in one transaction: all of them or none. A block that is held already stays as it is. */
  putBatch(blocks: Iterable<Block>): void {
    const insert = this.#sql.prepare(INSERT);
    transaction(this.#db, () => {
      for (const { cid, bytes } of blocks) insert.run(cid.multihash.bytes, bytes);
    });
  }

  /**
   * Stores together what `work` puts with the options that it is given, one by one and through whatever lies above this
   * store: all of it is durable at the end. No transaction is open meanwhile, so what others put is stored as ever.
   */
  async batch(work: (options: PutOptions) => Promise<void>): Promise<void> {
    const batch = new BlockBuffer();
    await work({ batch });
    this.putBatch(batch.take());
  }

  /** Stores all blocks of a database that has such a table too, a batch at a time. Whoever made it has hashed them. */
  takeOver(path: string): void {
    this.#sql.run('ATTACH DATABASE ? AS other', path);
    try {
      const sql =
        'INSERT OR IGNORE INTO main.blocks (multihash, bytes) SELECT multihash, bytes FROM other.blocks WHERE id > ? AND id <= ? ORDER BY id';
      const last = this.#sql.get<{ last: number }>('SELECT coalesce(max(id), 0) AS last FROM other.blocks');
      for (let after = 0; after < (last?.last ?? 0); after += TAKEN_OVER)
        transaction(this.#db, () => this.#sql.run(sql, after, after + TAKEN_OVER));
    } finally {
      this.#sql.run('DETACH DATABASE other');
    }
  }

  override put(cid: CID, bytes: BlockBytes, options?: PutOptions): CID | Promise<CID> {
    options?.signal?.throwIfAborted();
    if (bytes instanceof Uint8Array) return this.#put({ cid, bytes }, options);
    return collect(bytes).then((whole) => {
      options?.signal?.throwIfAborted();
      return this.#put({ cid, bytes: whole }, options);
    });
  }

  /** A CID is given out when its block is stored durably. */
  override async *putMany(
    source: Iterable<InputPair> | AsyncIterable<InputPair>,
    options?: Abortable,
  ): AsyncGenerator<CID> {
    const waiting = new BlockBuffer();
    for await (const { cid, bytes } of source) {
      options?.signal?.throwIfAborted();
      waiting.add({ cid, bytes: bytes instanceof Uint8Array ? bytes : await collect(bytes) });
      if (waiting.isFull) yield* this.#putAll(waiting.take());
    }
    yield* this.#putAll(waiting.take());
  }

  override *get(cid: CID, options?: Abortable): Generator<Uint8Array> {
    options?.signal?.throwIfAborted();
    const bytes = this.getBytes(cid);
    if (bytes === undefined) throw new NotFoundError(`block ${cid} is not held`);
    yield bytes;
  }

  /** A block of a batch is not looked for: it is when it is stored. */
  override has(cid: CID, options?: PutOptions): boolean {
    options?.signal?.throwIfAborted();
    if (options?.batch !== undefined) return false;
    return this.#sql.get('SELECT 1 FROM blocks WHERE multihash = ?', cid.multihash.bytes) !== undefined;
  }

  /** Drops a block, and with it every `complete` mark: any of them may have counted on it. */
  override delete(cid: CID, options?: Abortable): void {
    options?.signal?.throwIfAborted();
    transaction(this.#db, () => {
      const deleted = this.#sql.run('DELETE FROM blocks WHERE multihash = ?', cid.multihash.bytes);
      if (deleted > 0) this.#sql.run('DELETE FROM complete');
    });
  }

  /** All blocks. Only the multihash is stored, so each comes under the CID of raw bytes. */
  override *getAll(options?: Abortable): Generator<Pair> {
    options?.signal?.throwIfAborted();
    for (const multihash of this.allMultihashes()) {
      const cid = CID.createV1(raw.code, Digest.decode(multihash));
      yield { cid, bytes: this.#stream(cid, options) };
      options?.signal?.throwIfAborted();
    }
  }

  /** In the order in which they were stored. Blocks may come and go meanwhile. */
  *allMultihashes(): Generator<Uint8Array> {
    const sql = 'SELECT id, multihash FROM blocks WHERE id > ? ORDER BY id LIMIT ?';
    let after = 0;
    for (;;) {
      const rows = this.#sql.all<{ id: number; multihash: Uint8Array }>(sql, after, PAGE);
      for (const { multihash } of rows) yield multihash;
      if (rows.length < PAGE) return;
      after = rows.at(-1)?.id ?? after;
    }
  }

  stats(): BlockCount {
    const sql = 'SELECT count(*) AS blocks, coalesce(sum(length(bytes)), 0) AS bytes FROM blocks';
    return this.#sql.get<BlockCount>(sql) ?? { blocks: 0, bytes: 0 };
  }

  /**
   * Garbage collection: drops every block whose multihash is not reachable, in one transaction, and says how much that
   * was. With `dryRun` it only says. The caller holds the publish lock: blocks of a publish that is under way are
   * reachable from nothing yet. The space is given back to the disk by {@link compact}.
   */
  deleteAllBut(isReachable: (multihash: Uint8Array) => boolean, { dryRun }: { dryRun: boolean }): BlockCount {
    return transaction(this.#db, () => {
      const garbage = this.#listGarbage(isReachable);
      if (!dryRun) for (const { id } of garbage) this.#sql.run('DELETE FROM blocks WHERE id = ?', id);
      return { blocks: garbage.length, bytes: garbage.reduce((sum, { size }) => sum + size, 0) };
    });
  }

  /** Bytes of the database file that nothing is in: what {@link compact} would give back to the disk. */
  slack(): number {
    const sql = 'SELECT freelist_count * page_size AS bytes FROM pragma_freelist_count, pragma_page_size';
    return this.#sql.get<{ bytes: number }>(sql)?.bytes ?? 0;
  }

  /** Writes the database file anew without the space that deleted blocks left. Needs that much free disk meanwhile. */
  compact(): void {
    this.#sql.run('VACUUM');
  }

  *#putAll(blocks: readonly Block[]): Generator<CID> {
    this.putBatch(blocks);
    for (const { cid } of blocks) yield cid;
  }

  async *#stream(cid: CID, options: Abortable | undefined): AsyncGenerator<Uint8Array> {
    yield* this.get(cid, options);
  }

  #listGarbage(isReachable: (multihash: Uint8Array) => boolean): { id: number; size: number }[] {
    const garbage: { id: number; size: number }[] = [];
    const rows = this.#sql.prepare('SELECT id, multihash, length(bytes) AS size FROM blocks').iterate();
    for (const row of rows as Iterable<{ id: number; multihash: Uint8Array; size: number }>) {
      if (!isReachable(row.multihash)) garbage.push({ id: row.id, size: row.size });
    }
    return garbage;
  }

  #put(block: Block, { batch }: PutOptions = {}): CID {
    if (batch === undefined) this.#sql.run(INSERT, block.cid.multihash.bytes, block.bytes);
    else batch.add(block);
    if (batch?.isFull) this.putBatch(batch.take());
    return block.cid;
  }
}

async function collect(bytes: Exclude<BlockBytes, Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const part of bytes) parts.push(part);
  return parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts);
}
