import { CID } from 'multiformats/cid';
import { CHANGES_PATH } from '../article/changes-page.ts';
import { OvnError } from '../errors.ts';
import type { WithheldRevision } from '../repo/article-index.ts';
import type { Repository } from '../repo/repository.ts';
import type { BlockReader } from '../unixfs/block.ts';
import { readIfDirectory } from '../unixfs/directory.ts';
import { cidKey } from '../unixfs/hash.ts';
import { walkDag } from '../unixfs/walk.ts';
import { findWithheldPages, type WithheldPagesSource } from './withheld-pages.ts';

/** Files of a bundle that hold the text. Pictures may be another article's too: they are passed over. */
export const TEXT_FILES: readonly string[] = ['article.json', 'index.html', CHANGES_PATH];

/** What tells which revisions are withheld. */
export type WithheldSource = WithheldPagesSource & Pick<Repository, 'events' | 'blockstore'>;

/**
 * A reader that gives no block of a bundle whose text is withheld: neither the bundle nor the files with the text, nor the site's pages
 * with it. They are in the store for as long as an earlier edition or a pin keeps them.
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

async function listBlocks(source: WithheldSource, read: BlockReader): Promise<Map<string, WithheldRevision>> {
  const blocks = new Map<string, WithheldRevision>();
  const missing = new Set<string>();
  const getBytes = (cid: CID) => source.blockstore.getBytes(cid);
  for (const revision of source.articles.withheld()) {
    const root = CID.parse(revision.cid);
    blocks.set(cidKey(root), revision);
    const pages = findWithheldPages(revision, source, getBytes, missing);
    for (const text of [...(await textsOf(root, read)), ...pages])
      for await (const block of walkDag(text, read)) blocks.set(cidKey(block.cid), revision);
  }
  return blocks;
}

/** The files of a bundle that hold its text; none where it is not held. */
async function textsOf(root: CID, read: BlockReader): Promise<CID[]> {
  if ((await read(root)) === undefined) return [];
  const files = (await readIfDirectory(root, read)) ?? [];
  return files.filter(({ name }) => TEXT_FILES.includes(name)).map(({ cid }) => cid);
}
