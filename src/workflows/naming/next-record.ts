import type { KeyObject } from 'node:crypto';
import { OvnError } from '../../errors.ts';
import { makeNameRecord } from '../../node/names/make-record.ts';
import { formatName } from '../../node/names/name.ts';
import type { NameRecord } from '../../node/names/record.ts';
import type { Head } from '../../repo/head.ts';
import type { Repository } from '../../repo/repository.ts';
import { editionAt } from './named-edition.ts';
import type { OwnName } from './own-names.ts';

/** How a new record is made. */
export interface RecordOptions {
  /** How long it holds, in ms. */
  lifetime: number;
  /** How long it may be given out without asking again, in seconds. */
  ttl: number;
  /** Whether it is made also where the one before would do. */
  renew: boolean;
}

/** What is to be done for a name. */
export type Due = 'sign' | 'nothing' | 'later';

/**
 * Whether a name needs a record that leads to the head. A current name does when it leads elsewhere; a former one when it does not
 * lead yet to an edition that names its successor; and each when less than half of the time is left.
 */
export function dueFor(
  { name: _, state, endedIn }: OwnName,
  record: NameRecord | undefined,
  head: Head,
  repository: Repository,
  { lifetime, renew, now }: RecordOptions & { now: Date },
): Due {
  const isFormer = state !== 'current' && endedIn !== undefined;
  if (isFormer && record === undefined) return 'nothing';
  if (isFormer && mastheadOf(head, repository) < endedIn) return 'later';
  if (record === undefined || renew) return 'sign';
  if (record.validUntil.getTime() - now.getTime() < lifetime / 2) return 'sign';
  if (!isFormer) return record.value === pathOf(head) ? 'nothing' : 'sign';
  const led = editionAt(record, repository);
  return led !== undefined && mastheadOf(led, repository) >= endedIn ? 'nothing' : 'sign';
}

/** What the record of the head says that follows the one that is known; the first has the number 1. */
export function planNext(
  { name }: OwnName,
  record: NameRecord | undefined,
  head: Head,
  { lifetime, ttl, now }: RecordOptions & { now: Date },
): Omit<NameRecord, 'bytes'> {
  const sequence = (record?.sequence ?? 0n) + 1n;
  if (sequence > BigInt(Number.MAX_SAFE_INTEGER))
    throw new OvnError('limit', `the name ${formatName(name)} has come to its last number`);
  const validUntil = new Date(now.getTime() + lifetime);
  return { name, value: pathOf(head), sequence, validUntil, ttl };
}

/** Signs it. */
export function signNext(
  key: KeyObject,
  { value, sequence, ttl }: Omit<NameRecord, 'bytes'>,
  { lifetime, now }: RecordOptions & { now: Date },
): Promise<NameRecord> {
  return makeNameRecord(key, { value, sequence, now, lifetime, ttl });
}

function pathOf({ edition }: Head): string {
  return `/ipfs/${edition}`;
}

/** The version of the masthead that an edition names. */
function mastheadOf(edition: Head, repository: Repository): number {
  return repository.manifestOf(edition).masthead.version;
}
