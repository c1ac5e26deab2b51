import { type Bytes, concat } from './bytes.ts';
import { isDagPb } from './cid.ts';
import { DIRECTORY, decodeNode, FILE, RAW_TYPE, SHARD } from './dag-pb.ts';
import { Refused } from './failure.ts';

/** The bytes of a block, which hash to its CID. */
export type BlockReader = (cid: string) => Promise<Bytes>;

const MAX_DEPTH = 16;

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

function requireLength(cid: string, bytes: Bytes, limit: number): Bytes {
  if (bytes.length <= limit) return bytes;
  throw new Refused(`${cid} is longer than ${limit} bytes`);
}
