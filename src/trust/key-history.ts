import { OvnError } from '../errors.ts';
import type { Masthead } from './masthead.ts';
import type { VerifiedMastheads } from './masthead-chain.ts';

/** Whose keys count for one document: the masthead that speaks, and the keys that count for nothing there. */
export interface Authority {
  masthead: Masthead;
  /** did:keys: revoked from this place of the log or an earlier one on. */
  revoked: ReadonlySet<string>;
}

declare const VERIFIED: unique symbol;

/** Where in the log each masthead stands. It comes only from {@link readKeyHistory}. */
export interface KeyHistory {
  readonly [VERIFIED]: true;
  readonly mastheads: VerifiedMastheads;
  /** Index of the log entry of version n at n - 1; fewer than there are versions where the log ends before. */
  readonly entries: readonly number[];
}

/** A `masthead` entry of the log. */
export interface LoggedMasthead {
  /** From 0. */
  index: number;
  version: number;
  cid: string;
}

/**
 * Compares a log with a chain of mastheads: the log begins with masthead 1, and has every version once, in order.
 *
 * @param logged the log's `masthead` entries in their order.
 * @throws {OvnError} `refused` when the log tells of other mastheads than the chain.
 */
export function readKeyHistory(mastheads: VerifiedMastheads, logged: readonly LoggedMasthead[]): KeyHistory {
  let before = -1;
  for (const [at, { index, version, cid }] of logged.entries()) {
    const named = mastheads.versions[at];
    if (named === undefined) throw refusal(`entry ${index} logs masthead ${version}, which is not at hand`);
    if (version !== at + 1) throw refusal(`entry ${index} logs masthead ${version}, not ${at + 1}`);
    if (cid !== named.cid)
      throw refusal(`entry ${index} names ${cid} as masthead ${version}: it is ${named.cid}`);
    if (at === 0 ? index !== 0 : index <= before)
      throw refusal(`masthead ${version} stands at entry ${index}`);
    before = index;
  }
  return { mastheads, entries: logged.map(({ index }) => index) } as unknown as KeyHistory;
}

/**
 * Whose keys count for what entry `index` of the log records: those of the newest masthead whose own entry lies
 * before it, but for keys that were revoked, then or later, from this entry or an earlier one on. The log's order
 * decides; no time does.
 *
 * @throws {OvnError} `refused` when no masthead lies before it.
 */
export function authorityAt({ mastheads, entries }: KeyHistory, index: number): Authority {
  const logged = entries.filter((entry) => entry < index).length;
  const speaking = mastheads.versions[logged - 1];
  if (speaking === undefined) throw refusal(`no masthead is logged before entry ${index}`);
  return { masthead: speaking.masthead, revoked: revokedAt(mastheads, index) };
}

/** The did:keys whose signatures do not count for an entry: revoked from it, or from one before it, on. */
export function revokedAt({ newest }: VerifiedMastheads, index: number): Set<string> {
  const revoked = newest.masthead.revoked?.filter(({ fromEntry }) => fromEntry <= index) ?? [];
  return new Set(revoked.map(({ id }) => id));
}

/**
 * Whose keys count where a masthead version is named by something that is itself bound to a signed document, and the
 * log is not at hand: an earlier manifest, whose CID is the `previous` of the next one.
 *
 * @throws {OvnError} `refused` when the version is not at hand.
 */
export function authorityNamed({ versions }: VerifiedMastheads, version: number): Authority {
  const named = versions[version - 1];
  if (named === undefined) throw refusal(`masthead ${version} is not at hand`);
  return { masthead: named.masthead, revoked: new Set() };
}

function refusal(message: string): OvnError {
  return new OvnError('refused', message);
}
