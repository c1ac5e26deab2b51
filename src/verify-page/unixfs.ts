import { type Bytes, concat, fromUtf8, toUtf8 } from './bytes.ts';
import { binaryCid, cidOf, DAG_PB, isDagPb, RAW, readCid } from './cid.ts';
import { Refused } from './failure.ts';

/** The bytes of a block, which hash to its CID. */
export type BlockReader = (cid: string) => Promise<Bytes>;

/** A link of a directory, or of a file of several blocks, where names are empty. */
export interface DagLink {
  name: string;
  cid: string;
  /** Tsize: what hangs from it, in bytes. */
  size: number;
}

const CHUNK_SIZE = 1024 * 1024;
const MOST_CHUNKS = 1024;
const MAX_DEPTH = 16;
const [RAW_TYPE, DIRECTORY, FILE, SHARD] = [0, 1, 2, 5];

interface Node {
  type: number;
  links: DagLink[];
  data: Uint8Array;
  blockSizes: number[];
  fanout: number;
}

/** The names and CIDs in a directory, flat or sharded (docs/format.md, section 1). */
export async function readDirectory(cid: string, read: BlockReader): Promise<Map<string, string>> {
  const entries = new Map<string, string>();
  if (!isDagPb(cid)) throw new Refused(`${cid} is no directory`);
  await collect(cid, '', entries, read);
  return entries;
}

/** The bytes of a file, at most so many. */
export async function readFile(cid: string, read: BlockReader, limit: number, depth = 0): Promise<Bytes> {
  if (depth > MAX_DEPTH) throw new Refused(`${cid} is nested too deep`);
  const block = await read(cid);
  if (!isDagPb(cid)) return requireLength(cid, block, limit);
  const { type, data, links, blockSizes } = decodeNode(cid, block);
  if (type !== FILE && type !== RAW_TYPE) throw new Refused(`${cid} is no file`);
  if (blockSizes.length !== links.length) throw new Refused(`${cid} does not say how long its parts are`);
  const parts: Uint8Array[] = [data];
  let rest = limit - data.length;
  for (const [at, link] of links.entries()) {
    const part = await readFile(link.cid, read, rest, depth + 1);
    if (part.length !== blockSizes[at] || part.length === 0)
      throw new Refused(`${link.cid} is not as long as ${cid} says`);
    parts.push(part);
    rest -= part.length;
  }
  return concat(parts);
}

/** What a path leads to below a directory; `undefined` where nothing is there. */
export async function resolvePath(
  root: string,
  path: readonly string[],
  list: (cid: string) => Promise<ReadonlyMap<string, string>>,
): Promise<string | undefined> {
  let at: string | undefined = root;
  for (const name of path) at = at === undefined ? undefined : (await list(at)).get(name);
  return at;
}

/** CID and Tsize that a file has under the profile: a raw block, or one node above raw blocks of 1 MiB. */
export async function linkToFile(name: string, bytes: Bytes): Promise<DagLink> {
  if (bytes.length <= CHUNK_SIZE) return { name, cid: await cidOf(RAW, bytes), size: bytes.length };
  if (bytes.length > CHUNK_SIZE * MOST_CHUNKS) throw new Refused(`${name} is too large`);
  const links: DagLink[] = [];
  for (let at = 0; at < bytes.length; at += CHUNK_SIZE) {
    const chunk = bytes.slice(at, at + CHUNK_SIZE);
    links.push({ name: '', cid: await cidOf(RAW, chunk), size: chunk.length });
  }
  const sizes = links.map(({ size }) => concat([[0x20], varint(size)].map((part) => Uint8Array.from(part))));
  const data = concat([Uint8Array.of(0x08, FILE, 0x18), varint(bytes.length), ...sizes]);
  return linkToNode(name, links, data);
}

/** CID and Tsize of a directory that fits into one block. Its names are ASCII: they sort as texts do. */
export async function linkToDirectory(name: string, entries: readonly DagLink[]): Promise<DagLink> {
  const sorted = entries.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return linkToNode(name, sorted, Uint8Array.of(0x08, DIRECTORY));
}

async function linkToNode(name: string, links: readonly DagLink[], data: Uint8Array): Promise<DagLink> {
  const encoded = links.map((link) =>
    field(
      2,
      concat([
        field(1, binaryCid(link.cid)),
        field(2, toUtf8(link.name)),
        Uint8Array.of(0x18),
        varint(link.size),
      ]),
    ),
  );
  const block = concat([...encoded, field(1, data)]);
  const size = links.reduce((sum, link) => sum + link.size, block.length);
  return { name, cid: await cidOf(DAG_PB, block), size };
}

async function collect(
  cid: string,
  way: string,
  entries: Map<string, string>,
  read: BlockReader,
): Promise<void> {
  const { type, links, fanout } = decodeNode(cid, await read(cid));
  if (type !== (way === '' ? type : SHARD) || (type !== DIRECTORY && type !== SHARD)) {
    throw new Refused(`${cid} is no directory`);
  }
  if (way.length > 2 * MAX_DEPTH) throw new Refused(`${cid} is nested too deep`);
  const digits = type === SHARD ? (fanout - 1).toString(16).length : 0;
  for (const link of links) {
    const [slot, name] = [link.name.slice(0, digits), link.name.slice(digits)];
    if (name === '' && digits > 0) await collect(link.cid, way + slot, entries, read);
    else if (/^\.{0,2}$|[/\0]/.test(name)) throw new Refused(`${cid} has an entry ${JSON.stringify(name)}`);
    else if (entries.has(name)) throw new Refused(`${cid} has the entry ${name} twice`);
    else entries.set(name, link.cid);
  }
}

function decodeNode(cid: string, block: Uint8Array): Node {
  const node: Node = { type: -1, links: [], data: new Uint8Array(0), blockSizes: [], fanout: 256 };
  for (const [number, value] of fieldsOf(cid, block)) {
    if (number === 2 && typeof value !== 'number') node.links.push(decodeLink(cid, value));
    if (number !== 1 || typeof value === 'number') continue;
    for (const [unixfs, inner] of fieldsOf(cid, value)) {
      if (unixfs === 1 && typeof inner === 'number') node.type = inner;
      if (unixfs === 2 && typeof inner !== 'number') node.data = inner;
      if (unixfs === 4 && typeof inner === 'number') node.blockSizes.push(inner);
      if (unixfs === 6 && typeof inner === 'number') node.fanout = inner;
    }
  }
  // In a shard the data is the bit field of its slots.
  return node;
}

function decodeLink(parent: string, bytes: Uint8Array): DagLink {
  const fields = new Map(fieldsOf(parent, bytes));
  const [hash, name, size] = [fields.get(1), fields.get(2) ?? new Uint8Array(0), fields.get(3) ?? 0];
  const cid = hash instanceof Uint8Array ? readCid(hash) : undefined;
  const text = name instanceof Uint8Array ? fromUtf8(name) : undefined;
  if (cid === undefined || text === undefined || typeof size !== 'number') {
    throw new Refused(`${parent} has a link of another kind`);
  }
  return { name: text, cid, size };
}

/** The fields of a protobuf message: varints (type 0) and byte strings (type 2). */
function fieldsOf(cid: string, bytes: Uint8Array): [number, number | Uint8Array][] {
  const fields: [number, number | Uint8Array][] = [];
  let at = 0;
  const next = (): number => {
    let value = 0;
    for (let unit = 1; ; unit *= 128) {
      const byte = bytes[at++];
      if (byte === undefined || value > Number.MAX_SAFE_INTEGER) throw new Refused(`${cid} is not dag-pb`);
      value += (byte % 128) * unit;
      if (byte < 128) return value;
    }
  };
  while (at < bytes.length) {
    const key = next();
    const value = next();
    const isBytes = key % 8 === 2;
    if ((key % 8 !== 0 && !isBytes) || (isBytes && at + value > bytes.length)) {
      throw new Refused(`${cid} is not dag-pb`);
    }
    fields.push([Math.floor(key / 8), isBytes ? bytes.subarray(at, at + value) : value]);
    if (isBytes) at += value;
  }
  return fields;
}

function field(number: number, bytes: Uint8Array): Bytes {
  return concat([Uint8Array.of(number * 8 + 2), varint(bytes.length), bytes]);
}

function varint(value: number): Bytes {
  const bytes: number[] = [];
  for (; value >= 128; value = Math.floor(value / 128)) bytes.push((value % 128) + 128);
  return Uint8Array.from([...bytes, value]);
}

function requireLength(cid: string, bytes: Bytes, limit: number): Bytes {
  if (bytes.length <= limit) return bytes;
  throw new Refused(`${cid} is longer than ${limit} bytes`);
}

/** CIDs that a block links to. */
export function readLinks(cid: string, block: Bytes): string[] {
  return isDagPb(cid) ? decodeNode(cid, block).links.map((link) => link.cid) : [];
}
