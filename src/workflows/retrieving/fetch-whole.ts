import type { CID } from 'multiformats/cid';
import type { RetrieveReport } from '../../node/retrieve/retrieve-options.ts';
import { type FetchStore, openFetchStore } from '../../repo/fetch-store.ts';
import type { BlockReader } from '../../unixfs/block.ts';
import { verifyBlock } from '../../unixfs/hash.ts';
import type { Retrieval } from './retrieval.ts';

/** What is held besides what is fetched. `has` without reading. */
export interface Here {
  has(cid: CID): boolean;
  read: BlockReader;
}

/** Nothing is held. */
export const NOWHERE: Here = { has: () => false, read: async () => undefined };

/** A DAG all of which is at hand. What was fetched of it is gone when it is disposed of, unless it was taken over before. */
export interface FetchedDag extends Disposable {
  cid: CID;
  read: BlockReader;
  report: RetrieveReport;
  store: FetchStore;
}

/**
 * Fetches what is missing of a DAG into a place of its own. Where that fails, what came in stays there, and the next try goes on from it.
 *
 * @throws {OvnError} as `retrieveDag` does; `io`.
 */
export async function fetchWhole(
  cid: CID,
  here: Here,
  retrieval: Retrieval,
  signal: AbortSignal,
): Promise<FetchedDag> {
  const store = openFetchStore(retrieval.dir, cid);
  try {
    const read = readerOf(store, here.read);
    const has = (wanted: CID): boolean => store.has(wanted) || here.has(wanted);
    const put = store.put.bind(store);
    const report = await retrieval.fetch(cid, { has, read, put }, signal);
    return { cid, read, report, store, [Symbol.dispose]: () => store.discard() };
  } catch (error) {
    store[Symbol.dispose]();
    throw error;
  }
}

/** What came in is hashed again: it may have been written by a process that died, to a disk that lost power. */
function readerOf(store: FetchStore, here: BlockReader): BlockReader {
  return async (cid) => {
    const bytes = store.get(cid);
    return bytes !== undefined && verifyBlock(cid, bytes) ? bytes : here(cid);
  };
}
