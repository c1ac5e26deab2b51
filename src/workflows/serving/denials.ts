import type { CID } from 'multiformats/cid';

/** What this server was told never to give (`--deny`). */
export interface Denials {
  /** Whether a block is given over none of the ways. Asked before every block. */
  deniesBlock(cid: CID): boolean;
  /** Whether a path is refused before it is resolved: `/ipfs/<cid>/a/b`, `/ipns/<name>/a`; percent-encoded. */
  deniesPath(path: string): boolean;
  /** CIDs that are denied by themselves, where they are known: what lies below them goes with them. */
  deniedRoots(): Iterable<CID>;
}

export const NO_DENIALS: Denials = {
  deniesBlock: () => false,
  deniesPath: () => false,
  deniedRoots: () => [],
};
