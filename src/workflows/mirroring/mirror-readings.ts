import type { Series } from '../../node/monitoring/metrics.ts';
import { parseName } from '../../node/names/name.ts';
import type { Followed } from '../../repo/followed.ts';
import type { Repository } from '../../repo/repository.ts';
import type { Syncing } from './keep-synced.ts';

/** What is measured; a part that is not there yet has no numbers. */
export interface MeasuredMirror {
  repository: Pick<Repository, 'followed' | 'names'>;
  now(): Date;
  syncing?: Syncing | undefined;
}

/** The numbers of each publication that is followed, by its id; seconds and bytes. */
export function mirrorReadings(measured: MeasuredMirror): Record<string, Series> {
  const { repository, now } = measured;
  const seconds = (time: string | Date) => (now().getTime() - new Date(time).getTime()) / 1000;
  const since = (time: string | null) => (time === null ? undefined : seconds(time));
  const gauge = (help: string, read: (followed: Followed) => number | undefined): Series => ({
    help,
    kind: 'gauge',
    label: 'publication',
    read: () => readEach(repository, read),
  });
  return {
    ovn_mirror_sequence: gauge(
      'Sequence of the last good edition of a publication that is followed.',
      ({ sequence }) => sequence ?? undefined,
    ),
    ovn_mirror_checked_age_seconds: gauge('Time since it was last looked for.', ({ checked }) =>
      since(checked),
    ),
    ovn_mirror_confirmed_age_seconds: gauge(
      'Time since its edition was last confirmed to be the newest.',
      ({ synced }) => since(synced),
    ),
    ovn_mirror_edition_left_seconds: gauge(
      'Time until its edition is not current any more.',
      ({ expires }) => (expires === null ? undefined : -seconds(expires)),
    ),
    ovn_mirror_held_bytes: gauge('Bytes that are held of it.', ({ bytes }) => bytes),
    ovn_mirror_whole: gauge('Whether all of its edition is held.', ({ whole }) => (whole ? 1 : 0)),
    ovn_mirror_record_left_seconds: gauge(
      'Time until the record of its name ends; below 0 where it has ended.',
      ({ name }) => {
        const parsed = name === null ? undefined : parseName(name);
        const record = parsed && repository.names.get(parsed);
        return record === undefined ? undefined : -seconds(record.validUntil);
      },
    ),
    ovn_mirror_sync_failures_total: {
      help: 'Looks for newer editions that did not end well.',
      kind: 'counter',
      label: 'publication',
      read: () => readEach(repository, ({ publication }) => measured.syncing?.failures(publication)),
    },
  };
}

function readEach(
  { followed }: Pick<Repository, 'followed'>,
  read: (followed: Followed) => number | undefined,
): [string, number][] {
  return followed.list().flatMap((each): [string, number][] => {
    const value = read(each);
    return value === undefined ? [] : [[each.publication, value]];
  });
}
