import type { CID } from 'multiformats/cid';
import { OvnError } from '../../errors.ts';
import type { FetchNode, PeerSource } from '../network/fetch-node.ts';

/** Providers that are taken, and how long they are looked for, in ms. */
const MOST_PROVIDERS = 8;
const PATIENCE = 20_000;

/**
 * Asks the DHT who has a block, for a while: whoever was found by then.
 * @throws OvnError `io` when nobody leads into the DHT, and when nobody was found in time
 */
export async function findInDht(
  cid: CID,
  node: Pick<FetchNode, 'findProviders'>,
  signal: AbortSignal,
): Promise<PeerSource[]> {
  const late = AbortSignal.timeout(PATIENCE);
  const found: PeerSource[] = [];
  try {
    for await (const source of node.findProviders(cid, { signal: AbortSignal.any([signal, late]) }))
      if (found.push(source) === MOST_PROVIDERS) break;
  } catch (cause) {
    signal.throwIfAborted();
    if (found.length === 0 && late.aborted)
      throw new OvnError('io', `nobody was found in ${PATIENCE / 1000} s`, { cause });
    if (found.length === 0) throw cause;
  }
  return found;
}
