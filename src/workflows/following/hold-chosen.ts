import { OvnError } from '../../errors.ts';
import type { FollowChoice } from '../../repo/followed.ts';
import { type Check, firstFailed } from '../../trust/check.ts';
import { type Holding, holdEdition } from '../holding/hold.ts';
import { Evidence } from '../verification/judging.ts';
import { judgePartContents } from '../verification/part.ts';
import type { SyncEffects } from './effects.ts';
import type { Fetcher } from './fetcher.ts';
import type { JudgedSpine } from './judge-spine.ts';

/** Whether all of an edition is to be held, whatever its size. */
export function isEverything({ categories, maxBytes, since }: FollowChoice): boolean {
  return categories === null && maxBytes === null && since === null;
}

/**
 * Fetches what is chosen of an edition, and judges it: what is held of it, by the log of the whole. What turns out to be all of it is
 * left to be judged as such.
 *
 * @throws {OvnError} as {@link holdEdition} and `Fetcher.fetch` do; `refused`, naming the check.
 */
export async function holdChosen(
  { candidate: { documents }, replayed }: JudgedSpine,
  choice: FollowChoice,
  fetcher: Fetcher,
  effects: SyncEffects,
): Promise<Holding> {
  const { stock } = fetcher;
  const holding = await holdEdition(documents.root, choice, {
    read: fetcher.read,
    fetch: (root, limits) => fetcher.fetch(root, limits),
    store: stock,
    signal: effects.signal,
    onProgress: ({ articles, bytes }) => effects.onProgress?.('articles', articles, articles, bytes),
  });
  if (holding.whole) return holding;
  const checks: Check[] = [];
  const onProgress = (done: number, total: number): void => effects.onProgress?.('articles', done, total, 0);
  const rest = 'Others hold the rest.';
  const evidence = new Evidence(stock.read, { now: effects.now, signal: effects.signal, rest });
  await judgePartContents(checks, documents, replayed, evidence, { onProgress });
  const failed = firstFailed(checks);
  if (failed === undefined) return holding;
  const { sequence } = documents.manifest.manifest;
  throw new OvnError('refused', `edition ${sequence} (${documents.root}): ${failed.name}: ${failed.detail}`);
}
