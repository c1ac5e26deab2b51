import type { CID } from 'multiformats/cid';
import { linksOf } from '../../unixfs/links.ts';

/** Levels below a root that are gone down; a HAMT of millions of articles has fewer. */
const DEEPEST = 64;

/**
 * The root, and so many blocks below it by chance, each the end of a way down. Who lacks a part of the DAG is found out by one of them the
 * sooner the larger the part is.
 *
 * @param random from 0 to 1, as Math.random.
 */
export function sampleDag(
  root: CID,
  count: number,
  getBytes: (cid: CID) => Uint8Array | undefined,
  random: () => number,
): CID[] {
  const chosen = new Map([[root.toString(), root]]);
  for (let tries = 0; tries < count; tries++) {
    const leaf = goDown(root, getBytes, random);
    chosen.set(leaf.toString(), leaf);
  }
  return [...chosen.values()];
}

function goDown(root: CID, getBytes: (cid: CID) => Uint8Array | undefined, random: () => number): CID {
  let cid = root;
  for (let depth = 0; depth < DEEPEST; depth++) {
    const bytes = getBytes(cid);
    const links = bytes === undefined ? [] : linksOf(cid, bytes);
    const next = links[Math.floor(random() * links.length)];
    if (next === undefined) return cid;
    cid = next;
  }
  return cid;
}
