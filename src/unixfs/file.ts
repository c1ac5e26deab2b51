import { importFile } from 'ipfs-unixfs-importer';
import type { BlockSink, Link } from './block.ts';
import { rawCid } from './hash.ts';
import { importerStore } from './importer-store.ts';
import { CHUNK_SIZE, IMPORTER_OPTIONS } from './profile.ts';

export {
  fileSize,
  measureFile,
  type ReadOptions,
  readFile,
  type StreamOptions,
  streamFile,
} from './file-reader.ts';

/**
 * Adds a file under the profile. One of a single chunk is the very bytes as a raw block, made at once where the sink takes it at
 * once; a larger one goes through the importer. The sink is given the caller's bytes, not a copy: they must not change any more.
 */
export function addFile(bytes: Uint8Array, sink: BlockSink): Promise<Link> | Link {
  if (bytes.length > CHUNK_SIZE) return addStream([bytes], sink);
  const link = { cid: rawCid(bytes), size: bytes.length };
  const taken = sink({ cid: link.cid, bytes });
  return taken === undefined ? link : taken.then(() => link);
}

/** Adds a file of any size from its bytes in any portions, with a few chunks in memory at a time. */
export async function addStream(
  content: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  sink: BlockSink,
): Promise<Link> {
  const { cid, size } = await importFile({ content }, importerStore(sink), { ...IMPORTER_OPTIONS });
  return { cid, size: Number(size) };
}
