import { putToRouters } from '../../node/names/ask-routers.ts';
import type { NameRouter } from '../../node/names/name-router.ts';
import type { Repository } from '../../repo/repository.ts';
import type { BlockReader } from '../../unixfs/block.ts';
import { heldNames, ownNames } from '../naming/own-names.ts';
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
const RECORD = { lifetime: 365 * 86_400_000, ttl: 300 };

/**
 * Lets our names lead to the current edition, where their keys are here, and gives the records to routers: with `everywhere` to all of
 * them, byte for byte, also where the keys are elsewhere. What cannot be signed is a problem of its name, and no reason to let the
 * record that there is be forgotten.
 */
export async function publishOurNames(
  { everywhere, signal }: { everywhere: boolean; signal: AbortSignal },
  effects: OurNamesEffects,
): Promise<KeptName[]> {
  const { repository, routers } = effects;
  if (repository.head() === undefined) return [];
  const problem = await sign(signal, effects);
  const kept: KeptName[] = [];
  for (const { name, state } of ownNames(repository)) {
    const record = state === 'revoked' ? undefined : repository.names.get(name);
    if (record === undefined) continue;
    const answers = everywhere ? await putToRouters(record, routers, signal) : [];
    const problems = answers.flatMap(({ router, problem }) =>
      problem === undefined ? [] : [`${router}: ${problem}`],
    );
    kept.push({ validUntil: record.validUntil, problems });
  }
  if (problem !== undefined) kept.push({ validUntil: undefined, problems: [problem] });
  return kept;
}

async function sign(signal: AbortSignal, effects: OurNamesEffects): Promise<string | undefined> {
  const { repository, now } = effects;
  if (!heldNames(repository).some(({ state }) => state === 'current')) return undefined;
  const options = { ...RECORD, renew: false, regardless: false, dryRun: false };
  try {
    const { report } = await publishName(options, { ...effects, now: now(), signal });
    const problems = [...report.names, ...report.former].flatMap(({ routers }) =>
      routers.flatMap(({ router, problem }) => (problem === null ? [] : [`${router}: ${problem}`])),
    );
    return problems.length === 0 ? undefined : problems.join('; ');
  } catch (error) {
    signal.throwIfAborted();
    return error instanceof Error ? error.message : String(error);
  }
}
