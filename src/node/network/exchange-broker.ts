import type { BlockBroker } from 'helia';
import { OvnError } from '../../errors.ts';
import type { Exchange } from './exchange.ts';

/** Lets Helia get a block from whoever is connected and has it. It waits for no answer longer than the exchange does. */
export function exchangeBroker(exchange: Exchange): BlockBroker {
  return {
    name: 'bitswap',
    retrieve: async (cid, { signal = new AbortController().signal } = {}) => {
      const asked = exchange.connected().map(async (peer) => {
        const bytes = await peer.block(cid, { signal });
        return bytes ?? Promise.reject(new OvnError('not-found', 'it does not have it'));
      });
      return await Promise.any(asked).catch((cause: unknown) => {
        signal.throwIfAborted();
        throw new OvnError('not-found', `no peer that is connected has block ${cid}`, { cause });
      });
    },
  };
}
