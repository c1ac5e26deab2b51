import type { CID } from 'multiformats/cid';
import { OvnError } from '../../errors.ts';
import type { BlockReader } from '../../unixfs/block.ts';
import { cidKey, isInline } from '../../unixfs/hash.ts';
import { linksOf } from '../../unixfs/links.ts';

/** Ways from the root to a leaf that are taken by chance. */
const DESCENTS = 16;
/** Blocks right below the root that are taken. */
const CHILDREN = 32;
/** No DAG of ours is deeper. */
const DEEPEST = 64;

/**
 * Blocks of a DAG by which it is found out whether somebody has it: the root and what is right below, the ways along the last entries
 * (directories are sorted, so the newest day is there), and ways by chance, all of them from the root to a leaf.
 *
 * @throws {OvnError} `incomplete` where one of them is not here.
 */
export async function sampleDag(
  root: CID,
  read: BlockReader,
  random: (below: number) => number,
): Promise<CID[]> {
  const sample = new Map<string, CID>();
  const linksAt = async (cid: CID): Promise<CID[]> => {
    if (!isInline(cid)) sample.set(cidKey(cid), cid);
    const bytes = await read(cid);
    if (bytes === undefined) throw new OvnError('incomplete', `block ${cid} of ${root} is not here`);
    return linksOf(cid, bytes);
  };
  const descend = async (from: CID, choose: (links: readonly CID[]) => CID | undefined): Promise<void> => {
    let next: CID | undefined = from;
    for (let depth = 0; next !== undefined && depth < DEEPEST; depth++) next = choose(await linksAt(next));
  };
  for (const child of (await linksAt(root)).slice(0, CHILDREN)) await descend(child, (links) => links.at(-1));
  for (let i = 0; i < DESCENTS; i++) await descend(root, (links) => links[random(links.length)]);
  return [...sample.values()];
}
