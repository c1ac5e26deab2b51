import { type Bytes, concat, fromUtf8, toUtf8 } from './bytes.ts';
import { binaryCid, isDagPb, readCid } from './cid.ts';
import { Refused } from './failure.ts';

/** A link of a directory, or of a file of several blocks, where names are empty. */
export interface DagLink {
  name: string;
  cid: string;
  /** Tsize: what hangs from it, in bytes. */
  size: number;
}

/** Types of UnixFS data. */
export const [RAW_TYPE, DIRECTORY, FILE, SHARD] = [0, 1, 2, 5];

/** A block of dag-pb with UnixFS data. */
export interface DagNode {
  type: number;
  links: DagLink[];
  /** Bytes of a small file; in a shard, the bit field of its slots. */
  data: Uint8Array;
  blockSizes: number[];
  fanout: number;
}

/** Reads a block. Fields that are not known are passed over: the CID binds them. */
export function decodeNode(cid: string, block: Uint8Array): DagNode {
  const node: DagNode = { type: -1, links: [], data: new Uint8Array(0), blockSizes: [], fanout: 256 };
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
  return node;
}

/** CIDs that a block links to. */
export function readLinks(cid: string, block: Bytes): string[] {
  return isDagPb(cid) ? decodeNode(cid, block).links.map((link) => link.cid) : [];
}

/** The block of a directory or a file of several blocks: links first, then the UnixFS data. */
export function encodeNode(links: readonly DagLink[], data: Uint8Array): Bytes {
  return concat([...links.map((link) => field(2, encodeLink(link))), field(1, data)]);
}

function encodeLink({ cid, name, size }: DagLink): Bytes {
  return concat([field(1, binaryCid(cid)), field(2, toUtf8(name)), Uint8Array.of(0x18), varint(size)]);
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

/** A number as an unsigned varint. */
export function varint(value: number): Bytes {
  const bytes: number[] = [];
  for (; value >= 128; value = Math.floor(value / 128)) bytes.push((value % 128) + 128);
  return Uint8Array.from([...bytes, value]);
}
