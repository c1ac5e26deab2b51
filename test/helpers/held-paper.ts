import { CID } from 'multiformats/cid';
import { onTestFinished } from 'vitest';
import { openRepository } from '../../src/repo/open-repository.ts';
import type { Repository } from '../../src/repo/repository.ts';
import type { Block } from '../../src/unixfs/block.ts';
import { walkDag } from '../../src/unixfs/walk.ts';
import { initialiseMirror } from '../../src/workflows/initialise-mirror.ts';
import { temporaryFolder } from './folder.ts';
import type { Newsroom } from './newsroom.ts';

/** A machine without a paper; it is gone after the test. */
export async function makeMirror(): Promise<Repository> {
  const dir = temporaryFolder();
  await initialiseMirror({ dir, dryRun: false });
  const repository = openRepository(dir);
  onTestFinished(() => repository.close());
  return repository;
}

export interface HoldOptions {
  /** Paths below the edition that are held with all they reach, and the directories that lead to them; all of it when absent. */
  paths?: readonly string[];
  keep?: number;
  name?: string | null;
  /** Of this moment. */
  at?: string;
}

/**
 * What a sync leaves behind: the head edition of a newsroom, whole or in part, and that it is followed. It does not judge. Gives the
 * publication's id, and the roots and single blocks that are held.
 */
export async function holdHead(
  mirror: Repository,
  newsroom: Newsroom,
  { paths, keep = 1, name = null, at = '2026-01-10T12:00:00Z' }: HoldOptions = {},
): Promise<{ publication: string; edition: string; parts: string[]; spine: Block[] }> {
  return newsroom.use(async ({ repository, node: { read } }) => {
    const head = repository.head();
    if (head === undefined) throw new Error('nothing is published');
    const { edition, manifest, sequence, issued, expires } = head;
    const publication = repository.publicationId;
    const spine = paths === undefined ? [] : await spineOf(edition, manifest, paths, newsroom, read);
    const parts = paths === undefined ? [edition] : await rootsAt(edition, paths, newsroom);
    for (const root of parts) {
      const blocks: Block[] = [];
      for await (const { cid, bytes } of walkDag(CID.parse(root), read)) {
        if (bytes !== undefined) blocks.push({ cid, bytes });
      }
      mirror.blockstore.putBatch(blocks);
    }
    mirror.blockstore.putBatch(spine);
    const choice = { categories: null, maxBytes: null, since: null, keep };
    mirror.transaction(() => {
      const added = '2026-01-10T00:00:00Z';
      mirror.followed.add({ publication, target: publication, name, places: [], choice, added });
      mirror.followed.move(publication, {
        ...{ edition, manifest, sequence, issued, expires, name, at },
        logSize: null,
        heldBy: choice,
        mirrors: [],
        held: {
          parts: parts.map((cid) => ({ cid, bytes: 1 })),
          blocks: spine.map(({ cid }) => cid.multihash.bytes),
          bytes: parts.length + spine.length,
          whole: paths === undefined,
          left: { articles: 0, bytes: 0, why: [] },
        },
      });
    });
    return { publication, edition, parts, spine };
  });
}

async function rootsAt(edition: string, paths: readonly string[], newsroom: Newsroom): Promise<string[]> {
  const links = await Promise.all(paths.map((path) => newsroom.link(edition, path)));
  return links.map(({ cid }) => cid.toString());
}

/** The edition's root, its manifest and the directories above the paths. */
async function spineOf(
  edition: string,
  manifest: string,
  paths: readonly string[],
  newsroom: Newsroom,
  read: (cid: CID) => Promise<Uint8Array | undefined> | Uint8Array | undefined,
): Promise<Block[]> {
  const above = paths.flatMap((path) => {
    const names = path.split('/').slice(0, -1);
    return names.map((_, at) => names.slice(0, at + 1).join('/'));
  });
  const folders = await rootsAt(edition, [...new Set(above)], newsroom);
  const cids = [edition, manifest, ...folders].map((cid) => CID.parse(cid));
  return Promise.all(cids.map(async (cid) => ({ cid, bytes: (await read(cid)) ?? new Uint8Array() })));
}
