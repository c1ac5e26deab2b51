import { statfsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Series } from '../../node/monitoring/metrics.ts';
import { DATABASE } from '../../repo/places.ts';
import type { Repository } from '../../repo/repository.ts';
import { holdersOfHead, sightingsOf } from './holders.ts';
import type { Holder } from './report.ts';

export interface MeasuredKeeping {
  repository: Pick<Repository, 'head' | 'formerEditions' | 'homes' | 'meta' | 'stateDir' | 'isMirror'>;
  now(): Date;
}

/** Where the paper is kept: by others, as `ovn status` has it, and on this disk. */
export function keepingReadings({ repository, now }: MeasuredKeeping) {
  const { stateDir, isMirror } = repository;
  const holders = (): Holder[] | undefined =>
    isMirror ? undefined : holdersOfHead(repository, sightingsOf(repository), now());
  const counting = () => holders()?.filter(({ counts }) => counts);
  const gauges = {
    ovn_held_elsewhere: {
      help: 'Homes and mirrors from which the head edition was read back in the last 30 days.',
      read: () => counting()?.length,
    },
    ovn_store_bytes: {
      help: 'Size of the database.',
      read: () => statSync(join(stateDir, DATABASE)).size,
    },
    ovn_disk_free_bytes: {
      help: 'Free on the disk of the repository.',
      read: () => {
        const { bavail, bsize } = statfsSync(stateDir);
        return bavail * bsize;
      },
    },
  };
  const ovn_home_held: Series = {
    help: 'Whether the head edition was read back from a home in the last 30 days.',
    kind: 'gauge',
    label: 'home',
    read: () => {
      const held = new Set(counting()?.map(({ who }) => who));
      return repository.homes.list().map(({ name }) => [name, held.has(name) ? 1 : 0] as const);
    },
  };
  return { gauges, series: { ovn_home_held } };
}
