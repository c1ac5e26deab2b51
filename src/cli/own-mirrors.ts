import { withPasswords } from '../node/retrieve/passwords.ts';
import type { Repository } from '../repo/repository.ts';
import type { PublishEffects } from '../workflows/publish.ts';

/** How long publishing waits for all mirrors together, in ms. */
const PATIENCE_MS = 3_000;

/**
 * Asks the mirrors and gateways of ovn.json, and the homes that are mirrors, how far they have seen the log of the own publication; nothing
 * where there are none. What asks them is loaded only then.
 */
export function askOwnMirrors(
  repository: Pick<Repository, 'settings' | 'homes' | 'publicationId'>,
): PublishEffects['shownLogs'] {
  const { settings, homes } = repository;
  const kept = homes.list().flatMap(({ kind, url }) => (kind === 'gateway' ? [url] : []));
  const named = [...(settings.mirrors ?? []), ...(settings.network?.gateways ?? []), ...kept];
  if (named.length === 0) return undefined;
  return async (signal) => {
    const [{ shownLogs }, { openHttp }, { urlsOf }] = await Promise.all([
      import('../workflows/finding/shown-logs.ts'),
      import('../node/retrieve/http-client.ts'),
      import('../node/mirrors/place.ts'),
    ]);
    const client = withPasswords(openHttp(), named);
    try {
      return await shownLogs(repository.publicationId, urlsOf(named), {
        client,
        timeoutMs: PATIENCE_MS,
        signal,
      });
    } finally {
      client.close();
    }
  };
}
