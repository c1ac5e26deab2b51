import { OvnError } from '../../errors.ts';
import { FARTHER, type Reach, reachOfHost } from '../network/reach.ts';
import { type HttpAnswer, type HttpClient, openHttp } from './http-client.ts';
import { readLimited } from './read-limited.ts';

/** For one file, in milliseconds. */
const TIME = 120_000;
/** A server that could not be reached so often in a row is asked no more. */
const PATIENCE = 3;

/** Gets files that a text from outside names. */
export interface PublicFetch {
  /** @throws OvnError `io`, `refused`, `limit` */
  get(url: URL): Promise<Uint8Array>;
  close(): void;
}

/**
 * Opens a way to files on public servers, by http and https only.
 *
 * Threat: whoever wrote the text chooses the address. It must not make us knock at this machine or at hosts of our own network:
 * what a name leads to is looked at when the connection is made, so that no second answer of the DNS can differ.
 *
 * @param limit bytes of a file.
 * @param within how far in a server may lie; tests alone ask servers on loopback.
 */
export function openPublicFetch(
  { accept, limit, signal }: { accept: string; limit: number; signal: AbortSignal },
  within: Reach = 'public',
  http: HttpClient = openHttp(),
): PublicFetch {
  const failures = new Map<string, number>();
  const ask = async (url: URL): Promise<HttpAnswer> => {
    const failed = failures.get(url.host) ?? 0;
    if (failed >= PATIENCE) throw new OvnError('io', 'its server cannot be reached');
    failures.set(url.host, failed + 1);
    const answer = await http.get(url, {
      accept,
      within,
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIME)]),
    });
    failures.delete(url.host);
    return answer;
  };
  const read = async (url: URL): Promise<Uint8Array> => {
    const answer = await ask(url);
    if (answer.status === 200) return await readLimited(answer.body, limit);
    answer.close();
    throw new OvnError('io', `its server answers with status ${answer.status}`);
  };
  return {
    async get(url) {
      if (!/^https?:$/.test(url.protocol) || !FARTHER[within].includes(reachOfHost(url.hostname)))
        throw new OvnError('refused', 'it is at no public address');
      try {
        return await read(url);
      } catch (error) {
        signal.throwIfAborted();
        throw error instanceof OvnError
          ? error
          : new OvnError('io', 'its server is too slow', { cause: error });
      }
    },
    close: () => http.close(),
  };
}
