import type { CID } from 'multiformats/cid';
import { OvnError } from '../../errors.ts';
import type { PushOptions } from './home.ts';
import { KuboRefusal, type KuboRpc } from './kubo-rpc.ts';

/** The CAR could not be read; `cause` says why. */
export class OursFailed extends Error {
  constructor(cause: unknown) {
    super('our CAR could not be read', { cause });
  }
}

export interface GiveOptions extends Pick<PushOptions, 'signal' | 'onProgress'> {
  /** Pins at once, so that nothing can be collected in between; that waits for blocks that are missing. */
  pinRoots: boolean;
}

/** What came of it. Where Kubo did not answer, neither: what it holds tells. */
export interface Given {
  /** The root that it says it pinned. */
  pinned?: CID;
  /** What it said of a failure. */
  said?: string;
}

/**
 * Has Kubo import a CAR with one root.
 *
 * @throws OursFailed where the CAR could not be read; as Kubo's RPC, but for `io`
 */
export async function give(
  rpc: KuboRpc,
  car: () => AsyncIterable<Uint8Array>,
  { signal, onProgress, pinRoots }: GiveOptions,
): Promise<Given> {
  const source = watch(car, (bytes) => onProgress?.({ bytes }));
  try {
    for await (const { root } of rpc.dag.import(source.chunks, { pinRoots, signal }))
      return root.pinErrorMsg ? { said: rpc.quote(root.pinErrorMsg) } : { pinned: root.cid };
  } catch (error) {
    // The client ends the request when the CAR fails, and says nothing of the reason.
    if (source.failure !== undefined) throw new OursFailed(source.failure.error);
    signal.throwIfAborted();
    if (error instanceof KuboRefusal) return { said: error.said };
    if (!(error instanceof OvnError && error.code === 'io')) throw error;
  }
  return {};
}

interface Watched {
  chunks: AsyncIterable<Uint8Array>;
  failure: { error: unknown } | undefined;
}

function watch(car: () => AsyncIterable<Uint8Array>, onBytes: (bytes: number) => void): Watched {
  const watched: Watched = { chunks: read(), failure: undefined };
  async function* read(): AsyncGenerator<Uint8Array> {
    let bytes = 0;
    try {
      for await (const chunk of car()) {
        yield chunk;
        bytes += chunk.length;
        onBytes(bytes);
      }
    } catch (error) {
      watched.failure = { error };
      throw error;
    }
  }
  return watched;
}
