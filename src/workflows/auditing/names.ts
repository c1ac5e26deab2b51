import { formatName } from '../../node/names/name.ts';
import { refusal } from '../verification/judging.ts';
import type { AuditRule } from './rule.ts';

/** Every record of our own names is signed by the name's key, and says what is recorded of it. Age is no fault. */
export const namesAreGenuine: AuditRule = async ({ repository }) => {
  const records = repository.names.own();
  if (records.length === 0) return 'no name record yet';
  const { readNameRecord } = await import('../../node/names/record.ts');
  for (const { name, bytes, sequence, value } of records) {
    const read = await readNameRecord(name, bytes);
    if (read.sequence !== sequence || read.value !== value)
      throw refusal(`what is recorded of ${formatName(name)} is not what its record says`);
  }
  return `${records.length} name records, each signed by the key of its name`;
};
