import type { BlockBroker, SessionBlockBroker } from '@helia/interface';
import type { Helia } from 'helia';

/** Makes all that a node fetches end with a signal: left alone, a get that is under way when the node stops waits for ever. */
export function endFetchesWith(helia: Helia, signal: AbortSignal): void {
  const add = helia.addBlockBroker.bind(helia);
  helia.addBlockBroker = (broker) =>
    add(
      typeof broker === 'function'
        ? (parts) => endingBroker(broker(parts), signal)
        : endingBroker(broker, signal),
    );
}

function endingBroker(broker: BlockBroker, signal: AbortSignal): BlockBroker {
  return Object.assign(Object.create(broker) as BlockBroker, {
    ...retrieving(broker, signal),
    createSession: (...options: Parameters<NonNullable<BlockBroker['createSession']>>) => {
      const session = broker.createSession?.(...options);
      return session && { ...session, ...retrieving(session, signal) };
    },
  });
}

function retrieving(
  broker: BlockBroker | SessionBlockBroker,
  signal: AbortSignal,
): Pick<BlockBroker, 'retrieve'> {
  const retrieve = broker.retrieve?.bind(broker);
  if (retrieve === undefined) return {};
  return {
    retrieve: (cid, options) => {
      const signals = options?.signal === undefined ? [signal] : [signal, options.signal];
      return retrieve(cid, { ...options, signal: AbortSignal.any(signals) });
    },
  };
}
