import { putToRouters } from '../../node/names/ask-routers.ts';
import { formatName } from '../../node/names/name.ts';
import type { NameRouter } from '../../node/names/name-router.ts';
import type { Repository } from '../../repo/repository.ts';

/** One record, and how the routers took it. */
export interface GivenRecord {
  name: string;
  sequence: bigint;
  routers: { router: string; problem: string | null }[];
}

/**
 * Gives the records of our own names to routers again, as they are: a DHT forgets them after 48 hours. Nothing is signed, so no key is
 * needed. What has expired is left out.
 */
export async function giveRecords(
  repository: Pick<Repository, 'names'>,
  { routers, now, signal }: { routers: readonly NameRouter[]; now: Date; signal: AbortSignal },
): Promise<GivenRecord[]> {
  const given: GivenRecord[] = [];
  for (const record of repository.names.own()) {
    if (record.validUntil < now) continue;
    const answers = await putToRouters(record, routers, signal);
    const said = answers.map(({ router, problem = null }) => ({ router, problem }));
    given.push({ name: formatName(record.name), sequence: record.sequence, routers: said });
  }
  return given;
}
