import { formatName } from '../../node/names/name.ts';
import type { ResolvedName } from '../../node/names/resolve-name.ts';
import type { Check } from '../../trust/check.ts';

/** The check of a report that says how a name led to what was judged. */
export const NAME_CHECK = 'name';

/** Whether something on the way has expired, so that what it leads to is not confirmed as current. */
export function isExpiredName({ records }: Pick<ResolvedName, 'records'>, now: Date): boolean {
  return records.some(({ validUntil }) => validUntil < now);
}

/** What the way by a name is worth. Records are signed, answers of DNS are not. */
export function nameCheck({ records, steps }: ResolvedName, now: Date): Check {
  const way = steps.join(' -> ');
  const expired = records.find(({ validUntil }) => validUntil < now);
  if (expired !== undefined) {
    const when = expired.validUntil.toISOString();
    const record = `record ${expired.sequence} of ${formatName(expired.name)}`;
    const detail = `${record} expired ${when}: genuine, but not confirmed as current`;
    return { name: NAME_CHECK, result: 'not-checked', detail };
  }
  const [record] = records.toReversed();
  if (record === undefined)
    return { name: NAME_CHECK, result: 'not-checked', detail: `DNS is not signed: ${way}` };
  const { sequence, validUntil } = record;
  const detail = `record ${sequence}, until ${validUntil.toISOString()}: ${way}`;
  return { name: NAME_CHECK, result: 'pass', detail };
}
