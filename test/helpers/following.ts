import { join } from 'node:path';
import { CID } from 'multiformats/cid';
import { onTestFinished } from 'vitest';
import { NO_WITNESSES } from '../../src/log/witness-policy.ts';
import type { RetrieveLimits } from '../../src/node/retrieve/retrieve-options.ts';
import type { BlockSource } from '../../src/node/retrieve/source.ts';
import { openRepository } from '../../src/repo/open-repository.ts';
import { acquirePublishLock } from '../../src/repo/publish-lock.ts';
import { ReaderMemories } from '../../src/repo/reader-memory.ts';
import type { Repository } from '../../src/repo/repository.ts';
import type { Block } from '../../src/unixfs/block.ts';
import { walkDag } from '../../src/unixfs/walk.ts';
import { audit } from '../../src/workflows/audit.ts';
import { collectGarbage } from '../../src/workflows/collect-garbage.ts';
import type { FollowTarget, Offer, Offers } from '../../src/workflows/finding/offers.ts';
import { type FollowReport, follow } from '../../src/workflows/following/follow.ts';
import { type SyncEffects, type SyncReport, syncFollowed } from '../../src/workflows/following/sync.ts';
import { initialiseMirror } from '../../src/workflows/initialise-mirror.ts';
import { temporaryFolder } from './folder.ts';
import type { MemoryBlocks } from './memory-blocks.ts';
import { NOW } from './newsroom.ts';

/** A place that has blocks, and counts what it is asked for. */
export class TestPlace implements BlockSource {
  readonly id: string;
  readonly window = 256;
  readonly held: MemoryBlocks;
  /** Blocks that were given out; CARs; times that several questions were answered together. */
  blocks = 0;
  cars = 0;
  rounds = 0;
  /** What is said in place of a block; `undefined` that it is not there. */
  tamper: (cid: CID, bytes: Uint8Array) => Uint8Array | Promise<Uint8Array> | undefined = (_, bytes) => bytes;
  #next: Promise<void> | undefined;

  constructor(held: MemoryBlocks, id = 'https://a-place.example') {
    this.held = held;
    this.id = id;
  }

  async block(cid: CID): Promise<Uint8Array | undefined> {
    this.#next ??= new Promise<void>((resolve) => setTimeout(resolve, 1)).then(() => {
      this.rounds += 1;
      this.#next = undefined;
    });
    await this.#next;
    const bytes = await this.held.read(cid);
    const given = bytes === undefined ? undefined : await this.tamper(cid, bytes);
    if (given !== undefined) this.blocks += 1;
    return given;
  }

  forget(): void {
    Object.assign(this, { blocks: 0, cars: 0, rounds: 0 });
  }
}

/** One that gives CARs too. */
export class CarPlace extends TestPlace {
  /** Blocks of a CAR after which the connection is lost. */
  breaksAfter = Number.POSITIVE_INFINITY;

  async *dag(root: CID): AsyncGenerator<Block> {
    this.cars += 1;
    for await (const { cid, bytes } of walkDag(root, this.held.read)) {
      if (bytes === undefined) return;
      if (this.breaksAfter-- <= 0) throw new Error('the connection is lost');
      const given = await this.tamper(cid, bytes);
      if (given !== undefined) yield { cid, bytes: given };
    }
  }
}

/** What a place says of its newest edition. */
export function offering(edition: CID | string, place: TestPlace, more: Partial<Offer> = {}): Offer {
  const nothing = { record: undefined, led: undefined, checkpoint: undefined };
  const claims = { publication: undefined, sequence: undefined };
  return { edition: edition.toString(), from: place.id, sources: [place], ...nothing, ...claims, ...more };
}

export interface MirrorCall {
  now?: Date;
  maxGrowth?: number;
  dryRun?: boolean;
  limits?: Partial<RetrieveLimits>;
  times?: SyncEffects['times'];
  /** In place of what a test offers. */
  find?: SyncEffects['find'];
  signal?: AbortSignal;
  failures?: Offers['failures'];
  keep?: number;
  onProgress?: SyncEffects['onProgress'];
}

/** A mirror in a folder of its own, which looks where a test says. It is gone after the test. */
export class TestMirrorRepository {
  readonly dir: string;
  /** What it asked for. */
  readonly targets: FollowTarget[] = [];

  constructor(dir: string) {
    this.dir = dir;
  }

  static async open(): Promise<TestMirrorRepository> {
    const dir = join(temporaryFolder(), 'mirror');
    await initialiseMirror({ dir, dryRun: false });
    return new TestMirrorRepository(dir);
  }

  /** An open repository; it is closed after the test. */
  repository(): Repository {
    const repository = openRepository(this.dir);
    onTestFinished(() => repository.close());
    return repository;
  }

  follow(target: string, offers: readonly Offer[], call: MirrorCall = {}): Promise<FollowReport> {
    const choice = { categories: null, maxBytes: null, since: null, keep: call.keep ?? 1 };
    const options = { target, publication: undefined, places: [], choice };
    return this.#with(offers, call, (effects) => follow(options, effects));
  }

  sync(publication: string, offers: readonly Offer[], call: MirrorCall = {}): Promise<SyncReport> {
    return this.#with(offers, call, (effects) => syncFollowed(publication, effects));
  }

  async gc(): Promise<number> {
    return this.#with([], {}, async ({ repository, lock, signal }) => {
      const read = async (cid: CID) => repository.blockstore.getBytes(cid);
      return (await collectGarbage({ repository, read, lock, dryRun: false, signal })).blocks;
    });
  }

  /** Checks of `ovn check` that fail. */
  async failures(): Promise<string[]> {
    return this.#with([], {}, async ({ repository, now, signal }) => {
      const read = async (cid: CID) => repository.blockstore.getBytes(cid);
      const { checks } = await audit({ repository, read, now, signal });
      return checks.filter(({ result }) => result === 'fail').map(({ name, detail }) => `${name}: ${detail}`);
    });
  }

  async #with<T>(
    offers: readonly Offer[],
    { now = NOW, maxGrowth = 1 << 30, dryRun = false, failures = [], ...call }: MirrorCall,
    work: (effects: SyncEffects) => Promise<T>,
  ): Promise<T> {
    using repository = openRepository(this.dir);
    const { stateDir } = repository;
    const signal = call.signal ?? new AbortController().signal;
    return await work({
      repository,
      find: async (target, options) => {
        this.targets.push(target);
        if (call.find !== undefined) return call.find(target, options);
        return { offers: [...offers], failures, name: undefined };
      },
      memories: new ReaderMemories(stateDir),
      policy: NO_WITNESSES,
      lock: () => acquirePublishLock(stateDir, { signal }),
      dir: join(stateDir, 'fetched'),
      maxGrowth,
      dryRun,
      now,
      signal,
      limits: call.limits,
      times: call.times,
      onProgress: call.onProgress,
    });
  }
}

/** Takes the blocks of a root that a repository holds. */
export async function takeBlocks(
  held: MemoryBlocks,
  root: string,
  { blockstore }: Repository,
): Promise<void> {
  const read = async (cid: CID) => blockstore.getBytes(cid);
  for await (const { cid, bytes } of walkDag(CID.parse(root), read))
    if (bytes !== undefined) held.put({ cid, bytes });
}
