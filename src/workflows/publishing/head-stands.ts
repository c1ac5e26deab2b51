import type { Head } from '../../repo/head.ts';
import { pagesStand, redirectsStand } from './pages-stand.ts';
import type { PublishEffects } from './publish-effects.ts';

/**
 * Whether the head can go on as it is: it is current for long enough, names the newest masthead, and its pages need no change.
 *
 * @param theme as `themeOf` gives it.
 */
export function headStands(
  head: Head,
  theme: string,
  { repository, now }: Pick<PublishEffects, 'repository' | 'now'>,
): boolean {
  if (needsRefresh(head, now) || !pagesStand(head, theme, repository) || !redirectsStand(head, repository))
    return false;
  const { masthead } = repository.manifestOf(head);
  return masthead.cid === repository.mastheads().at(-1)?.cid;
}

/** Half of a manifest's life is left at the least after a publication. */
function needsRefresh(head: Head, now: Date): boolean {
  const left = Date.parse(head.expires) - now.getTime();
  return left < (Date.parse(head.expires) - Date.parse(head.issued)) / 2;
}
