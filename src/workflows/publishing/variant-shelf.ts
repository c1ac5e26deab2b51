import { CID } from 'multiformats/cid';
import { RECIPE } from '../../bundle/pictures/recipe.ts';
import type { KeptVariant } from '../../repo/picture-variants.ts';
import type { Repository } from '../../repo/repository.ts';
import type { Block, BlockReader } from '../../unixfs/block.ts';
import { cidKey } from '../../unixfs/hash.ts';
import { walkDag } from '../../unixfs/walk.ts';

/** Where variants are found that were made before, and put when they are made. */
export interface VariantShelf {
  /** @param digest sha256 of the picture's untouched file, hex */
  get(digest: string): Promise<readonly KeptVariant[] | undefined>;
  put(digest: string, variants: readonly KeptVariant[], blocks: readonly Block[]): Promise<void>;
  /** Everything that was put is kept when this resolves. */
  flush(): Promise<void>;
}

export interface ShelfEffects {
  repository: Repository;
  read: BlockReader;
}

/** Blocks that are gathered before they are stored. */
const BATCH_BYTES = 4 * 1024 * 1024;

/** Variants that were stored are used as long as their blocks are there; what is made is not kept. */
export function readingShelf({ repository, read }: ShelfEffects): VariantShelf {
  return {
    async get(digest) {
      const kept = repository.pictures.get(digest, RECIPE);
      return kept !== undefined && (await areHeld(kept, read)) ? kept : undefined;
    },
    async put() {},
    async flush() {},
  };
}

/** As {@link readingShelf}, and what is made is stored: what a publication that was stopped has made, the next one need not. */
export function storingShelf(
  effects: ShelfEffects,
  store: (blocks: readonly Block[]) => Promise<void>,
): VariantShelf {
  const { repository } = effects;
  const made: { digest: string; variants: readonly KeptVariant[] }[] = [];
  let waiting: Block[] = [];
  let bytes = 0;
  async function flush(): Promise<void> {
    const [blocks, known] = [waiting, made.splice(0)];
    waiting = [];
    bytes = 0;
    if (blocks.length > 0) await store(blocks);
    if (known.length === 0) return;
    repository.transaction(() => {
      for (const { digest, variants } of known) repository.pictures.put(digest, RECIPE, variants);
    });
  }
  return {
    ...readingShelf(effects),
    async put(digest, variants, blocks) {
      made.push({ digest, variants });
      waiting.push(...blocks);
      for (const block of blocks) bytes += block.bytes.length;
      if (bytes >= BATCH_BYTES) await flush();
    },
    flush,
  };
}

/** As {@link readingShelf}, and what is made is in memory: what is not published leaves nothing behind. */
export class MemoryShelf {
  readonly #made = new Map<string, readonly KeptVariant[]>();
  readonly #blocks = new Map<string, Uint8Array>();

  /** A block of what was put, where it is one. */
  block(cid: CID): Uint8Array | undefined {
    return this.#blocks.get(cidKey(cid));
  }

  over(effects: ShelfEffects): VariantShelf {
    const stored = readingShelf(effects);
    return {
      ...stored,
      get: async (digest) => this.#made.get(digest) ?? (await stored.get(digest)),
      put: async (digest, variants, blocks) => {
        this.#made.set(digest, variants);
        for (const { cid, bytes } of blocks) this.#blocks.set(cidKey(cid), bytes);
      },
    };
  }
}

async function areHeld(variants: readonly KeptVariant[], read: BlockReader): Promise<boolean> {
  for (const { cid } of variants) {
    for await (const { bytes } of walkDag(CID.parse(cid), read)) if (bytes === undefined) return false;
  }
  return true;
}
