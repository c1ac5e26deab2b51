import type { AbortOptions } from '@libp2p/interface';
import type { BlockBroker } from 'helia';
import { OvnError } from '../../errors.ts';
import type { Exchange } from './exchange.ts';

/**
 * Lets Helia get a block from whoever is connected and has it, and takes it back from the others once it is here. It waits for no
 * answer longer than the exchange does.
 */
export function exchangeBroker(exchange: Pick<Exchange, 'connected'>): BlockBroker {
  return {
    name: 'bitswap',
    retrieve: async (cid, { signal: given }: AbortOptions = {}) => {
      const over = new AbortController();
      const signal = given === undefined ? over.signal : AbortSignal.any([given, over.signal]);
      const asked = exchange.connected().map(async (peer) => {
        const bytes = await peer.block(cid, { signal });
        return bytes ?? Promise.reject(new OvnError('not-found', 'it does not have it'));
      });
      try {
        return await Promise.any(asked);
      } catch (cause) {
        given?.throwIfAborted();
        throw new OvnError('not-found', `no peer that is connected has block ${cid}`, { cause });
      } finally {
        over.abort();
      }
    },
  };
}
