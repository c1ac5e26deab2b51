import type { CID } from 'multiformats/cid';
import { onTestFinished } from 'vitest';
import { encodeHeader } from '../../../src/node/car-header.ts';
import { gatewaySource } from '../../../src/node/retrieve/gateway-source.ts';
import { retrieveDag } from '../../../src/node/retrieve/retrieve-dag.ts';
import type {
  RetrieveLimits,
  RetrieveReport,
  RetrieveStore,
} from '../../../src/node/retrieve/retrieve-options.ts';
import type { BlockSource } from '../../../src/node/retrieve/source.ts';
import type { Block, Link } from '../../../src/unixfs/block.ts';
import { addDirectory } from '../../../src/unixfs/directory.ts';
import { addFile } from '../../../src/unixfs/file.ts';
import { cidKey } from '../../../src/unixfs/hash.ts';
import { walkDag } from '../../../src/unixfs/walk.ts';
import { blockSection, carSection } from '../../helpers/hostile-gateway.ts';
import { MemoryBlocks } from '../../helpers/memory-blocks.ts';
import { collect } from '../../helpers/streams.ts';

/** Short, for tests that wait for them: nobody else may be in a hurry there. */
export const SHORT_HTTP = { answer: 400, stall: 400, header: 16 * 1024, connections: 8 };
export const SHORT: Partial<RetrieveLimits> = { patience: 600, block: 600 };

/** Others are tried soon, and nobody is given up because the machine is busy. */
export const LIMITS: Partial<RetrieveLimits> = { headStart: 100, hedge: 50 };

export interface SmallDag {
  root: CID;
  blocks: MemoryBlocks;
  /** Depth first. */
  list: Block[];
}

/** A folder of folders of files: 1 + `folders` * (1 + `files`) blocks, all of them different. */
export async function makeDag(folders = 3, files = 3, seed = ''): Promise<SmallDag> {
  const blocks = new MemoryBlocks();
  const tops: ({ name: string } & Link)[] = [];
  for (let folder = 0; folder < folders; folder++) {
    const inner: ({ name: string } & Link)[] = [];
    for (let file = 0; file < files; file++) {
      const bytes = Buffer.from(`${seed}file ${file} of folder ${folder}\n`.repeat(20));
      inner.push({ name: `${file}.txt`, ...(await addFile(bytes, blocks.sink)) });
    }
    tops.push({ name: `folder-${folder}`, ...(await addDirectory(inner, blocks.sink)) });
  }
  const { cid: root } = await addDirectory(tops, blocks.sink);
  const walked = await collect(walkDag(root, blocks.read));
  return {
    root,
    blocks,
    list: walked.flatMap(({ cid, bytes }) => (bytes === undefined ? [] : { cid, bytes })),
  };
}

/** A CAR of blocks, in the order in which they are given. */
export function carOf(root: CID, blocks: readonly Block[]): Uint8Array {
  return Buffer.concat([carSection(encodeHeader([root])), ...blocks.map(blockSection)]);
}

/** A store in memory, with what it was given. */
export class MemoryStore implements RetrieveStore {
  readonly held = new Map<string, Block>();
  has = (cid: CID): boolean => this.held.has(cidKey(cid));
  read = async (cid: CID): Promise<Uint8Array | undefined> => this.held.get(cidKey(cid))?.bytes;
  put = (blocks: readonly Block[]): void => {
    for (const block of blocks) this.held.set(cidKey(block.cid), block);
  };
}

/** Gateways, closed after the test. */
export function gateways(...urls: string[]): BlockSource[] {
  return gatewaysWithin({ ...SHORT_HTTP, answer: 15_000, stall: 15_000 }, ...urls);
}

/** Gateways with limits, closed after the test. */
export function gatewaysWithin(limits: typeof SHORT_HTTP, ...urls: string[]): BlockSource[] {
  const sources = urls.map((url) => gatewaySource(url, limits));
  onTestFinished(async () => void (await Promise.all(sources.map((source) => source.close?.()))));
  return sources;
}

export function retrieve(
  root: CID,
  sources: readonly BlockSource[],
  store: RetrieveStore,
  limits: Partial<RetrieveLimits> = {},
  signal: AbortSignal = new AbortController().signal,
): Promise<RetrieveReport> {
  return retrieveDag(root, { sources, store, signal, limits: { ...LIMITS, ...limits } });
}
