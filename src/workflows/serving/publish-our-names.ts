import type { NameRouter } from '../../node/names/name-router.ts';
import type { Repository } from '../../repo/repository.ts';
import type { BlockReader } from '../../unixfs/block.ts';
import { giveRecords } from '../naming/give-records.ts';
import { heldNames } from '../naming/own-names.ts';
import { publishName } from '../naming/publish-name.ts';
import type { KeptName } from './keep-named.ts';

export interface OurNamesEffects {
  repository: Repository;
  read: BlockReader;
  routers: readonly NameRouter[];
  lock(): Promise<AsyncDisposable>;
  /** Of the keyring, where it is at hand. */
  passphrase(): Promise<string | undefined>;
  now(): Date;
}

/** Of records that are signed in the background: a year, in ms, and five minutes, in seconds. */
export const OWN_RECORD = { lifetime: 365 * 86_400_000, ttl: 300 };

/**
 * Lets our names lead to the current edition, where their keys are here, and gives the records to routers: with `everywhere` to all of
 * them, byte for byte, also where the keys are elsewhere. What cannot be signed is a problem of its name, and no reason to let the
 * record that there is be forgotten.
 */
export async function publishOurNames(
  { everywhere, signal }: { everywhere: boolean; signal: AbortSignal },
  effects: OurNamesEffects,
): Promise<KeptName[]> {
  const { repository, routers, now } = effects;
  if (repository.head() === undefined) return [];
  const unsigned = await sign(signal, effects);
  const given = everywhere ? await giveRecords(repository, { routers, now: now(), signal }) : [];
  const problems = given.flatMap((record) => problemsOf(record.routers));
  const kept: KeptName[] = repository.names.own().map(({ validUntil }) => ({ validUntil, problems: [] }));
  kept.push({ validUntil: undefined, problems: unsigned === undefined ? problems : [unsigned, ...problems] });
  return kept;
}

async function sign(signal: AbortSignal, effects: OurNamesEffects): Promise<string | undefined> {
  const { repository, now } = effects;
  if (!heldNames(repository).some(({ state }) => state === 'current')) return undefined;
  const options = { ...OWN_RECORD, renew: false, regardless: false, dryRun: false };
  try {
    const { report } = await publishName(options, { ...effects, now: now(), signal });
    const problems = [...report.names, ...report.former].flatMap(({ routers }) => problemsOf(routers));
    return problems.length === 0 ? undefined : problems.join('; ');
  } catch (error) {
    signal.throwIfAborted();
    return error instanceof Error ? error.message : String(error);
  }
}

function problemsOf(routers: readonly { router: string; problem: string | null }[]): string[] {
  return routers.flatMap(({ router, problem }) => (problem === null ? [] : [`${router}: ${problem}`]));
}
