import type { Article } from './article.ts';
import type { Position } from './authority.ts';
import type { Evidence, Place } from './evidence.ts';
import { NotChecked, Refused } from './failure.ts';
import type { Fold } from './fold.ts';
import type { Report } from './report.ts';

/** Where the log has a revision; `undefined` where there is no log at hand, or it does not have it. */
export function positionOf({ identifier, revision }: Article, fold: Fold | undefined): Position | undefined {
  const index = fold?.articles.get(identifier)?.revisions[revision - 1]?.index;
  if (fold === undefined || index === undefined) return undefined;
  return { index, mastheads: fold.mastheads.map((each) => each.index) };
}

/** @param own CID of the bundle; `undefined` where not all of its files came. */
export async function checkLog(
  report: Report,
  place: Place,
  article: Article,
  own: string | undefined,
  { fold }: Evidence,
): Promise<void> {
  if (fold === undefined) {
    report.skip('log-inclusion', 'no log that is read to its end is at hand');
    return;
  }
  await report.check(
    'log-inclusion',
    () => requireLogged(place, article, own, fold),
    ({ index, kind, newest }) =>
      `entry ${index} of ${fold.size} in the log: ${kind}${newest === article.revision ? '' : `; superseded by revision ${newest}`}`,
  );
}

/** The log has this revision, by its CID; where the newest is to stand, none after it; and says of a retraction what it says. */
function requireLogged(
  { path, revision }: Place,
  article: Article,
  own: string | undefined,
  { articles }: Fold,
) {
  const logged = articles.get(article.identifier);
  const entry = logged?.revisions[article.revision - 1];
  if (own === undefined) throw new NotChecked('not all of its files came');
  if (logged === undefined || entry === undefined) throw new Refused('the log does not have this revision');
  if (entry.cid !== own) throw new Refused(`the log has ${entry.cid} as this revision, not ${own}`);
  const newest = logged.revisions.length;
  if (path.length > 0 && revision === undefined && newest !== article.revision) {
    throw new Refused(
      `the log has revision ${newest} of it (${logged.revisions.at(-1)?.kind}), which is hidden here`,
    );
  }
  const isNewest = article.revision === newest;
  const isRetracted = isNewest ? logged.isRetracted : entry.kind === 'retraction';
  // Whether an earlier new rendering is of a retraction is for the revision before it to say.
  if (isRetracted !== (article.status === 'retracted') && (isNewest || entry.kind !== 'rerender')) {
    throw new Refused(`it says it is ${article.status}; the log says ${entry.kind}`);
  }
  return { ...entry, newest };
}
