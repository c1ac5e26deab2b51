import dns from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { OvnError } from '../../errors.ts';
import { reachOfHost } from '../network/reach.ts';
import { type HttpAnswer, type HttpClient, openHttp } from './http-client.ts';
import { readLimited } from './read-limited.ts';

/** For one file, in milliseconds. */
const TIME = 120_000;
/** A server that could not be reached so often in a row is asked no more. */
const PATIENCE = 3;
/** Addresses of the old network inside of the new one: what stands behind them nobody can tell. */
const MAPPED = /^(?:64:ff9b:|::ffff:)/i;

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
 * @param http for tests alone: asks servers on loopback.
 */
export function openPublicFetch(
  { accept, limit, signal }: { accept: string; limit: number; signal: AbortSignal },
  http: HttpClient = openHttp(undefined, publicLookup),
  mayAsk: (url: URL) => boolean = isPublicHost,
): PublicFetch {
  const failures = new Map<string, number>();
  const ask = async (url: URL): Promise<HttpAnswer> => {
    const failed = failures.get(url.host) ?? 0;
    if (failed >= PATIENCE) throw new OvnError('io', 'its server cannot be reached');
    failures.set(url.host, failed + 1);
    const answer = await http.get(url, {
      accept,
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
      if (!/^https?:$/.test(url.protocol) || !mayAsk(url))
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

/** By its name alone: what the name leads to shows when it is looked up. */
function isPublicHost({ hostname }: URL): boolean {
  const host = hostname.replace(/^\[|\]$/g, '');
  return isIP(host) === 0 ? reachOfHost(host) === 'public' : isPublic(host);
}

function isPublic(address: string): boolean {
  return !MAPPED.test(address) && reachOfHost(address) === 'public';
}

const publicLookup: LookupFunction = (host, options, done) => {
  dns.lookup(host, { ...options, all: true }, (error, found) => {
    const addresses = error === null ? found.filter(({ address }) => isPublic(address)) : [];
    const first = addresses[0];
    if (error !== null) done(error, '', 0);
    else if (first === undefined) done(new OvnError('refused', 'it is at no public address'), '', 0);
    else if (options.all === true) done(null, addresses);
    else done(null, first.address, first.family);
  });
};
