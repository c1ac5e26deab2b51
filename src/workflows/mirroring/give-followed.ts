import { askRouters, newestOf, putToRouters } from '../../node/names/ask-routers.ts';
import { formatName, type Name, parseName } from '../../node/names/name.ts';
import type { NameRouter } from '../../node/names/name-router.ts';
import type { NameRecord } from '../../node/names/record.ts';
import type { Repository } from '../../repo/repository.ts';
import { keptRecords } from '../naming/kept-records.ts';
import type { KeptName, NameEffects } from '../serving/keep-named.ts';
import type { Troubles } from '../serving/troubles.ts';

export interface FollowedNamesEffects {
  repository: Repository;
  /** The routers and the DHT. */
  routers: readonly NameRouter[];
  now(): Date;
  /** Whether a path is not to be given out: `/ipns/<name>`. */
  refuses(path: string): boolean;
  troubles: Pick<Troubles, 'report' | 'settle'>;
}

/** Names whose records are given out at once. */
const AT_ONCE = 8;

/**
 * Makes what keeps the names of those that are followed known: the newest record that is kept of each goes out byte for byte, without
 * any key, for as long as it is valid; none of a name that is denied. A record that is new here goes to all at once. One whose time is over is kept and put no more,
 * which is told once; the paper is found by its id then.
 */
export function followedRecords(effects: FollowedNamesEffects): NameEffects['publish'] {
  const { repository, now } = effects;
  /** The record of each name that all have taken, or that was told to have ended. */
  const done = new Map<string, string>();
  const keep = async (record: NameRecord, everywhere: boolean, signal: AbortSignal): Promise<string[]> => {
    const name = formatName(record.name);
    const hasEnded = record.validUntil < now();
    const mark = `${record.sequence} ${record.validUntil.getTime()} ${hasEnded}`;
    const isNew = done.get(name) !== mark;
    if (hasEnded && isNew) tellEnded(record, effects);
    const problems = !hasEnded && (everywhere || isNew) ? await give(record, effects, signal) : [];
    if (problems.length === 0) done.set(name, mark);
    return problems;
  };
  return async ({ everywhere, signal }) => {
    const kept: KeptName[] = [];
    // Workers share the one iterator.
    const names = followedNames(repository).values();
    const work = async (): Promise<void> => {
      for (const name of names) {
        const record = repository.names.get(name);
        if (record === undefined || effects.refuses(`/ipns/${formatName(name)}`)) continue;
        kept.push({ validUntil: record.validUntil, problems: await keep(record, everywhere, signal) });
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    return kept;
  };
}

/** The names of those that are followed, each once. */
export function followedNames({ followed }: Pick<Repository, 'followed'>): Name[] {
  const texts = new Set(followed.list().flatMap(({ name }) => name ?? []));
  return [...texts].flatMap((text) => parseName(text) ?? []);
}

function tellEnded({ name, validUntil }: NameRecord, { troubles }: FollowedNamesEffects): void {
  const text = formatName(name);
  const when = validUntil.toISOString();
  troubles.report(
    `record ${text}`,
    `the record of ${text} ended ${when}: it is kept, and given to nobody any more; the paper is found by its id`,
  );
}

async function give(
  record: NameRecord,
  { repository, routers, troubles }: FollowedNamesEffects,
  signal: AbortSignal,
): Promise<string[]> {
  troubles.settle(`record ${formatName(record.name)}`);
  const answers = await putToRouters(record, routers, signal);
  const refused = answers.filter(({ problem }) => problem !== undefined).map(({ router }) => router);
  if (refused.length === 0 || (await learnNewer(record, refused, { repository, routers }, signal))) return [];
  return answers.flatMap(({ router, problem }) => (problem === undefined ? [] : [`${router}: ${problem}`]));
}

/** Whether one of those that did not take a record has a newer one, which is kept then: it goes out at the next look. */
async function learnNewer(
  record: NameRecord,
  ids: readonly string[],
  { repository, routers }: Pick<FollowedNamesEffects, 'repository' | 'routers'>,
  signal: AbortSignal,
): Promise<boolean> {
  const asked = routers.filter(({ id }) => ids.includes(id));
  const newest = newestOf(record, await askRouters(record.name, asked, signal));
  return newest !== undefined && newest !== record && keptRecords(repository).put(newest) === 'kept';
}
