import type { Repository } from '../../repo/repository.ts';
import type { ServedView } from '../serving/served-view.ts';

type View = Pick<ServedView, 'edition' | 'followed'>;

/**
 * Root of the edition that is the site at `/`: the paper's own; on a machine without a paper that of the one publication that is
 * followed. Nothing where several are.
 */
export function shownEdition({ isMirror }: Pick<Repository, 'isMirror'>, view: View): string | undefined {
  return isMirror ? onlyFollowed(view)?.edition : view.edition();
}

/** The one publication that is followed, and its last good edition. */
export function onlyFollowed(
  view: Pick<View, 'followed'>,
): { publication: string; edition: string | undefined } | undefined {
  const [first, ...others] = view.followed();
  if (first === undefined || others.length > 0) return undefined;
  const [publication, edition] = first;
  return { publication, edition };
}
