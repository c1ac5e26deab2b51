import { type Bytes, concat } from './bytes.ts';
import { cidOf, DAG_PB, RAW } from './cid.ts';
import { type DagLink, DIRECTORY, encodeNode, FILE, varint } from './dag-pb.ts';
import { Refused } from './failure.ts';

const CHUNK_SIZE = 1024 * 1024;
const MOST_CHUNKS = 1024;

/** CID and Tsize that a file has under the profile: a raw block, or one node above raw blocks of 1 MiB. */
export async function linkToFile(name: string, bytes: Bytes): Promise<DagLink> {
  if (bytes.length <= CHUNK_SIZE) return { name, cid: await cidOf(RAW, bytes), size: bytes.length };
  if (bytes.length > CHUNK_SIZE * MOST_CHUNKS) throw new Refused(`${name} is too large`);
  const links: DagLink[] = [];
  for (let at = 0; at < bytes.length; at += CHUNK_SIZE) {
    const chunk = bytes.slice(at, at + CHUNK_SIZE);
    links.push({ name: '', cid: await cidOf(RAW, chunk), size: chunk.length });
  }
  const sizes = links.map(({ size }) => concat([Uint8Array.of(0x20), varint(size)]));
  const data = concat([Uint8Array.of(0x08, FILE, 0x18), varint(bytes.length), ...sizes]);
  return linkToNode(name, links, data);
}

/** CID and Tsize of a directory that fits into one block. Its names are ASCII: they sort as texts do. */
export async function linkToDirectory(name: string, entries: readonly DagLink[]): Promise<DagLink> {
  const sorted = entries.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return linkToNode(name, sorted, Uint8Array.of(0x08, DIRECTORY));
}

async function linkToNode(name: string, links: readonly DagLink[], data: Uint8Array): Promise<DagLink> {
  const block = encodeNode(links, data);
  const size = links.reduce((sum, link) => sum + link.size, block.length);
  return { name, cid: await cidOf(DAG_PB, block), size };
}
