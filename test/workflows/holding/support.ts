import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CID } from 'multiformats/cid';
import { onTestFinished } from 'vitest';
import { syntheticArticle } from '../../../bench/synthetic.ts';
import type { FollowChoice } from '../../../src/repo/followed.ts';
import { openRepository } from '../../../src/repo/open-repository.ts';
import type { Repository } from '../../../src/repo/repository.ts';
import type { BlockReader } from '../../../src/unixfs/block.ts';
import { type Holding, type HoldEffects, holdEdition } from '../../../src/workflows/holding/hold.ts';
import { initialise } from '../../../src/workflows/initialise.ts';
import { initialiseMirror } from '../../../src/workflows/initialise-mirror.ts';
import { Newsroom, NOW } from '../../helpers/newsroom.ts';

export const EVERYTHING: FollowChoice = { categories: null, maxBytes: null, since: null, keep: 1 };

/** A paper that several tests read: `close` takes it away. */
export interface SharedPaper {
  newsroom: Newsroom;
  repository: Repository;
  read: BlockReader;
  close(): void;
}

/** Publishes `count` synthetic articles. */
export async function openPaper(count: number): Promise<SharedPaper> {
  const dir = mkdtempSync(join(tmpdir(), 'ovn-test-'));
  const texts = { name: 'The Paper', tagline: 'Yours.', language: 'en', url: undefined, origin: undefined };
  await initialise(
    { dir, ...texts, sample: false, dryRun: false },
    { passphrase: async () => undefined, now: NOW },
  );
  const newsroom = new Newsroom(dir);
  for (let index = 0; index < count; index++) {
    const { name, text } = syntheticArticle(index);
    newsroom.write(`articles/${name}`, text);
  }
  await newsroom.publish({ listUnchanged: false });
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

  hold(edition: CID, choice: Partial<FollowChoice>, others: BlockReader, more: Partial<HoldEffects> = {}) {
    this.fetched = [];
    return holdEdition(
      edition,
      { ...EVERYTHING, ...choice },
      {
        read: this.from(others),
        store: this.repository.blockstore,
        signal: new AbortController().signal,
        maxGrowth: Number.POSITIVE_INFINITY,
        ...more,
      },
    );
  }
}

export type { Holding };
