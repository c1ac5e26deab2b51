import { once } from 'node:events';
import { VERIFY_HTML, VERIFY_JS } from '../edition/verify-page.generated.ts';
import type { ListenAddress } from '../node/gateway/server.ts';
import { listen } from '../node/gateway/server.ts';
import type { Repository } from '../repo/repository.ts';
import type { BlockReader } from '../unixfs/block.ts';
import { rawCid } from '../unixfs/hash.ts';
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
  const head = () => repository.head()?.edition;
  await using server = await listen(address, { read, onDefect, head, checksPage: checksPage() });
  onListen(server.url);
  if (!signal.aborted) await once(signal, 'abort');
}

/** verify.html as this program publishes it, which is the one page that may run its script. */
function checksPage() {
  const cidOf = (text: string) => rawCid(Buffer.from(text, 'utf8')).toString();
  return { page: cidOf(VERIFY_HTML), script: cidOf(VERIFY_JS), scriptName: 'verify.js' };
}
