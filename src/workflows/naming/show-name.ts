import { OvnError } from '../../errors.ts';
import { askRouters, newestOf } from '../../node/names/ask-routers.ts';
import { formatName, type Name } from '../../node/names/name.ts';
import type { NameRouter } from '../../node/names/name-router.ts';
import type { NameRecord } from '../../node/names/record.ts';
import type { Repository } from '../../repo/repository.ts';
import { keptRecords } from './kept-records.ts';
import { editionAt } from './named-edition.ts';
import { ownNames } from './own-names.ts';

/** What `ovn name show --json` prints. */
export interface ShownName {
  name: string;
  /** Whether the masthead gives the publication this name, or once did. */
  own: 'current' | 'retired' | 'revoked' | null;
  /** The newest record that is known; nothing where there is none. */
  record: ShownRecord | null;
  routers: { router: string; sequence: number | null; problem: string | null }[];
}

export interface ShownRecord {
  value: string;
  sequence: number;
  /** UTC. */
  validUntil: string;
  /** Seconds; 0 when it has expired. */
  timeLeft: number;
  /** Seconds. */
  ttl: number;
  /** Bytes. */
  size: number;
  /** `here`, or the router that gave it. */
  from: string;
  /** Sequence of the edition that it leads to, where that is one of this repository. */
  edition: number | null;
}

export interface ShowNameEffects {
  repository: Repository;
  routers: readonly NameRouter[];
  now: Date;
  signal: AbortSignal;
}

/** What is known of a name: here, and where routers are given, there. What is newer there is kept. */
export async function showName(name: Name, effects: ShowNameEffects): Promise<ShownName> {
  const { repository, routers, signal } = effects;
  const kept = repository.names.get(name);
  const answers = await askRouters(name, routers, signal);
  const record = newestOf(kept, answers);
  if (record !== undefined && record !== kept) keptRecords(repository).put(record);
  const from = answers.find((answer) => answer.record === record)?.router;
  const own = ownNames(repository).find((each) => each.name.equals(name));
  return {
    name: formatName(name),
    own: own?.state ?? null,
    record: record === undefined ? null : describe(record, from ?? 'here', effects),
    routers: answers.map(({ router, record: given, problem }) => ({
      router,
      sequence: given === undefined ? null : Number(given.sequence),
      problem: problem ?? null,
    })),
  };
}

/**
 * The name that the publication of a repository goes by: that of the first name key of its masthead.
 *
 * @throws {OvnError} `not-found` where the masthead has none.
 */
export function publicationName(repository: Repository): Name {
  const own = ownNames(repository).find(({ state }) => state === 'current');
  if (own !== undefined) return own.name;
  throw new OvnError('not-found', 'the masthead names no name key');
}

function describe(record: NameRecord, from: string, { repository, now }: ShowNameEffects): ShownRecord {
  const { value, sequence, validUntil, ttl, bytes } = record;
  const left = Math.max(0, Math.floor((validUntil.getTime() - now.getTime()) / 1000));
  return {
    value,
    sequence: Number(sequence),
    validUntil: validUntil.toISOString(),
    timeLeft: left,
    ttl,
    size: bytes.length,
    from,
    edition: editionAt(record, repository)?.sequence ?? null,
  };
}
