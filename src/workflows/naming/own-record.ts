import { OvnError } from '../../errors.ts';
import type { NameRecord } from '../../node/names/record.ts';
import type { NameRecord as SeenRecord } from '../../reader/memory.ts';
import { formatInstant } from '../../trust/instant.ts';
import { readMastheads } from '../../trust/masthead-chain.ts';
import { namesOf } from './own-names.ts';

/** A record of a name that the publication calls its own, as a reader remembers it. */
export interface OwnRecord {
  record: SeenRecord;
  /** Whether it is of a former name, whose last record may lead to an older edition. */
  isFormer: boolean;
}

/**
 * Of the records that led to an edition, the one of a name that its mastheads give it. Any other name is but a hint: nothing of it
 * is remembered. Mastheads that do not hold give no name; a reader refuses them.
 *
 * @throws {OvnError} `limit` for a number that no memory holds.
 */
export function ownRecord(
  mastheads: readonly Uint8Array[],
  records: readonly NameRecord[],
): OwnRecord | undefined {
  if (records.length === 0) return undefined;
  const names = readNames(mastheads);
  for (const { name, sequence, validUntil } of records.toReversed()) {
    const own = names.find((each) => each.name.equals(name));
    if (own === undefined) continue;
    if (sequence > BigInt(Number.MAX_SAFE_INTEGER))
      throw new OvnError('limit', `name record ${sequence} is beyond what can be remembered`);
    const record = { key: own.did, sequence: Number(sequence), expires: formatInstant(validUntil) };
    return { record, isFormer: own.state !== 'current' };
  }
  return undefined;
}

function readNames(mastheads: readonly Uint8Array[]) {
  try {
    return namesOf(readMastheads(mastheads));
  } catch (error) {
    if (error instanceof OvnError) return [];
    throw error;
  }
}
