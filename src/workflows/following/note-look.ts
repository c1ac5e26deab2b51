import { formatInstant } from '../../trust/instant.ts';
import type { SyncEffects } from './effects.ts';
import type { Looked } from './look.ts';

/**
 * Notes what a look came to, where it moved nothing or all is not well.
 *
 * @param begin in the same transaction, before that: where nothing of the publication is followed yet.
 */
export function noteLook(
  publication: string,
  { outcome, problem }: Looked,
  { repository, now, dryRun }: SyncEffects,
  begin?: (publication: string) => void,
): void {
  if (dryRun || (outcome === 'moved' && problem === null)) return;
  const at = formatInstant(now);
  repository.transaction(() => {
    if (outcome !== 'moved') begin?.(publication);
    repository.followed.note(publication, {
      checked: at,
      ...(outcome === 'same' ? { synced: at } : {}),
      problem: problem === null ? null : { ...problem, at },
    });
  });
}
