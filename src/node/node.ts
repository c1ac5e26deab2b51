import { setImmediate } from 'node:timers/promises';
import * as dagCbor from '@ipld/dag-cbor';
import * as dagJson from '@ipld/dag-json';
import { createHeliaLight, type Helia } from 'helia';
import type { Blockstore } from 'interface-blockstore';
import type { Datastore } from 'interface-datastore';
import type { CID } from 'multiformats/cid';
import * as json from 'multiformats/codecs/json';
import { sha512 } from 'multiformats/hashes/sha2';
import { OvnError } from '../errors.ts';
import type { Block, BlockReader } from '../unixfs/block.ts';
import { verifyBlock } from '../unixfs/hash.ts';

/** The stores under a node. Whoever made them opens and closes them. */
export interface NodeStores {
  /** With `batch`, what `work` puts with the options that it is given is stored together, else block by block. */
  blockstore: Blockstore & { batch?(work: (options?: object) => Promise<void>): Promise<void> };
  datastore: Datastore;
}

/** The embedded IPFS node. */
export interface Node extends AsyncDisposable {
  readonly helia: Helia;
  /**
   * Reads through the node, from its own blockstore only; `undefined` where a block is not held.
   * @throws OvnError `damaged` when the store holds other bytes than the CID names
   */
  readonly read: BlockReader;
  /** Stores blocks whose bytes are known to match their CIDs, through Helia and as one batch of the blockstore. */
  put(blocks: Iterable<Block>): Promise<void>;
  stop(): Promise<void>;
}

/** After so many reads the event loop turns, because a store may answer without it, and timers and signals wait for it. */
const READS_A_TURN = 128;

/** Starts a node over the stores. It contacts nobody: it has no routers, no brokers, no network. */
export async function openNode(stores: NodeStores): Promise<Node> {
  const helia = createHeliaLight({ ...stores, codecs: [dagCbor, dagJson, json], hashers: [sha512] });
  // Invariant 8: Helia's own collection knows neither our pins nor our editions, and would delete them.
  helia.gc = async () => {
    throw new OvnError('usage', 'the node does not collect garbage by itself', { hint: 'use `ovn gc`' });
  };
  await helia.start();
  const stop = async (): Promise<void> => {
    await helia.stop();
  };
  return {
    helia,
    read: readerOf(helia),
    put: (blocks) => putAll(helia, stores.blockstore, blocks),
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

function readerOf(helia: Helia): BlockReader {
  let reads = 0;
  return async (cid) => {
    if (++reads % READS_A_TURN === 0) await setImmediate();
    const bytes = await readOwn(helia, cid);
    if (bytes === undefined || verifyBlock(cid, bytes)) return bytes;
    throw new OvnError('damaged', `the repository holds other bytes than block ${cid} has`, {
      hint: 'run `ovn check`',
    });
  };
}

async function readOwn(helia: Helia, cid: CID): Promise<Uint8Array | undefined> {
  const pieces: Uint8Array[] = [];
  try {
    for await (const piece of helia.blockstore.get(cid, { offline: true })) pieces.push(piece);
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
  return pieces.length === 1 ? pieces[0] : Buffer.concat(pieces);
}

function isNotFound(error: unknown): boolean {
  return error instanceof Error && ['BlockNotFoundWhileOfflineError', 'NotFoundError'].includes(error.name);
}

/** Helia hands the store one block at a time, each of which would be a transaction of its own. */
async function putAll(
  helia: Helia,
  blockstore: NodeStores['blockstore'],
  blocks: Iterable<Block>,
): Promise<void> {
  const drain = async (options?: object): Promise<void> => {
    for await (const _ of helia.blockstore.putMany(blocks, options));
  };
  if (blockstore.batch === undefined) await drain();
  else await blockstore.batch(drain);
}
