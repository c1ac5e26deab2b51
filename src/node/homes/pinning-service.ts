import type { CID } from 'multiformats/cid';
import { OvnError } from '../../errors.ts';
import type {
  Home,
  HomeConfig,
  HomeLimits,
  HomeSecrets,
  Kept,
  KeptState,
  PushOptions,
  ReleaseOptions,
} from './home.ts';
import { backOff, pauseFor } from './patient-fetch.ts';
import { canonicalCid, type PinPage, type PinRequest } from './pinning-answers.ts';
import { CIDS_AT_ONCE, PinningCalls } from './pinning-calls.ts';
import { listPins, SAYS_NOTHING } from './pinning-list.ts';

/** Of several requests for one DAG, the one that counts. */
const BEST: readonly KeptState[] = ['pinned', 'pinning', 'queued', 'unknown', 'failed'];

/**
 * A pinning service (IPFS Pinning Service API 1.0.0). It fetches what it is asked for from `origins`, or whoever it finds. Also that of
 * IPFS Cluster, where it differs (`listPins`, {@link PinningService.release}): so a pin is never replaced, but the new one is made first.
 *
 * @throws {OvnError} `key` for a token that no header can hold.
 */
export function openPinningService(config: HomeConfig, secrets: HomeSecrets, limits: HomeLimits): Home {
  return new PinningService(config.name, new PinningCalls(config, secrets, limits), limits);
}

class PinningService implements Home {
  readonly id: string;
  readonly kind = 'pinning-service';
  readonly #calls: PinningCalls;
  readonly #limits: HomeLimits;

  constructor(id: string, calls: PinningCalls, limits: HomeLimits) {
    this.id = id;
    this.#calls = calls;
    this.#limits = limits;
  }

  async push(root: CID, options: PushOptions): Promise<Kept> {
    const known = await this.#known(root, options.signal);
    const request =
      known === undefined || known.kept.state === 'failed' ? await this.#ask(root, options) : known;
    return this.#follow(root, request, options);
  }

  async status(roots: readonly CID[], { signal }: { signal: AbortSignal }): Promise<Map<string, Kept>> {
    const answers = new Map<string, Kept>();
    for (let at = 0; at < roots.length; at += CIDS_AT_ONCE) {
      const asked = roots.slice(at, at + CIDS_AT_ONCE);
      const { requests } = await this.#find(asked, signal);
      for (const root of asked) {
        const found = bestOf(requests, root);
        const kept = found?.kept ?? (await this.#missing(root, signal));
        answers.set(root.toString(), { ...kept, cid: root.toString() });
      }
    }
    return answers;
  }

  list({ signal }: { signal: AbortSignal }): AsyncIterable<Kept> {
    return listPins(this.#calls, signal);
  }

  /** Where it lists nothing, the CID may still be the name of a request, as IPFS Cluster has it while its Kubo is down. */
  async release(root: CID, { name, signal }: ReleaseOptions): Promise<void> {
    const { requests } = await this.#find([root], signal);
    const ours = requests.filter(({ kept }) => name === undefined || (kept.name ?? name) === name);
    const saysNothing = requests.length === 0 && (await this.#isEmpty(signal));
    const ids = saysNothing ? [canonicalCid(root)] : ours.map(({ requestid }) => requestid);
    for (const id of new Set(ids)) await absentIsDone(this.#calls.delete(id, signal));
  }

  /** Only what was asked for: a service that ignores the filter tells of others too. */
  async #find(roots: readonly CID[], signal: AbortSignal): Promise<PinPage> {
    const wanted = new Set(roots.map(canonicalCid));
    const page = await this.#calls.find(roots, signal);
    return { ...page, requests: page.requests.filter(({ kept }) => wanted.has(kept.cid)) };
  }

  async #known(root: CID, signal: AbortSignal): Promise<PinRequest | undefined> {
    return bestOf((await this.#find([root], signal)).requests, root);
  }

  /** A service whose node is down may say that it has nothing at all (IPFS Cluster does): that is no word on this DAG. */
  async #missing(root: CID, signal: AbortSignal): Promise<Kept> {
    const cid = root.toString();
    if (!(await this.#isEmpty(signal))) return { cid, state: 'absent' };
    return { cid, state: 'unknown', detail: SAYS_NOTHING };
  }

  async #isEmpty(signal: AbortSignal): Promise<boolean> {
    const { count, requests } = await this.#calls.page({ limit: 1 }, signal);
    return count === 0 && requests.length === 0;
  }

  /** A POST that was not answered may have been heard: it is looked for before it is sent again. */
  async #ask(root: CID, options: PushOptions): Promise<PinRequest> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#calls.post(root, options);
      } catch (error) {
        if (!(error instanceof OvnError) || error.code !== 'io' || attempt >= this.#limits.tries) throw error;
      }
      await pauseFor(backOff(attempt, this.#limits), options.signal);
      const heard = await this.#known(root, options.signal);
      if (heard !== undefined && heard.kept.state !== 'failed') return heard;
    }
  }

  /** Looks at a request until it is settled, or its time is over. */
  async #follow(root: CID, first: PinRequest, options: PushOptions): Promise<Kept> {
    const { pin, poll, maxPoll } = this.#limits;
    const { signal, onProgress, onDelegates } = options;
    const ends = performance.now() + pin;
    let request: PinRequest | undefined = first;
    for (let pause = poll; request !== undefined; pause = Math.min(pause * 2, maxPoll)) {
      const { state } = request.kept;
      onProgress?.({ state });
      if (state === 'queued' || state === 'pinning') onDelegates?.(request.delegates);
      if (state === 'pinned' || state === 'failed' || performance.now() + pause > ends) break;
      await pauseFor(pause, signal);
      const { requestid }: PinRequest = request;
      request = (await absentIsDone(this.#calls.get(requestid, signal))) ?? (await this.#known(root, signal));
    }
    const gone: Omit<Kept, 'cid'> = { state: 'unknown', detail: 'it no longer knows of the request' };
    return { ...(request?.kept ?? gone), cid: root.toString() };
  }
}

function bestOf(requests: readonly PinRequest[], root: CID): PinRequest | undefined {
  const cid = canonicalCid(root);
  const rank = ({ kept }: PinRequest): number => BEST.indexOf(kept.state);
  return requests.filter(({ kept }) => kept.cid === cid).sort((a, b) => rank(a) - rank(b))[0];
}

/** The answer; nothing where it does not know the request. */
async function absentIsDone<T>(asking: Promise<T>): Promise<T | undefined> {
  try {
    return await asking;
  } catch (error) {
    if (error instanceof OvnError && error.code === 'not-found') return undefined;
    throw error;
  }
}
