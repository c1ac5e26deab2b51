import { formatName } from './name.ts';
import type { NameRecords } from './name-router.ts';
import { type NameRecord, newerRecord } from './record.ts';

/** Records for the time of one command, where there is no repository to keep them. */
export function memoryRecords(): NameRecords {
  const kept = new Map<string, NameRecord>();
  return {
    get: (name) => kept.get(formatName(name)),
    put(record) {
      const key = formatName(record.name);
      const before = kept.get(key);
      if (before !== undefined && newerRecord(before, record) === before)
        return newerRecord(record, before) === record ? 'same' : 'older';
      kept.set(key, record);
      return 'kept';
    },
  };
}
