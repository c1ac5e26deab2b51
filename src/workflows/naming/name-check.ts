import { formatName } from '../../node/names/name.ts';
import type { ResolvedName } from '../../node/names/resolve-name.ts';
import type { Check } from '../../trust/check.ts';

/** The check of a report that says how a name led to what was judged. */
export const NAME_CHECK = 'name';

type Led = Pick<ResolvedName, 'records' | 'unconfirmed'>;

/** Whether something on the way has expired, or is the word of a mirror, so that what it leads to is not confirmed as current. */
export function isExpiredName({ records, unconfirmed }: Led, now: Date): boolean {
  return unconfirmed !== undefined || records.some(({ validUntil }) => validUntil < now);
}

/** Why what a name or an id led to is not confirmed as current; `undefined` where it is. */
export function doubtOf({ records, unconfirmed }: Led, now: Date): string | undefined {
  const expired = records.find(({ validUntil }) => validUntil < now);
  const since = unconfirmed === undefined ? '' : `, last confirmed ${unconfirmed.since}`;
  if (expired !== undefined) {
    const when = expired.validUntil.toISOString();
    return `record ${expired.sequence} of ${formatName(expired.name)} expired ${when}: genuine, but not confirmed as current${since}`;
  }
  if (unconfirmed === undefined) return undefined;
  return `${unconfirmed.by} shows it as the newest, and no record of its name does: not confirmed as current${since}`;
}

/** What the way by a name is worth. Records are signed, answers of DNS are not. */
export function nameCheck(led: ResolvedName, now: Date): Check {
  const { records, steps } = led;
  const way = steps.join(' -> ');
  const doubt = doubtOf(led, now);
  if (doubt !== undefined) return { name: NAME_CHECK, result: 'not-checked', detail: doubt };
  const [record] = records.toReversed();
  if (record === undefined)
    return { name: NAME_CHECK, result: 'not-checked', detail: `DNS is not signed: ${way}` };
  const { sequence, validUntil } = record;
  const detail = `record ${sequence}, until ${validUntil.toISOString()}: ${way}`;
  return { name: NAME_CHECK, result: 'pass', detail };
}
