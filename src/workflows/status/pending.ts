import { OvnError } from '../../errors.ts';
import type { ClockReading } from '../../repo/last-clock.ts';
import type { Repository } from '../../repo/repository.ts';
import type { DueArticle } from '../publishing/plan.ts';
import { planPublication } from '../publishing/plan-publication.ts';
import { believedUntil } from '../publishing/release-clock.ts';
import type { PendingSource, PendingSources } from './report.ts';

const NOTHING = { new: [], changed: [], held: [], missing: [], unchanged: 0 };

/** What a publish would do with the sources. It signs nothing, so that it needs no key; sources with errors are findings. */
export async function pendingSources(
  repository: Repository,
  { now, clock, signal }: { now: Date; clock: ClockReading; signal: AbortSignal },
): Promise<PendingSources> {
  const releasedUntil = believedUntil(repository, clock);
  const paths = [repository.articlesDir];
  const options = { paths, whole: true, allowFuture: false, now, releasedUntil, signal };
  try {
    const { due, held, missing, untouched, unchanged, warnings } = await planPublication(repository, options);
    return {
      new: due.filter(({ published }) => published === undefined).map(describe),
      changed: due.filter(({ published }) => published !== undefined).map(describe),
      held: held.map(({ source, reason, until = null }) => ({ source, reason, until })),
      missing,
      unchanged: untouched.length + unchanged.length,
      findings: warnings,
    };
  } catch (error) {
    if (!(error instanceof OvnError) || error.code !== 'source') throw error;
    return { ...NOTHING, findings: error.findings };
  }
}

function describe({ source, article: { id, headline } }: DueArticle): PendingSource {
  return { source, id, headline };
}
