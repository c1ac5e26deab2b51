import { once } from 'node:events';
import type { ListenAddress } from '../node/gateway/server.ts';
import { listen } from '../node/gateway/server.ts';
import type { Repository } from '../repo/repository.ts';
import type { BlockReader } from '../unixfs/block.ts';
import { type WithheldSource, withoutWithheld } from './withheld.ts';

export interface ServeEffects {
  repository: Pick<Repository, 'head'> & WithheldSource;
  read: BlockReader;
  /** Ends it. */
  signal: AbortSignal;
  onListen(url: string): void;
  /** Told of what goes wrong while a request is answered. */
  onDefect(error: unknown): void;
}

/**
 * Serves the site of the head edition, and whatever else the repository holds by its CID, until the signal comes; but for texts that
 * are withheld, which are answered with 451. What another process publishes meanwhile is seen at once.
 *
 * @throws {OvnError} `busy`, `usage` and `io` as {@link listen} does.
 */
export async function serve(address: ListenAddress, effects: ServeEffects): Promise<void> {
  const { repository, signal, onListen, onDefect } = effects;
  const read = withoutWithheld(repository, effects.read);
  await using server = await listen(address, { read, onDefect, head: () => repository.head()?.edition });
  onListen(server.url);
  if (!signal.aborted) await once(signal, 'abort');
}
