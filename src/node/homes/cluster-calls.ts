import { randomUUID } from 'node:crypto';
import type { CID } from 'multiformats/cid';
import { OvnError } from '../../errors.ts';
import type { HomeAnswer, HomeClient, HomeQuestion } from './ask-home.ts';
import { type PinInfo, readAdded, readPin, readPinInfo } from './cluster-answers.ts';
import type { HomeLimits, PushOptions } from './home.ts';
import { readJson, readLines, readReason } from './read-answer.ts';

/** IPFS Cluster did not do what it was asked for, and said why. */
export class ClusterRefusal extends OvnError {
  /** In its words, fit to be shown. */
  readonly said: string;

  constructor(said: string) {
    super('refused', `it says: ${said}`);
    this.said = said;
  }
}

/** What is asked of an IPFS Cluster, one request a method; throws as `Home` says, or a {@link ClusterRefusal}. */
export class ClusterCalls {
  readonly #client: HomeClient;
  readonly #limits: HomeLimits;

  constructor(client: HomeClient, limits: HomeLimits) {
    this.#client = client;
    this.#limits = limits;
  }

  /** What every peer says of a root; one that is in no pinset is `unpinned` everywhere. */
  async pinInfo(root: CID, signal: AbortSignal): Promise<PinInfo> {
    const info = readPinInfo(await this.#json({ method: 'GET', path: `pins/${root}`, signal }));
    if (info.cid !== `${root}`) throw new OvnError('malformed', `it answers with another pin than ${root}`);
    return info;
  }

  /** The roots that it is to keep, whatever becomes of them. @throws {OvnError} `io` also where it ends before its end */
  async *pinset(signal: AbortSignal): AsyncGenerator<CID> {
    const query = { filter: 'pin' };
    const answer = await this.#ask({ method: 'GET', path: 'allocations', query, signal, isStream: true });
    for await (const line of readLines(answer)) {
      const cid = readPin(line);
      if (cid !== undefined) yield cid;
    }
  }

  /** Gives it a CAR with one root, which it pins on as many peers as there are, up to `copies`. */
  async add(
    root: CID,
    car: () => AsyncIterable<Uint8Array>,
    copies: number | undefined,
    { name, signal, onProgress }: PushOptions,
  ): Promise<void> {
    const factor = copies === undefined ? {} : factorOf(1, copies);
    const boundary = `ovn-${randomUUID()}`;
    const added = await this.#json({
      method: 'POST',
      path: 'add',
      // Its errors come as a status, not as a trailer behind a 200.
      query: { format: 'car', 'stream-channels': 'false', name, ...factor },
      headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
      body: () => multipart(boundary, car()),
      onSent: (bytes) => onProgress?.({ bytes }),
      // What is left to do is little. It may never answer where the disk of a peer is full.
      patience: this.#limits.stall,
      signal,
    });
    const roots = readAdded(added);
    if (!roots.some((each) => each.equals(root)))
      throw new OvnError('malformed', 'it took another DAG than it was given');
  }

  /** Pins what its peers can fetch from each other, on exactly so many. */
  async pin(
    root: CID,
    { name, copies }: { name: string; copies: number },
    signal: AbortSignal,
  ): Promise<void> {
    const query = { name, ...factorOf(copies, copies) };
    await this.#json({ method: 'POST', path: `pins/${root}`, query, signal });
  }

  /** Has peers try again that gave up. */
  async recover(root: CID, signal: AbortSignal): Promise<void> {
    await this.#json({ method: 'POST', path: `pins/${root}/recover`, signal });
  }

  /** Lets go of it; of what it does not have, too. */
  async unpin(root: CID, signal: AbortSignal): Promise<void> {
    const answer = await this.#client.ask({ method: 'DELETE', path: `pins/${root}`, signal });
    if (answer.status === 404) return answer.close();
    await readJson(await this.#checked(answer));
  }

  async #json(question: HomeQuestion): Promise<unknown> {
    return readJson(await this.#ask(question));
  }

  async #ask(question: HomeQuestion): Promise<HomeAnswer> {
    return this.#checked(await this.#client.ask(question));
  }

  async #checked(answer: HomeAnswer): Promise<HomeAnswer> {
    if (answer.status >= 200 && answer.status < 300) return answer;
    const reason = this.#client.quote(await readReason(answer));
    if (answer.status === 500) throw new ClusterRefusal(reason);
    throw new OvnError('refused', `it is no IPFS Cluster: it answers with status ${answer.status}`, {
      hint: 'The address is that of its REST API, such as http://127.0.0.1:9094.',
    });
  }
}

function factorOf(min: number, max: number): Record<string, string> {
  return { 'replication-min': `${min}`, 'replication-max': `${max}` };
}

/** One file in a form (RFC 7578). */
async function* multipart(boundary: string, file: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const disposition = 'Content-Disposition: form-data; name="file"; filename="dag.car"';
  yield Buffer.from(`--${boundary}\r\n${disposition}\r\nContent-Type: application/octet-stream\r\n\r\n`);
  yield* file;
  yield Buffer.from(`\r\n--${boundary}--\r\n`);
}
