import { OvnError } from '../errors.ts';
import type { Meta } from './meta.ts';

/** Says that this repository came out of a backup, and that what was published after it may not be in it. */
export interface RestoredMark {
  /** When the backup was made. UTC. */
  made: string;
  /** When it was restored. UTC. */
  restored: string;
  /** Of the head that came with it; 0 when nothing was published. */
  sequence: number;
}

const KEY = 'restored';
/** Stays longer: until a name record was signed, for which publishing an edition says nothing. */
const NAMES_KEY = 'restored-names';

/** The mark, as long as nothing was published since and nothing newer was recovered. */
export function readRestoredMark(meta: Meta): RestoredMark | undefined {
  const text = meta.get(KEY);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as RestoredMark;
  } catch (error) {
    throw new OvnError('damaged', 'the mark of the restored backup cannot be read', { cause: error });
  }
}

export function setRestoredMark(meta: Meta, { made, restored, sequence }: RestoredMark): void {
  meta.set(KEY, JSON.stringify({ made, restored, sequence }));
  markNames(meta, made);
}

/** Says that name records may have been signed of which nothing is known here since that moment (UTC). */
export function markNames(meta: Meta, since: string): void {
  meta.set(NAMES_KEY, since);
}

/** When the backup was made from which this repository came, or its lost database was recovered, as long as no name record was signed since. UTC. */
export function readRestoredNames(meta: Meta): string | undefined {
  return meta.get(NAMES_KEY);
}

/** In the transaction that stores a name record which is known to be the newest. */
export function clearRestoredNames(meta: Meta): void {
  meta.remove(NAMES_KEY);
}

/** Takes the mark away, in the transaction that moves the head beyond it. */
export function clearRestoredMark(meta: Meta): void {
  meta.remove(KEY);
}
