import { emptyLog } from '../../log/empty-tree.ts';
import { type EditionEntry, type MastheadEntry, parseEntry, type RevisionEntry } from '../../log/entry.ts';
import { formatVerifierKey } from '../../log/verifier.ts';
import type { Repository } from '../../repo/repository.ts';
import { logIdentity } from '../../trust/log-identity.ts';
import { readMastheads, type VerifiedMastheads } from '../../trust/masthead-chain.ts';
import { type LogEffects, openHeadLog } from './head-log.ts';

/** An entry as it is shown: the entry, its place, and a time for those that state none. */
export type ShownEntry = (EditionEntry | Omit<MastheadEntry, 'time'> | Omit<RevisionEntry, 'time'>) & {
  index: number;
  /** UTC. Of an edition, as this repository recorded it: its manifest has the time. */
  time: string | null;
};

/** What `ovn log show --json` prints. */
export interface LogReport {
  origin: string;
  size: number;
  /** Base64. */
  root: string;
  /** What is recorded here, and comes into the log with the next edition. */
  unpublished: number;
  entries: ShownEntry[];
}

export interface ShowOptions {
  /** Index of the first entry; without it the newest are shown. */
  from: number | undefined;
  /** Most entries. */
  limit: number;
}

/** Entries of the log of the head edition, in its order, each as the tree vouches for it. */
export async function showLog({ from, limit }: ShowOptions, effects: LogEffects): Promise<LogReport> {
  const { repository } = effects;
  const log = await openHeadLog(effects);
  const state = log?.manifest.log ?? emptyLog(chainOf(repository).origin);
  const unpublished = repository.events.count() - state.size;
  const first = Math.min(from ?? Math.max(state.size - limit, 0), state.size);
  const last = Math.min(first + limit, state.size);
  const times = new Map(
    repository.events
      .list({ from: first + 1, limit: last - first })
      .map(({ position, time }) => [position - 1, time]),
  );
  const entries: ShownEntry[] = [];
  for await (const { index, bytes } of log?.tree.entries(first, last) ?? []) {
    const entry = parseEntry(bytes);
    entries.push({ ...entry, index, time: 'time' in entry ? entry.time : (times.get(index) ?? null) });
  }
  return { ...state, unpublished, entries };
}

/** What `ovn log key --json` prints. */
export interface LogKeys {
  origin: string;
  /** How many of them sign a checkpoint. */
  threshold: number;
  /** `<origin>+<key id>+<base64>` (C2SP signed-note, "Verifier keys"). */
  keys: string[];
}

/** The keys that checkpoints are checked by: those of the newest masthead. */
export function logKeys(repository: Repository): LogKeys {
  const { origin, keys, threshold } = logIdentity(chainOf(repository).newest.masthead);
  return { origin, threshold, keys: keys.map(formatVerifierKey) };
}

function chainOf(repository: Repository): VerifiedMastheads {
  return readMastheads(repository.mastheads().map(({ bytes }) => bytes));
}
