import { CID } from 'multiformats/cid';
import { OvnError } from '../errors.ts';
import { firstFailed } from '../trust/check.ts';
import type { Block, BlockReader } from '../unixfs/block.ts';
import { addDirectory } from '../unixfs/directory.ts';
import { addFile } from '../unixfs/file.ts';
import { cidKey } from '../unixfs/hash.ts';
import { type LogEffects, requireHeadLog } from './logs/head-log.ts';
import { type NamedRevision, proveRevision } from './logs/prove-revision.ts';
import { ARTICLE_PROOF, judgeArticleProof } from './verification/article-proof.ts';
import { Evidence } from './verification/judging.ts';

/** All that a stranger needs to judge an article offline, below one root. */
export interface PackedProof {
  root: CID;
  /** Reads the blocks of the repository, and those that were made for the root. */
  read: BlockReader;
}

/**
 * Packs a revision with the proof that it was logged, its entry, and all mastheads of the head edition (docs/format.md,
 * "Article with proof"). What is given out was judged as its reader will.
 *
 * @throws {OvnError} `not-found` for a revision that is not in a published log; `refused` when it is not genuine.
 */
export async function packArticleProof(named: NamedRevision, effects: LogEffects): Promise<PackedProof> {
  const log = await requireHeadLog(effects);
  const { proof, entry, entryBytes } = await proveRevision(named, log, effects);
  const masthead = await log.edition.get(['masthead']);
  if (masthead === undefined) throw new OvnError('damaged', 'the head edition has no masthead/');
  const revisions = effects.repository.articles.history(named.article);
  const size = revisions.find(({ revision }) => revision === named.revision)?.size ?? 0;
  const made = new Map<string, Uint8Array>();
  const sink = ({ cid, bytes }: Block): void => void made.set(cidKey(cid), bytes);
  const { cid: root } = await addDirectory(
    [
      { name: ARTICLE_PROOF.bundle, cid: CID.parse(entry.cid), size },
      { name: ARTICLE_PROOF.entry, ...(await addFile(entryBytes, sink)) },
      { name: ARTICLE_PROOF.masthead, ...masthead },
      { name: ARTICLE_PROOF.proof, ...(await addFile(proof, sink)) },
    ],
    sink,
  );
  const read: BlockReader = async (cid) => made.get(cidKey(cid)) ?? (await effects.read(cid));
  const { checks } = await judgeArticleProof(root, new Evidence(read, effects));
  const failed = firstFailed(checks);
  if (failed === undefined) return { root, read };
  throw new OvnError('refused', `${named.article} is not genuine: ${failed.name}: ${failed.detail}`);
}
