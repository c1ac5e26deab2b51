import * as dagCbor from '@ipld/dag-cbor';
import * as dagJson from '@ipld/dag-json';
import * as dagPb from '@ipld/dag-pb';
import { CID } from 'multiformats/cid';
import { OvnError } from '../errors.ts';
import { CBOR, DAG_CBOR, DAG_JSON, DAG_PB, JSON_PLAIN, RAW } from './codecs.ts';

const LINKS_BY_CODEC = new Map<number, (bytes: Uint8Array) => CID[]>([
  [RAW, () => []],
  [CBOR, () => []],
  [JSON_PLAIN, () => []],
  [DAG_PB, (bytes) => dagPb.decode(bytes).Links.map((link) => link.Hash)],
  [DAG_CBOR, (bytes) => cidsIn(dagCbor.decode(bytes))],
  [DAG_JSON, (bytes) => cidsIn(dagJson.decode(bytes))],
]);

/**
 * The CIDs that a block links to, in its order, with repetitions.
 * @throws OvnError `malformed` for a block that is not of its codec, or a codec that is not known
 */
export function linksOf(cid: CID, bytes: Uint8Array): CID[] {
  const links = LINKS_BY_CODEC.get(cid.code);
  if (links === undefined)
    throw new OvnError('malformed', `${cid} has the codec 0x${cid.code.toString(16)}, which is not known`);
  try {
    return links(bytes);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new OvnError('malformed', `block ${cid} cannot be decoded: ${why}`, { cause });
  }
}

/** The CIDs in a decoded value, first to last; a stack of its own, because values from outside nest as deeply as they like. */
function cidsIn(root: unknown): CID[] {
  const found: CID[] = [];
  const pending: unknown[] = [root];
  while (pending.length > 0) {
    const value = pending.pop();
    if (value === null || typeof value !== 'object' || value instanceof Uint8Array) continue;
    const cid = CID.asCID(value);
    if (cid !== null) found.push(cid);
    else for (const child of Object.values(value).toReversed()) pending.push(child);
  }
  return found;
}
