import { rawCid } from '../unixfs/hash.ts';
import type { Proof } from './proof.ts';

/** What keys can be for. `name` only moves the IPNS pointer: stealing it forges nothing. */
export const ROLES = ['masthead', 'edition', 'desk', 'log', 'name'] as const;
export type RoleName = (typeof ROLES)[number];

/** How long a masthead is current, in days, unless said otherwise: 5 years. */
export const MASTHEAD_DAYS = 5 * 365;

/** A key in a role. */
export interface RoleKey {
  /** did:key */
  id: string;
  /** Slugs that a desk key is limited to; absent: all. */
  categories?: string[];
}

export interface Role {
  keys: RoleKey[];
  /** How many of the keys must sign. */
  threshold: number;
}

/** Signatures of a revoked key count only for log entries before `fromEntry`. */
export interface Revocation {
  id: string;
  fromEntry: number;
}

/** The trust root: who may sign (docs/format.md, "Masthead"; the rules are those of TUF's root role). */
export interface Masthead {
  format: 'ovn-masthead/1';
  version: number;
  /** UTC, whole seconds. */
  expires: string;
  /** Name of the log; the same in all versions. */
  origin: string;
  roles: Record<RoleName, Role>;
  /** Only grows. */
  revoked?: Revocation[];
  proof?: Proof[];
}

/** The publication's id: CID (raw) of the final bytes of masthead 1. */
export function publicationId(masthead1: Uint8Array): string {
  return rawCid(masthead1).toString();
}
