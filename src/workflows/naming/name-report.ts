import type { RouterAnswer } from '../../node/names/ask-routers.ts';
import { formatName } from '../../node/names/name.ts';
import type { NameRecord } from '../../node/names/record.ts';
import type { Due } from './next-record.ts';

/** What became of one name. */
export interface NamedReport {
  name: string;
  /** `waiting`: a former name, until an edition names its successor. */
  status: 'published' | 'unchanged' | 'planned' | 'waiting';
  value: string;
  sequence: number;
  /** UTC. */
  validUntil: string;
  /** Seconds. */
  ttl: number;
  /** Where it was put, and what went wrong there. */
  routers: { router: string; problem: string | null }[];
}

/** What `ovn name publish --json` prints. */
export interface NamePublishReport {
  /** Of the edition that the names lead to. */
  edition: { sequence: number; cid: string };
  /** The name of the publication; with several name keys here, all of them. */
  names: NamedReport[];
  /** Former names whose keys are here: each has a last record, which leads to an edition that names the new key. */
  former: NamedReport[];
}

/** What a record of a name says, and how the routers took it. */
export function reportOf(
  { name, value, sequence, validUntil, ttl }: Omit<NameRecord, 'bytes'>,
  status: NamedReport['status'],
  answers: readonly RouterAnswer[],
): NamedReport {
  const routers = answers.map(({ router, problem = null }) => ({ router, problem }));
  const text = formatName(name);
  return {
    name: text,
    status,
    value,
    sequence: Number(sequence),
    validUntil: validUntil.toISOString(),
    ttl,
    routers,
  };
}

/** What to say of a name for which so much was done. */
export function statusOf(due: Due, dryRun: boolean): NamedReport['status'] {
  if (due === 'sign') return dryRun ? 'planned' : 'published';
  return due === 'later' ? 'waiting' : 'unchanged';
}
