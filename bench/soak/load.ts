import { once } from 'node:events';
import { connect } from 'node:net';
import { multiaddr } from '@multiformats/multiaddr';
import { MemoryBlockstore } from 'blockstore-core/memory';
import { MemoryDatastore } from 'datastore-core/memory';
import { CID } from 'multiformats/cid';
import { openNetworkNode } from '../../src/node/network/network-node.ts';
import type { Edition } from './newsroom.ts';

interface Target {
  http: string;
  multiaddrs: string[];
}

export interface LoadReport {
  requests: Record<string, number>;
  /** What was answered wrongly; each once. */
  failures: string[];
}

/** One thing that a client does over and over. It throws when the answer is wrong. */
type Client = (signal: AbortSignal) => Promise<unknown>;

const TIMEOUT = 60_000;
/** Between two rounds of one client, in ms: the machine is to be busy, not overloaded. */
const PAUSE = 20;
/** After a visit of a peer: the server takes no more than 10 connections a second from one address. */
const PEER_PAUSE = 150;

/** Clients of every kind at once: readers, fetchers of blocks and CARs, a peer, and those who go away in the middle. */
export function startLoad(
  { http, multiaddrs }: Target,
  { latest }: { latest(): Edition },
  only: readonly string[],
): AsyncDisposable & { stop(): Promise<LoadReport> } {
  const ending = new AbortController();
  const report = { requests: {} as Record<string, number>, failures: new Set<string>() };
  const clients: Record<string, Client> = {
    pages: (signal) => get(`${http}/articles/${pick(latest().articles).id}/`, signal),
    fronts: (signal) => get(`${http}/`, signal),
    blocks: (signal) => get(`${http}/ipfs/${pick(latest().articles).cid}?format=raw`, signal),
    cars: (signal) => get(`${http}/ipfs/${pick(Object.values(latest().categories)).cid}?format=car`, signal),
    unknown: (signal) => get(`${http}/nothing/${Math.random()}`, signal, 404),
    vanishing: () => vanish(http, `/ipfs/${latest().edition}?format=car`),
    peers: (signal) => {
      const cids = Array.from({ length: 10 }, () => pick(latest().articles).cid);
      return visit(multiaddrs[0] ?? '', new Set(cids), signal);
    },
  };
  const wanted = Object.entries(clients).filter(([kind]) => only.length === 0 || only.includes(kind));
  const running = wanted.map(([kind, client]) => repeat(kind, client, report, ending.signal));
  const stop = async (): Promise<LoadReport> => {
    ending.abort();
    await Promise.all(running);
    return { requests: report.requests, failures: [...report.failures] };
  };
  return { stop, [Symbol.asyncDispose]: async () => void (await stop()) };
}

async function repeat(
  kind: string,
  client: Client,
  { requests, failures }: { requests: Record<string, number>; failures: Set<string> },
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      await client(AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT)]));
      requests[kind] = (requests[kind] ?? 0) + 1;
    } catch (error) {
      const why = error instanceof Error ? `${error.message} ${error.cause ?? ''}` : String(error);
      if (!signal.aborted) failures.add(`${kind}: ${why}`);
    }
    await new Promise((resolve) => setTimeout(resolve, kind === 'peers' ? PEER_PAUSE : PAUSE));
  }
}

async function get(url: string, signal: AbortSignal, expected = 200): Promise<void> {
  const response = await fetch(url, { signal });
  await response.bytes();
  if (response.status !== expected) throw new Error(`${new URL(url).pathname}: ${response.status}`);
}

/** Asks for much and goes away after the first bytes. */
async function vanish(http: string, path: string): Promise<void> {
  const { port, host } = new URL(http);
  const socket = connect(Number(port), '127.0.0.1');
  socket.write(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
  await once(socket, 'data');
  socket.destroy();
}

/** A peer that comes, takes some blocks and goes again: bitswap gives nobody the same block twice within a while. */
async function visit(address: string, cids: ReadonlySet<string>, signal: AbortSignal): Promise<void> {
  const stores = { blockstore: new MemoryBlockstore(), datastore: new MemoryDatastore() };
  const options = { listen: [], bootstrap: [], public: false, quic: false, dht: false };
  await using node = await openNetworkNode(stores, options);
  await node.dial(multiaddr(address), { signal });
  for (const cid of cids) for await (const _ of node.helia.blockstore.get(CID.parse(cid), { signal }));
}

function pick<T>(items: readonly T[]): T {
  const item = items[Math.floor(Math.random() * items.length)];
  if (item === undefined) throw new Error('there is nothing to ask for');
  return item;
}
