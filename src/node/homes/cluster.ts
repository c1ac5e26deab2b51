import type { CID } from 'multiformats/cid';
import { openHomeClient } from './ask-home.ts';
import { isBusy, keptBy } from './cluster-answers.ts';
import { ClusterCalls, ClusterRefusal } from './cluster-calls.ts';
import { eachOf } from './each-of.ts';
import type {
  AskHomeOptions,
  Home,
  HomeConfig,
  HomeLimits,
  HomeSecrets,
  Kept,
  PushOptions,
  ReleaseOptions,
} from './home.ts';
import { pauseFor } from './patient-fetch.ts';

/** Pins of a list that are asked about together. */
const AT_ONCE = 60;

/**
 * An IPFS Cluster behind its REST API (1.1): what it is to keep is given to it as a CAR, and on how many of its peers. It gives nothing back
 * itself: a gateway of one of its peers does.
 *
 * @throws {OvnError} `key` for credentials that no header can hold
 */
export function openCluster(config: HomeConfig, secrets: HomeSecrets, limits: HomeLimits): Home {
  const client = openHomeClient(config, secrets, limits);
  return new Cluster(config, new ClusterCalls(client, limits), limits, () => client.close());
}

class Cluster implements Home {
  readonly id: string;
  readonly kind = 'cluster';
  readonly close: () => Promise<void>;
  readonly #calls: ClusterCalls;
  readonly #copies: number | undefined;
  readonly #limits: HomeLimits;

  constructor(config: HomeConfig, calls: ClusterCalls, limits: HomeLimits, close: () => void) {
    this.id = config.name;
    this.#copies = config.copies;
    this.#calls = calls;
    this.#limits = limits;
    this.close = async () => close();
  }

  /**
   * Who is asked to push what is kept already has found a block of it missing: it is given again. Where only copies are missing, others of
   * its peers fetch them. The name that somebody gave the pin stays.
   */
  async push(root: CID, given: PushOptions): Promise<Kept> {
    const before = await this.#look(root, given);
    const options = { ...given, name: before.name ?? given.name };
    const said = isShort(before) ? undefined : await this.#give(root, options);
    if (said !== undefined) return { cid: `${root}`, state: 'failed', detail: said };
    const lacks = await this.#spread(root, options);
    const kept = await this.#follow(root, options);
    return lacks === undefined || !isShort(kept) ? kept : { ...kept, detail: lacks };
  }

  status(roots: readonly CID[], options: AskHomeOptions): Promise<Map<string, Kept>> {
    return eachOf(roots, (root) => this.#look(root, options));
  }

  /** From what all peers agreed on: the list of their pins is empty, and no error, where the Kubo of the one that is asked is down. */
  async *list({ signal }: AskHomeOptions): AsyncGenerator<Kept> {
    const roots: CID[] = [];
    const next = async () => (await this.status(roots.splice(0), { signal })).values();
    for await (const cid of this.#calls.pinset(signal)) if (roots.push(cid) >= AT_ONCE) yield* await next();
    yield* await next();
  }

  async release(root: CID, { name, signal }: ReleaseOptions): Promise<void> {
    const { state, name: given } = await this.#look(root, { signal });
    if (state === 'absent' || (name !== undefined && given !== undefined && name !== given)) return;
    await this.#calls.unpin(root, signal);
  }

  async #look(root: CID, { signal }: AskHomeOptions): Promise<Kept> {
    return keptBy(root, await this.#calls.pinInfo(root, signal), this.#copies);
  }

  /** @returns what it said of a failure: half of it may be there by then */
  async #give(root: CID, options: PushOptions): Promise<string | undefined> {
    const { car, have } = options;
    try {
      if (have.length > 0) {
        await this.#calls.add(root, () => car(have), this.#copies, options);
        if ((await this.#follow(root, options)).state === 'pinned') return undefined;
      }
      await this.#calls.add(root, () => car(), this.#copies, options);
    } catch (error) {
      if (error instanceof ClusterRefusal) return error.said;
      throw error;
    }
    return undefined;
  }

  /**
   * A CAR goes to as many peers as there are, up to the copies wanted; only a pin asks for all of them, and for as many when one is lost.
   * @returns why there cannot be as many
   */
  async #spread(root: CID, { name, signal }: PushOptions): Promise<string | undefined> {
    if (this.#copies === undefined || this.#copies === 1) return undefined;
    try {
      await this.#calls.pin(root, { name, copies: this.#copies }, signal);
    } catch (error) {
      if (error instanceof ClusterRefusal) return error.said;
      throw error;
    }
    return undefined;
  }

  /** Looks until no peer is at it any more, or the time is over. One that failed before is told to try again, once. */
  async #follow(root: CID, { signal, onProgress }: PushOptions): Promise<Kept> {
    const ends = performance.now() + this.#limits.pin;
    let pause = this.#limits.poll;
    for (let isFirst = true; ; isFirst = false) {
      const info = await this.#calls.pinInfo(root, signal);
      const kept = keptBy(root, info, this.#copies);
      onProgress?.({ state: kept.state });
      if (isFirst && kept.state === 'failed') await this.#calls.recover(root, signal);
      else if (!isBusy(info) || performance.now() + pause > ends) return kept;
      await pauseFor(pause, signal);
      pause = Math.min(pause * 2, this.#limits.maxPoll);
    }
  }
}

/** It is pinned, and by fewer peers than it should be. */
function isShort({ copies, state }: Kept): boolean {
  return state === 'pinned' && copies !== undefined && copies.have < copies.want;
}
