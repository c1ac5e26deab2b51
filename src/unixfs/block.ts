import type { CID } from 'multiformats/cid';

/** A block: bytes and the CID they hash to. */
export interface Block {
  cid: CID;
  bytes: Uint8Array;
}

/** What a directory says of a child: its root CID and Tsize, the bytes of all blocks below it with repetition (UnixFS specification, dag-pb `Tsize`). */
export interface Link {
  cid: CID;
  size: number;
}

/** Takes in a finished block. A promise means that the caller must wait (back-pressure). */
export type BlockSink = (block: Block) => void | Promise<void>;

/** Reads a block whose bytes are known to match its CID; `undefined` where it is not held. */
export type BlockReader = (cid: CID) => Promise<Uint8Array | undefined>;
