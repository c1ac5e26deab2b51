import { Configuration, RemotePinningServiceClient, Status } from '@ipfs-shipyard/pinning-service-client';
import type { CID } from 'multiformats/cid';
import { OvnError } from '../../errors.ts';
import { authorizationOf, CREDENTIALS_HINT } from './authorization.ts';
import type { HomeConfig, HomeLimits, HomeSecrets, PushOptions } from './home.ts';
import { patientFetch } from './patient-fetch.ts';
import {
  canonicalCid,
  type PinPage,
  type PinRequest,
  readPinPage,
  readPinRequest,
} from './pinning-answers.ts';

/** Without this, a service tells of pins that are pinned alone. */
const EVERY_STATE = [Status.Queued, Status.Pinning, Status.Pinned, Status.Failed];

/** The most that may be asked for at once (`maxItems` and `maximum` of the API). */
export const CIDS_AT_ONCE = 10;
const PAGE = 1000;
const MAX_ORIGINS = 20;
const MAX_NAME = 255;

/** What is asked of a pinning service, one request a method; throws as `Home` says, and `not-found` for a request that it does not know. */
export class PinningCalls {
  readonly #client: RemotePinningServiceClient;

  constructor({ url }: HomeConfig, { token }: HomeSecrets, limits: HomeLimits) {
    this.#client = new RemotePinningServiceClient(
      new Configuration({
        endpointUrl: url.replace(/\/+$/, ''),
        fetchApi: patientFetch(limits),
        headers: token === undefined ? {} : { Authorization: authorizationOf(token) },
      }),
    );
  }

  post(root: CID, { name, origins, signal }: PushOptions): Promise<PinRequest> {
    const pin = {
      cid: canonicalCid(root),
      name: name.slice(0, MAX_NAME),
      origins: [...new Set(origins)].slice(0, MAX_ORIGINS),
      meta: { app: 'openvoicenews' },
    };
    return told(async () => readPinRequest(await this.#client.pinsPost({ pin }, { signal })));
  }

  get(requestid: string, signal: AbortSignal): Promise<PinRequest> {
    return told(async () => readPinRequest(await this.#client.pinsRequestidGet({ requestid }, { signal })));
  }

  delete(requestid: string, signal: AbortSignal): Promise<void> {
    return told(() => this.#client.pinsRequestidDelete({ requestid }, { signal }));
  }

  /** The requests for these roots, {@link CIDS_AT_ONCE} at most. */
  find(roots: readonly CID[], signal: AbortSignal): Promise<PinPage> {
    const request = { cid: roots.map(canonicalCid), status: EVERY_STATE, limit: PAGE };
    return told(async () => readPinPage(await this.#client.pinsGet(request, { signal })));
  }

  /** Any requests, the newest first; only older ones with `before`, in ms since 1970. */
  page(options: { before?: number; limit?: number }, signal: AbortSignal): Promise<PinPage> {
    const before = options.before === undefined ? {} : { before: new Date(options.before) };
    const request = { status: EVERY_STATE, limit: options.limit ?? PAGE, ...before };
    return told(async () => readPinPage(await this.#client.pinsGet(request, { signal })));
  }
}

/** Its client throws whatever answer is not 2xx, and what its own parsing meets. */
async function told<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof Response) throw await refusalOf(error);
    if (error instanceof SyntaxError || error instanceof TypeError || error instanceof RangeError)
      throw new OvnError('malformed', 'its answer is not that of a pinning service', { cause: error });
    throw error;
  }
}

async function refusalOf(response: Response): Promise<OvnError> {
  const { status } = response;
  const said = sayingOf(await response.text());
  const why = `it answers with status ${status}${said === '' ? '' : `: ${said}`}`;
  if (status === 401 || status === 403)
    return new OvnError('key', `it does not take the credentials: ${why}`, { hint: CREDENTIALS_HINT });
  if (status === 404) return new OvnError('not-found', why);
  if (status === 429) return new OvnError('busy', why, { hint: 'Run it again later.' });
  return new OvnError(status >= 500 ? 'io' : 'refused', why);
}

/** `error.reason` and `error.details` of a `Failure`; nothing of what is none. */
function sayingOf(body: string): string {
  try {
    const { error } = JSON.parse(body) as { error?: { reason?: unknown; details?: unknown } };
    return [error?.reason, error?.details].filter((part) => typeof part === 'string').join(': ');
  } catch {
    return '';
  }
}
