import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CID } from 'multiformats/cid';
import { code as RAW } from 'multiformats/codecs/raw';
import * as Digest from 'multiformats/hashes/digest';
import { onTestFinished } from 'vitest';
import { syntheticArticle } from '../../../bench/synthetic.ts';
import { NO_WITNESSES } from '../../../src/log/witness-policy.ts';
import type { BlockSource } from '../../../src/node/retrieve/source.ts';
import type { FollowChoice } from '../../../src/repo/followed.ts';
import { openRepository } from '../../../src/repo/open-repository.ts';
import { acquirePublishLock } from '../../../src/repo/publish-lock.ts';
import { ReaderMemories } from '../../../src/repo/reader-memory.ts';
import type { Repository } from '../../../src/repo/repository.ts';
import type { BlockReader } from '../../../src/unixfs/block.ts';
import { walkDag } from '../../../src/unixfs/walk.ts';
import { type FollowReport, follow } from '../../../src/workflows/following/follow.ts';
import { type SyncEffects, type SyncReport, syncFollowed } from '../../../src/workflows/following/sync.ts';
import { type HoldEffects, type Holding, holdEdition } from '../../../src/workflows/holding/hold.ts';
import { initialise } from '../../../src/workflows/initialise.ts';
import { initialiseMirror } from '../../../src/workflows/initialise-mirror.ts';
import { verify } from '../../../src/workflows/verify.ts';
import { Newsroom, NOW } from '../../helpers/newsroom.ts';

export const EVERYTHING: FollowChoice = { categories: null, maxBytes: null, since: null, keep: 1 };

/** A paper that several tests read: `close` takes it away. */
export interface SharedPaper {
  newsroom: Newsroom;
  repository: Repository;
  read: BlockReader;
  close(): void;
}

/** Publishes `count` synthetic articles, and then `revised` of them once more. */
export async function openPaper(count: number, revised = 0): Promise<SharedPaper> {
  const dir = mkdtempSync(join(tmpdir(), 'ovn-test-'));
  const texts = { name: 'The Paper', tagline: 'Yours.', language: 'en', url: undefined, origin: undefined };
  await initialise(
    { dir, ...texts, sample: false, dryRun: false },
    { passphrase: async () => undefined, now: NOW },
  );
  const newsroom = new Newsroom(dir);
  const write = (from: number, to: number, more = ''): void => {
    for (let index = from; index < to; index++) {
      const { name, text } = syntheticArticle(index);
      newsroom.write(`articles/${name}`, `${text}${more}`);
    }
  };
  write(0, count);
  await newsroom.publish({ listUnchanged: false });
  write(0, revised, '\nOne more line.\n');
  if (revised > 0) await newsroom.publish({ listUnchanged: false });
  const repository = openRepository(dir);
  return {
    newsroom,
    repository,
    read: async (cid) => repository.blockstore.getBytes(cid),
    close() {
      repository.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** The head edition of a repository. */
export function headOf(repository: Repository): CID {
  const head = repository.head();
  if (head === undefined) throw new Error('nothing is published');
  return CID.parse(head.edition);
}

/** A mirror in a repository of its own, which fetches from somewhere; it is gone after the test. */
export class Mirror {
  readonly repository: Repository;
  /** Blocks that came from outside. */
  fetched: CID[] = [];

  private constructor(repository: Repository) {
    this.repository = repository;
  }

  static async open(): Promise<Mirror> {
    const dir = mkdtempSync(join(tmpdir(), 'ovn-test-'));
    await initialiseMirror({ dir, dryRun: false });
    const repository = openRepository(dir);
    // What is written here block by block is lost with the test: no need to wait for the disk.
    repository.db.exec('PRAGMA synchronous = OFF');
    onTestFinished(() => {
      repository.close();
      rmSync(dir, { recursive: true, force: true });
    });
    return new Mirror(repository);
  }

  /** Reads what is here. */
  readonly read: BlockReader = async (cid) => this.repository.blockstore.getBytes(cid);

  /** Reads what is here, and fetches the rest. */
  from(others: BlockReader): BlockReader {
    return async (cid) => {
      const held = this.repository.blockstore.getBytes(cid);
      if (held !== undefined) return held;
      const bytes = await others(cid);
      if (bytes === undefined) return undefined;
      this.fetched.push(cid);
      this.repository.blockstore.putBatch([{ cid, bytes }]);
      return bytes;
    };
  }

  /** Follows the publication of an edition that somebody offers, as `ovn follow` does. */
  follow(
    edition: CID,
    choice: Partial<FollowChoice>,
    place: BlockSource,
    more: Partial<SyncEffects> = {},
  ): Promise<FollowReport> {
    const options = { target: edition.toString(), publication: undefined, places: [place.id] };
    const effects = { ...this.#syncing(edition, place), ...more };
    return follow({ ...options, choice: { ...EVERYTHING, ...choice } }, effects);
  }

  /** Looks for a newer edition, which somebody offers. */
  sync(publication: string, edition: CID, place: BlockSource): Promise<SyncReport> {
    return syncFollowed(publication, this.#syncing(edition, place));
  }

  #syncing(edition: CID, place: BlockSource): SyncEffects {
    const { repository } = this;
    const nothing = {
      record: undefined,
      led: undefined,
      checkpoint: undefined,
      publication: undefined,
      sequence: undefined,
    };
    const offer = { edition: edition.toString(), from: place.id, sources: [place], ...nothing };
    return {
      repository,
      find: async () => ({ offers: [offer], failures: [], name: undefined }),
      memories: new ReaderMemories(repository.stateDir),
      policy: NO_WITNESSES,
      lock: () => acquirePublishLock(repository.stateDir),
      dir: join(repository.stateDir, 'fetched'),
      maxGrowth: 1 << 30,
      dryRun: false,
      now: NOW,
      signal: new AbortController().signal,
    };
  }

  /** What `ovn verify` says. */
  verify(what: string | undefined) {
    const { repository, read } = this;
    const signal = new AbortController().signal;
    const effects = {
      local: { repository, read },
      memories: undefined,
      policy: NO_WITNESSES,
      now: NOW,
      signal,
    };
    return verify({ what, publication: undefined, requireCurrent: false }, effects);
  }

  hold(edition: CID, choice: Partial<FollowChoice>, others: BlockReader, more: Partial<HoldEffects> = {}) {
    this.fetched = [];
    return holdEdition(
      edition,
      { ...EVERYTHING, ...choice },
      {
        read: this.from(others),
        store: this.repository.blockstore,
        signal: new AbortController().signal,
        ...more,
      },
    );
  }
}

/** Who has all of a paper, as a place to fetch from. */
export function placeOf(read: BlockReader, id = 'https://paper.example'): BlockSource {
  return { id, window: 64, block: (cid) => read(cid) };
}

/** Every block that a holding names, by the hash, with its bytes, as far as they are in a repository. */
export async function heldBlocks(
  { parts, blocks }: Holding,
  repository: Repository,
): Promise<Map<string, number>> {
  const found = new Map<string, number>();
  const keep = (multihash: Uint8Array): void => {
    const bytes = repository.blockstore.getBytes(CID.createV1(RAW, Digest.decode(multihash)));
    if (bytes === undefined) throw new Error('a block that is held is not here');
    found.set(Buffer.from(multihash).toString('hex'), bytes.length);
  };
  for (const block of blocks) keep(block);
  const read: BlockReader = async (cid) => repository.blockstore.getBytes(cid);
  for (const { cid } of parts)
    for await (const block of walkDag(CID.parse(cid), read)) keep(block.cid.multihash.bytes);
  return found;
}
