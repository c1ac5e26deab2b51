import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { CID } from 'multiformats/cid';
import { writeCar } from '../../src/node/car.ts';
import type { BlockReader } from '../../src/unixfs/block.ts';
import { cidKey } from '../../src/unixfs/hash.ts';
import { walkDag } from '../../src/unixfs/walk.ts';
import { mayAnswer, pinningFindings, queryFindings } from './openapi.ts';

type State = 'queued' | 'pinning' | 'pinned' | 'failed';

export interface DoublePin {
  requestid: string;
  /** What it says at each look, the last one for ever. */
  states: State[];
  created: string;
  pin: { cid: string; name?: string; origins?: string[]; meta?: Record<string, string> };
  info?: Record<string, string>;
}

/** What is done in place of an answer; nothing to answer as usual. */
export type Misbehaviour = (
  request: { method: string; path: string; query: URLSearchParams },
  response: ServerResponse,
) => Promise<boolean> | boolean;

export interface PinningDoubleOptions {
  /** Where it fetches what it is to pin from, as from the origins; without it, it pins what it never had. */
  read?: BlockReader;
  token?: string;
  /** The states of a new pin. */
  states?: State[];
  misbehave?: Misbehaviour;
  /** Where it wants to be connected to. */
  delegates?: string[];
  /** Answers as that of IPFS Cluster 1.1.6 does. */
  cluster?: boolean;
}

export interface PinningDouble extends AsyncDisposable {
  /** Of the API, and of a gateway to what it has. */
  url: string;
  pins: Map<string, DoublePin>;
  /** `POST /pins`, in their order. */
  asked: string[];
  /** Where a request or an answer was not as the description of the API says. */
  findings: string[];
  /** Blocks that it has, by key of their CID. */
  blocks: Map<string, Uint8Array>;
  options: PinningDoubleOptions;
  /** Puts a pin there, as an earlier request did. */
  have(cid: string, name?: string, created?: string): DoublePin;
}

/**
 * A pinning service on loopback (IPFS Pinning Service API 1.0.0), whose requests and answers are held to its OpenAPI description. It
 * misbehaves where it is told to.
 */
export async function startPinningDouble(options: PinningDoubleOptions = {}): Promise<PinningDouble> {
  const double = new Double(options);
  const server = createServer((request, response) => {
    double.answer(request, response).catch((error) => response.destroy(error));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return Object.assign(double, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  });
}

/** Nanoseconds since 1970: a service may be more exact than its clients. */
function instantOf(time: string): bigint {
  const [, fraction = ''] = /\.(\d+)Z$/.exec(time) ?? [];
  return BigInt(Math.floor(Date.parse(time) / 1000)) * 1_000_000_000n + BigInt(fraction.padEnd(9, '0'));
}

/** A time of its own for every pin. */
let clock = Date.UTC(2026, 0, 1);

class Double {
  readonly pins = new Map<string, DoublePin>();
  readonly asked: string[] = [];
  readonly findings: string[] = [];
  readonly blocks = new Map<string, Uint8Array>();
  readonly options: PinningDoubleOptions;

  constructor(options: PinningDoubleOptions) {
    this.options = options;
  }

  have(cid: string, name?: string, created = new Date(clock++).toISOString()): DoublePin {
    const requestid = this.options.cluster ? cid : `request-${this.pins.size + 1}-${clock}`;
    const pin: DoublePin = {
      requestid,
      states: ['pinned'],
      created,
      pin: name === undefined ? { cid } : { cid, name },
    };
    this.pins.set(requestid, pin);
    return pin;
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '' } = request;
    const { pathname, searchParams: query } = new URL(url, 'http://x');
    const [, cid] = /^\/ipfs\/(.+)$/.exec(pathname) ?? [];
    if (cid !== undefined) return this.#give(CID.parse(cid), query.get('format'), response);
    this.asked.push(`${method} ${pathname}`);
    if ((await this.options.misbehave?.({ method, path: pathname, query }, response)) === true) return;
    const { token, cluster = false } = this.options;
    if (token !== undefined && request.headers.authorization !== `Bearer ${token}`)
      return this.#fail(response, 401, 'UNAUTHORIZED', 'Access token is missing or invalid');
    const [, id] = /^\/pins\/(.+)$/.exec(pathname) ?? [];
    if (id !== undefined) return this.#answerOne(method, decodeURIComponent(id), response);
    if (method === 'GET') return this.#list(query, response);
    const pin = JSON.parse(await text(request)) as DoublePin['pin'];
    this.findings.push(...pinningFindings('Pin', pin));
    if (cluster && pin.cid === undefined) return void response.writeHead(200).end();
    const made = this.#make(pin);
    await this.#look(made);
    return this.#send(response, 'PinStatus', cluster ? 200 : 202, this.#statusOf(made));
  }

  #make(pin: DoublePin['pin']): DoublePin {
    const { states = ['queued', 'pinning', 'pinned'], cluster = false } = this.options;
    const requestid = cluster ? pin.cid : `request-${clock}`;
    const created = new Date(clock++).toISOString();
    const made: DoublePin = { requestid, states: [...states], created, pin };
    if (states.includes('failed')) made.info = { status_details: 'nobody has it' };
    this.pins.set(requestid, made);
    return made;
  }

  async #answerOne(method: string, id: string, response: ServerResponse): Promise<void> {
    const pin = this.pins.get(id);
    if (pin === undefined)
      return this.#fail(response, 404, 'NOT_FOUND', 'The specified resource was not found');
    if (method === 'DELETE') {
      this.pins.delete(id);
      return void response.writeHead(202).end();
    }
    if (pin.states.length > 1) pin.states.shift();
    await this.#look(pin);
    return this.#send(response, 'PinStatus', 200, this.#statusOf(pin));
  }

  /** A pin has its blocks when it says that it is pinned. */
  async #look({ states, pin }: DoublePin): Promise<void> {
    const { read } = this.options;
    if (states[0] !== 'pinned' || read === undefined) return;
    for await (const { cid, bytes } of walkDag(CID.parse(pin.cid), read))
      if (bytes !== undefined && !this.blocks.has(cidKey(cid))) this.blocks.set(cidKey(cid), bytes);
  }

  async #list(query: URLSearchParams, response: ServerResponse): Promise<void> {
    const wrong = queryFindings(query);
    const { cluster = false } = this.options;
    if (wrong.length > 0) {
      this.findings.push(...wrong);
      this.#fail(response, cluster ? 500 : 400, 'BAD_REQUEST', wrong.join('; '));
      return;
    }
    const list = (name: string) => query.get(name)?.split(',');
    const cids = list('cid');
    const states = list('status') ?? (cluster ? undefined : ['pinned']);
    const before = query.get('before');
    const isBefore = (created: string) => {
      if (before === null) return true;
      return cluster ? instantOf(created) <= instantOf(before) : instantOf(created) < instantOf(before);
    };
    const found = [...this.pins.values()]
      .filter(({ pin }) => cids === undefined || cids.includes(pin.cid))
      .filter(
        ({ states: [state = ''] }) => (cluster && cids !== undefined) || (states?.includes(state) ?? true),
      )
      .filter(({ created }) => isBefore(created))
      .sort((a, b) => (instantOf(a.created) < instantOf(b.created) ? 1 : -1));
    if (cids !== undefined) for (const pin of found) await this.#look(pin);
    const results = found.slice(0, Number(query.get('limit') ?? 10)).map((pin) => this.#statusOf(pin));
    this.#send(response, 'PinResults', 200, {
      count: found.length,
      results: cluster ? results.reverse() : results,
    });
  }

  #statusOf({ requestid, states: [status], created, pin, info }: DoublePin): Record<string, unknown> {
    const { cluster, delegates: asked = ['/ip4/127.0.0.1/tcp/1/p2p/12D3KooWNobody'] } = this.options;
    const delegates = cluster ? [] : asked;
    return { requestid, status, created, pin, delegates, ...(info === undefined ? {} : { info }) };
  }

  /** What a trustless gateway does for blocks and whole DAGs. */
  async #give(cid: CID, format: string | null, response: ServerResponse): Promise<void> {
    const bytes = this.blocks.get(cidKey(cid));
    if (bytes === undefined) return void response.writeHead(404).end();
    response.setHeader('content-type', `application/vnd.ipld.${format}`);
    if (format === 'raw') return void response.end(bytes);
    for await (const part of writeCar(cid, async (each) => this.blocks.get(cidKey(each))))
      response.write(part);
    response.end();
  }

  #fail(response: ServerResponse, status: number, reason: string, details: string): void {
    this.#send(response, 'Failure', status, { error: { reason, details } });
  }

  #send(
    response: ServerResponse,
    schema: 'PinStatus' | 'PinResults' | 'Failure',
    status: number,
    body: unknown,
  ): void {
    const { method = '', url = '' } = response.req;
    const path = /^\/pins\/./.test(url) ? '/pins/{requestid}' : '/pins';
    // IPFS Cluster is known not to.
    if (!this.options.cluster) {
      this.findings.push(...pinningFindings(schema, body));
      if (!mayAnswer(method, path, status)) this.findings.push(`${method} ${path} answers ${status}`);
    }
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  }
}
