import type { Finding } from '../../errors.ts';
import type { LeftOfEdition } from '../../repo/followed.ts';
import type { RoleName } from '../../trust/masthead.ts';
import type { PublishReport } from '../publishing/report.ts';

/** What `ovn status --json` prints. Times are UTC, durations whole seconds, 0 when they are over. */
export interface StatusReport {
  /** Null on a mirror without a paper of its own. */
  publication: string | null;
  at: string;
  /** What `ovn publish` would do; null on a mirror. */
  sources: PendingSources | null;
  /** The head; null where nothing is published. */
  edition: EditionStatus | null;
  /** The head edition, then each pinned category. */
  held: HeldRoot[];
  /** Names of the publication whose records are here or whose keys are current. */
  names: NameStatus[];
  log: LogStatus | null;
  serving: ServingStatus;
  keys: KeyStatus[];
  /** What comes to an end, the first to end first. */
  due: Due[];
  followed: FollowedStatus[];
  /** What of this cannot be as it should: homes that could not be read, mirrors that did not answer. */
  problems: { of: string; message: string }[];
  /** CIDs of what is published and, as far as is known, held nowhere but here; the exit code is 3 where there is one. */
  onlyHere: string[];
}

export interface PendingSources {
  new: PendingSource[];
  changed: PendingSource[];
  held: PublishReport['held'];
  /** Published, and the source is gone. */
  missing: { source: string; id: string }[];
  unchanged: number;
  /** With an error among them nothing would be published. */
  findings: readonly Finding[];
}

export interface PendingSource {
  source: string;
  id: string;
  headline: string;
}

export interface EditionStatus {
  sequence: number;
  cid: string;
  manifest: string;
  issued: string;
  expires: string;
  timeLeft: number;
}

export interface HeldRoot {
  kind: 'edition' | 'category';
  /** The edition's number, or the category's slug. */
  name: string;
  cid: string;
  /** Of a category: whether it has changed since it was pinned; what is in the head then has another CID. */
  behind: boolean;
  /** Others who hold it: those that count, then the last to be seen. */
  holders: Holder[];
  /** Whether one of them does so that it counts: see {@link Holder.counts}. */
  elsewhere: boolean;
}

/** Somebody else who holds a root. */
export interface Holder {
  /** Name of a home, or address of a mirror. */
  who: string;
  kind: 'home' | 'mirror';
  /** When it was last seen to, or said so. */
  at: string;
  /** `read-back`: blocks of it were fetched from there and hashed. `said`: the other side's word. */
  how: 'read-back' | 'said';
  /** Whether it was read back, within {@link SEEN_DAYS}: a word alone keeps nothing. */
  counts: boolean;
}

/** After so many days without having been seen, a holder counts no more. */
export const SEEN_DAYS = 30;

export interface NameStatus {
  name: string;
  own: 'current' | 'retired' | 'revoked';
  /** Null where none was made. */
  record: {
    sequence: number;
    value: string;
    /** Number of the edition of this repository that it leads to. */
    edition: number | null;
    validUntil: string;
    timeLeft: number;
    /** From when on `serve` and `name publish` sign the next. */
    renewFrom: string;
  } | null;
}

export interface LogStatus {
  /** Entries in the head's log. */
  size: number;
  /** Recorded and in no published log yet. */
  unpublished: number;
  threshold: number;
  cosigned: string[];
  missing: { name: string; problem: string | null }[];
  /** `unwitnessed`: no witness is configured. */
  state: 'witnessed' | 'waiting' | 'unwitnessed';
}

export interface ServingStatus {
  running: boolean;
  /** When it was last known to run; null where it never did. */
  seen: string | null;
  http: string | null;
  metrics: string | null;
  provided: { roots: number; failed: number; oldest: string | null } | null;
  /** When the DHT is told again; null where nobody does. */
  nextReprovide: string | null;
}

export interface KeyStatus {
  role: RoleName;
  /** Keys of the newest masthead that are in this keyring, and how many there are. */
  here: number;
  of: number;
  /** How many must sign. */
  threshold: number;
}

export interface Due {
  what: 'manifest' | 'masthead' | 'record' | 'provide' | 'witness' | 'publish' | 'restored' | 'followed';
  /** Which of them: a name, a publication; empty where there is one only. */
  of: string;
  /** When it ends, or null where it has no time. */
  ends: string | null;
  timeLeft: number | null;
  /** `soon`: it is time to do it; `over`: others refuse or forget it already. */
  state: 'fine' | 'soon' | 'over';
  /** What to do about it; empty while nothing is to be done. */
  todo: string;
}

export interface FollowedStatus {
  publication: string;
  name: string | null;
  edition: string | null;
  sequence: number | null;
  /** Of the edition that is held. */
  expires: string | null;
  timeLeft: number | null;
  whole: boolean;
  bytes: number;
  categories: string[] | null;
  /** What of the edition is not held by choice; null while nothing of it is held. */
  left: LeftOfEdition | null;
  /** When it was last looked for something newer, and last confirmed or moved. */
  checked: string | null;
  synced: string | null;
  /** Of the publisher's record, which is re-announced while it is valid; null where none is kept. */
  recordUntil: string | null;
  problem: { code: string; message: string; at: string } | null;
}
