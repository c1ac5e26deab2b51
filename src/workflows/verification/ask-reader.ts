import { CID } from 'multiformats/cid';
import type { Check } from '../../trust/check.ts';
import type { BlockReader } from '../../unixfs/block.ts';
import { Evidence } from './judging.ts';
import { judgeLoneBundles } from './lone-bundles.ts';
import { judgeAsReader, type Reader, type ReaderJudgement } from './reader.ts';
import type { Judged } from './standing.ts';

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
  { kind, root, isPart, publication, bundles, replayed }: Judged,
  { reader, namedBy, evidence, own }: Asking,
): Promise<Said> {
  if (publication === undefined) return { checks: [] };
  const here = own === undefined ? evidence : new Evidence(own, evidence);
  if (kind !== 'edition') return judgeLoneBundles(bundles ?? [], publication, reader, { evidence, here });
  return judgeAsReader(CID.parse(root), namedBy, reader, { evidence, here, replayed, isPart });
}
