import { OvnError } from '../../errors.ts';
import { formatName } from '../../node/names/name.ts';
import type { StoredNameRecord } from '../../repo/name-records.ts';

/**
 * Checks records as strangers would: who has a database of another's making has its word alone that they were checked before.
 *
 * @throws {OvnError} `refused`, `malformed` or `limit`, naming the first that is not genuine, or not what is recorded of it.
 */
export async function requireGenuine(records: readonly StoredNameRecord[]): Promise<void> {
  if (records.length === 0) return;
  const { readNameRecord } = await import('../../node/names/record.ts');
  for (const { name, bytes, ...recorded } of records) {
    const read = await readNameRecord(name, bytes);
    const { value, sequence, validUntil, ttl } = recorded;
    const isSame = read.value === value && read.sequence === sequence && read.ttl === ttl;
    if (isSame && read.validUntil.getTime() === validUntil.getTime()) continue;
    throw new OvnError('refused', `what is recorded of ${formatName(name)} is not what its record says`);
  }
}
