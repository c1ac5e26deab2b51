import type { NameRecord } from './record.ts';

/** Where a path under a name leads. */
export interface ResolvedName {
  /** `/ipfs/<CID>` and what was behind the name. */
  path: string;
  /** How long it may be given out without asking again, in seconds: the shortest of the way. */
  ttl: number;
  /** The last record on the way; absent where a domain led to a CID directly. */
  record?: NameRecord;
  /** Every record on the way, in order. */
  records: readonly NameRecord[];
  /** Every path on the way, the one that was asked for first. */
  steps: string[];
  /** Where no valid record confirms it: who shows it as the newest, and when it was confirmed last, UTC. */
  unconfirmed?: { by: string; since: string };
  /** Signed checkpoints that were shown on the way, and of which edition, or editions that have one; nothing of them is checked. */
  checkpoints?: readonly { from: string; note?: Uint8Array; edition: string }[];
}

/**
 * Resolves `/ipns/<name or domain>/path` through records and DNSLink to `/ipfs/<CID>/path`.
 *
 * @throws {OvnError} `not-found` saying who was asked, `malformed`, `refused`, `limit` for too many steps, `usage` for a
 * domain where no DNS was given.
 */
export type ResolveName = (path: string, options: { signal: AbortSignal }) => Promise<ResolvedName>;

/** Text records of a host; `undefined` where it has none. */
export type LookUpTxt = (
  host: string,
  options: { signal: AbortSignal },
) => Promise<{ texts: string[]; ttl: number } | undefined>;
