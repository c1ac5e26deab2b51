import { OvnError } from '../../errors.ts';
import type { Name } from './name.ts';
import type { NameRouter } from './name-router.ts';
import { type NameRecord, newerRecord, readNameRecord } from './record.ts';

/** What one router said. */
export interface RouterAnswer {
  router: string;
  /** Genuine; it may have expired. */
  record?: NameRecord;
  /** Why there is none, in words for people; absent where it has none. */
  problem?: string;
  /** Whether it gave something that is no genuine record. */
  forged?: boolean;
}

/** For one router, in ms. */
const TIMEOUT_MS = 15_000;

/** Asks all routers at once; what they give is checked. One that fails, or lies, hides none of the others. */
export function askRouters(
  name: Name,
  routers: readonly Pick<NameRouter, 'id' | 'get'>[],
  signal: AbortSignal,
): Promise<RouterAnswer[]> {
  return eachRouter(routers, signal, async (router, ends) => {
    const bytes = await router.get(name, { signal: ends });
    return bytes === undefined ? {} : { record: await readNameRecord(name, bytes) };
  });
}

/** Gives a record to all routers at once; an answer without a problem says that it was taken. */
export function putToRouters(
  { name, bytes }: Pick<NameRecord, 'name' | 'bytes'>,
  routers: readonly NameRouter[],
  signal: AbortSignal,
): Promise<RouterAnswer[]> {
  return eachRouter(routers, signal, async (router, ends) => {
    await router.put(name, bytes, { signal: ends });
    return {};
  });
}

/** The newest record among them. */
export function newestOf(
  known: NameRecord | undefined,
  answers: readonly RouterAnswer[],
): NameRecord | undefined {
  const records = answers.map(({ record }) => record).filter((record) => record !== undefined);
  return records.reduce<NameRecord | undefined>((a, b) => (a === undefined ? b : newerRecord(a, b)), known);
}

/** For errors: who was asked, and what each said. */
export function tellAnswers(answers: readonly RouterAnswer[]): string {
  return answers.map(({ router, problem }) => `${router}: ${problem ?? 'it has none'}`).join('; ');
}

function eachRouter<R extends Pick<NameRouter, 'id'>>(
  routers: readonly R[],
  signal: AbortSignal,
  ask: (router: R, ends: AbortSignal) => Promise<Omit<RouterAnswer, 'router'>>,
): Promise<RouterAnswer[]> {
  const answers = routers.map(async (router): Promise<RouterAnswer> => {
    const ends = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]);
    try {
      return { router: router.id, ...(await ask(router, ends)) };
    } catch (error) {
      signal.throwIfAborted();
      return { router: router.id, ...explain(error) };
    }
  });
  return Promise.all(answers);
}

function explain(error: unknown): Pick<RouterAnswer, 'problem' | 'forged'> {
  if (error instanceof OvnError && ['refused', 'malformed', 'limit'].includes(error.code))
    return { problem: `what it gives is refused: ${error.message}`, forged: true };
  return { problem: error instanceof Error ? error.message : String(error) };
}
