import { decode as decodeCbor } from '@ipld/dag-cbor';
import { decode as decodeJson } from '@ipld/dag-json';
import { CID } from 'multiformats/cid';
import { OvnError } from '../../errors.ts';
import type { BlockReader } from '../../unixfs/block.ts';
import { DAG_CBOR, DAG_JSON } from '../../unixfs/codecs.ts';
import { resolvePath } from '../../unixfs/directory.ts';
import { loadBlock } from '../../unixfs/unixfs-node.ts';
import { Refusal } from './messages.ts';

/** Where some of the names led: a CID; `undefined` where there is nothing. */
export interface Step {
  cid: CID | undefined;
  /** How many of the names are behind. */
  used: number;
}

/**
 * Goes from a block to the next one on a path: one name down a folder, or as many as it takes to come to a link in dag-cbor or dag-json.
 * @throws Refusal 501 for a path that ends within a block; OvnError `not-found`, `malformed`
 */
export async function stepDown(from: CID, names: readonly string[], read: BlockReader): Promise<Step> {
  if (from.code === DAG_CBOR || from.code === DAG_JSON)
    return stepThrough(from, names, await decode(from, read));
  const link = await resolvePath(from, names.slice(0, 1), read);
  return { cid: link?.cid, used: 1 };
}

function stepThrough(from: CID, names: readonly string[], root: unknown): Step {
  let value = root;
  for (const [index, name] of names.entries()) {
    value = memberOf(value, name);
    if (value === undefined) return { cid: undefined, used: index + 1 };
    const cid = CID.asCID(value);
    if (cid !== null) return { cid, used: index + 1 };
  }
  throw new Refusal(
    501,
    `The path ends within the block ${from}: only whole blocks are given, such as this one.`,
  );
}

function memberOf(value: unknown, name: string): unknown {
  if (value === null || typeof value !== 'object' || value instanceof Uint8Array) return undefined;
  return Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined;
}

async function decode(cid: CID, read: BlockReader): Promise<unknown> {
  const bytes = await loadBlock(cid, read);
  try {
    return cid.code === DAG_CBOR ? decodeCbor(bytes) : decodeJson(bytes);
  } catch (cause) {
    throw new OvnError('malformed', `block ${cid} cannot be decoded`, { cause });
  }
}
