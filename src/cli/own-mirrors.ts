import type { Repository } from '../repo/repository.ts';
import type { PublishEffects } from '../workflows/publish.ts';

/** How long publishing waits for all mirrors together, in ms. */
const PATIENCE_MS = 3_000;

/**
 * Asks the mirrors and gateways of ovn.json how far they have seen the log of the own publication; nothing where it names none. What asks
 * them is loaded only then.
 */
export function askOwnMirrors({
  settings,
  publicationId,
}: Pick<Repository, 'settings' | 'publicationId'>): PublishEffects['shownLogs'] {
  const named = [...(settings.mirrors ?? []), ...(settings.network?.gateways ?? [])];
  if (named.length === 0) return undefined;
  return async (signal) => {
    const [{ shownLogs }, { openHttp }, { urlsOf }] = await Promise.all([
      import('../workflows/finding/shown-logs.ts'),
      import('../node/retrieve/http-client.ts'),
      import('../node/mirrors/place.ts'),
    ]);
    const client = openHttp();
    try {
      return await shownLogs(publicationId, urlsOf(named), { client, timeoutMs: PATIENCE_MS, signal });
    } finally {
      client.close();
    }
  };
}
