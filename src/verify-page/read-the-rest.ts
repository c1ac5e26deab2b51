import { readLinks } from './dag-pb.ts';
import type { Gateway } from './gateway.ts';

/**
 * Reads what no rule has read yet: pages, feeds, earlier revisions. After it every block below the root has been hashed.
 *
 * @returns how many there are; more than `limit` where it gave up.
 */
export async function readTheRest(root: string, gateway: Gateway, limit: number): Promise<number> {
  const seen = new Set([root]);
  let turn = [root];
  while (turn.length > 0 && seen.size <= limit) {
    const found = await Promise.all(turn.map((cid) => linksOf(gateway, cid)));
    turn = [];
    for (const cid of found.flat()) {
      if (!seen.has(cid)) turn.push(cid);
      seen.add(cid);
    }
  }
  return seen.size;
}

async function linksOf(gateway: Gateway, cid: string): Promise<string[]> {
  return gateway.has(cid) ? [] : readLinks(cid, await gateway.read(cid));
}
