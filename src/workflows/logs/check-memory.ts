import * as v from 'valibot';
import type { Meta } from '../../repo/meta.ts';

/** What the last `ovn log check` that found nothing wrong had seen: the next one goes on from there. */
export interface SeenLog {
  origin: string;
  /** Entries. */
  size: number;
  /** Base64. */
  root: string;
  /** CID of `articles/`, which was the fold of those entries. */
  articles: string;
  /** Editions and mastheads among the entries, and articles. */
  counts: { editions: number; mastheads: number; articles: number };
}

const KEY = 'log-check';

const COUNT = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const SEEN = v.object({
  origin: v.string(),
  size: COUNT,
  root: v.string(),
  articles: v.string(),
  counts: v.object({ editions: COUNT, mastheads: COUNT, articles: COUNT }),
});

/** What was remembered; nothing where it cannot be read, which costs a check from the first entry on. */
export function recallSeen(meta: Meta): SeenLog | undefined {
  try {
    return v.parse(SEEN, JSON.parse(meta.get(KEY) ?? ''));
  } catch {
    return undefined;
  }
}

/** Remembers, in place of what was seen before. */
export function rememberSeen(meta: Meta, seen: SeenLog): void {
  meta.set(KEY, JSON.stringify(seen));
}
