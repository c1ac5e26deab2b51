import { askRouters, newestOf, type RouterAnswer } from './ask-routers.ts';
import { formatName, type Name } from './name.ts';
import type { NameRecords, NameRouter } from './name-router.ts';
import type { NameRecord } from './record.ts';

/** What is known of a name, and what the routers said, where they were asked. */
export interface FoundRecord {
  /** The newest; it is genuine, and may have expired. */
  record: NameRecord | undefined;
  answers: readonly RouterAnswer[];
}

/** Finds the newest record of a name, here and where it is asked for, and keeps it. */
export type FindRecord = (name: Name, signal: AbortSignal) => Promise<FoundRecord>;

/** Longest time for which nobody is asked again, in seconds: a `ttl` may be anything. */
const LONGEST_TTL = 3600;
const MOST_REMEMBERED = 4096;

/**
 * Makes the function that looks for records. Routers are asked again once the time has passed for which the record that they gave
 * may be used. An older record than the one that is kept changes nothing.
 */
export function recordFinder(records: NameRecords, routers: readonly NameRouter[]): FindRecord {
  const fresh = new Map<string, number>();
  return async (name, signal) => {
    const key = formatName(name);
    const kept = records.get(name);
    if (routers.length === 0 || (kept !== undefined && (fresh.get(key) ?? 0) > performance.now()))
      return { record: kept, answers: [] };
    const answers = await askRouters(name, routers, signal);
    const record = newestOf(kept, answers);
    if (record === undefined) return { record, answers };
    if (record !== kept) records.put(record);
    if (fresh.size >= MOST_REMEMBERED) fresh.clear();
    fresh.set(key, performance.now() + Math.min(record.ttl, LONGEST_TTL) * 1000);
    return { record, answers };
  };
}
