import { CID } from 'multiformats/cid';
import type { Check } from '../../trust/check.ts';
import type { BlockReader } from '../../unixfs/block.ts';
import { Evidence } from './judging.ts';
import { offerBundle } from './offered-edition.ts';
import { judgeAsReader, judgeInclusion, type Reader, type ReaderJudgement } from './reader.ts';
import type { Judged } from './standing.ts';

/** The check that tells where in a log a bundle stands. */
export const INCLUSION = 'log-inclusion';

/** Who is asked, and what there is to read. */
export interface Asking {
  reader: Reader;
  namedBy: 'name' | 'cid';
  evidence: Evidence;
  /** Where the newest edition that is here is read. */
  own: BlockReader | undefined;
}

/** What a reader says; a verdict where it is an edition that was judged. */
export type Said = Partial<ReaderJudgement> & { checks: Check[] };

/** What a reader with a memory and the log add to what was judged and holds. */
export async function askReader(
  { kind, root, isPart, publication, article, replayed, checks }: Judged,
  { reader, namedBy, evidence, own }: Asking,
): Promise<Said> {
  if (publication === undefined) return { checks: [] };
  const cid = CID.parse(root);
  const here = own === undefined ? evidence : new Evidence(own, evidence);
  if (kind === 'edition') return judgeAsReader(cid, namedBy, reader, { evidence, here, replayed, isPart });
  if (kind === 'category' || article === undefined) return { checks: [] };
  if (own === undefined && checks.some(({ name }) => name === INCLUSION)) return { checks: [] };
  const bundle = await offerBundle({ id: article, cid }, 'alone', evidence);
  return { checks: [await judgeInclusion(bundle, publication, reader, here)] };
}
