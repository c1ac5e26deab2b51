import { OvnError } from '../../errors.ts';
import { formatName, type Name, parseName } from './name.ts';
import type { NameRecords } from './name-router.ts';
import { readNameRecord } from './record.ts';

/** What to answer a `PUT /routing/v1/ipns/<name>` with. */
export interface PutAnswer {
  status: 200 | 400 | 403 | 409 | 413;
  /** One sentence for people. */
  message: string;
}

export interface PutEffects {
  records: NameRecords;
  /** Whether the name is our own or one that is followed. */
  isKnown(name: Name): boolean;
  /** Whether every name is taken. */
  any: boolean;
  now(): Date;
}

/**
 * Decides on a record that a stranger puts here (Delegated Routing V1). An older one never replaces a newer one, and is
 * not taken for kept: 409.
 *
 * @param text the name as it stands in the address, in any form.
 */
export async function putNameRecord(
  text: string,
  bytes: Uint8Array,
  effects: PutEffects,
): Promise<PutAnswer> {
  const name = parseName(text);
  if (name === undefined)
    return { status: 400, message: 'What follows /routing/v1/ipns/ is not an IPNS name.' };
  if (!effects.any && !effects.isKnown(name))
    return { status: 403, message: 'Records are kept here for the names of this publication only.' };
  try {
    const record = await readNameRecord(name, bytes, { now: effects.now() });
    if (effects.records.put(record) === 'older')
      return { status: 409, message: 'A newer record of this name is kept here.' };
    return { status: 200, message: `Record ${record.sequence} of ${formatName(name)} is kept.` };
  } catch (error) {
    if (!(error instanceof OvnError) || !['refused', 'malformed', 'limit'].includes(error.code)) throw error;
    return { status: error.code === 'limit' ? 413 : 400, message: `${error.message}.` };
  }
}
