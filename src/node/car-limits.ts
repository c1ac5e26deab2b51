import type { CID } from 'multiformats/cid';
import type { Block } from '../unixfs/block.ts';
import { MAX_BLOCK } from '../unixfs/profile.ts';

/** What is accepted of a CAR from outside; sizes in bytes. */
export interface CarLimits {
  total: number;
  header: number;
  roots: number;
  blocks: number;
  block: number;
}

export const CAR_LIMITS: Readonly<CarLimits> = {
  total: 64 * 1024 ** 3,
  header: 64 * 1024,
  roots: 1024,
  blocks: 16 * 1024 ** 2,
  block: MAX_BLOCK,
};

/** Bytes that a CID in front of a block may take: four varints and an identity digest of 128 bytes, rounded up. */
export const MAX_CID = 192;

/** What reading a CAR gives: first its roots, once, then its blocks. */
export type CarItem = { roots: CID[] } | Block;
