import { CID } from 'multiformats/cid';
import { CHANGES_PATH } from '../article/changes-page.ts';
import { OvnError } from '../errors.ts';
import type { WithheldRevision } from '../repo/article-index.ts';
import type { Repository } from '../repo/repository.ts';
import type { BlockReader } from '../unixfs/block.ts';
import { readIfDirectory } from '../unixfs/directory.ts';
import { cidKey } from '../unixfs/hash.ts';
import { walkDag } from '../unixfs/walk.ts';

/** Files of a bundle that hold the text. Pictures may be another article's too: they are passed over. */
export const TEXT_FILES: readonly string[] = ['article.json', 'index.html', CHANGES_PATH];

/** What tells which revisions are withheld. */
export type WithheldSource = Pick<Repository, 'articles' | 'events'>;

/**
 * A reader that gives no block of a bundle whose text is withheld: neither the bundle nor the files with the text. They
 * are in the store for as long as an earlier edition or a pin keeps them.
 *
 * @throws {OvnError} `withheld`, when it is asked for such a block.
 */
export function withoutWithheld(repository: WithheldSource, read: BlockReader): BlockReader {
  let seen = -1;
  let blocks: Promise<Map<string, WithheldRevision>> = Promise.resolve(new Map());
  return async (cid) => {
    const count = repository.events.count();
    if (count !== seen) {
      seen = count;
      blocks = listBlocks(repository, read);
    }
    const revision = (await blocks).get(cidKey(cid));
    if (revision !== undefined) throw withheldError(revision);
    return read(cid);
  };
}

/** What is said of a revision whose text is withheld. */
export function withheldError({ id, revision, cid }: WithheldRevision): OvnError {
  return new OvnError('withheld', `revision ${revision} of ${id} (${cid}) is withheld by a retraction`, {
    hint: 'ovn history shows why. get, show and export give it all the same with --withheld.',
  });
}

async function listBlocks(
  { articles }: WithheldSource,
  read: BlockReader,
): Promise<Map<string, WithheldRevision>> {
  const blocks = new Map<string, WithheldRevision>();
  for (const revision of articles.withheld()) {
    const root = CID.parse(revision.cid);
    blocks.set(cidKey(root), revision);
    if ((await read(root)) === undefined) continue;
    for (const { name, cid } of (await readIfDirectory(root, read)) ?? []) {
      if (!TEXT_FILES.includes(name)) continue;
      for await (const block of walkDag(cid, read)) blocks.set(cidKey(block.cid), revision);
    }
  }
  return blocks;
}
