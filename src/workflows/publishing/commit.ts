import type { EditionTrees } from '../../edition/build-edition.ts';
import type { Head } from '../../repo/head.ts';
import { type ClockReading, noteLastClock } from '../../repo/last-clock.ts';
import type { Repository } from '../../repo/repository.ts';
import { clearRestoredMark } from '../../repo/restored-mark.ts';
import type { StagedRevision } from '../../repo/staged-changes.ts';
import type { NextLog } from './next-log.ts';
import { noteSources } from './note-sources.ts';
import { noteTemplate } from './pages-stand.ts';
import type { Plan } from './plan.ts';
import { noteThemes } from './used-themes.ts';

/** Everything it reaches is stored, and nothing points at it yet. */
export interface FinishedEdition {
  head: Head;
  trees: EditionTrees;
  log: NextLog;
  /** CID of the theme that it was made by; empty for none. */
  theme: string;
  staged: readonly StagedRevision[];
  plan: Plan;
  note: ClockReading | undefined;
}

/**
 * The moment at which a publication becomes true: index, events and head change in one short transaction. Before it
 * there is the old edition, after it the new one (design, invariant 3).
 *
 * @param midway called when some of it is written: nothing of that is there after a crash.
 */
export function commitPublication(
  repository: Repository,
  { head, log, plan, note, trees, theme, staged }: FinishedEdition,
  midway?: () => void,
): void {
  const { sequence, issued: time } = head;
  repository.transaction(() => {
    repository.articles.commitStaged(sequence, time);
    repository.articles.nameCategories(Array.from(trees.categories, ([slug, { name }]) => [slug, name]));
    for (const event of log.events) repository.events.append(event);
    noteSources(
      repository,
      plan.due.map(({ record }) => record),
      plan.moved,
    );
    midway?.();
    repository.writeHead(head);
    noteTemplate(repository, theme);
    if (theme !== '' && staged.length > 0) noteThemes(repository, [theme]);
    clearRestoredMark(repository.meta);
    if (note !== undefined) noteLastClock(repository.meta, note);
    repository.pins.markComplete([
      head.edition,
      ...[...trees.categories.values()].map(({ link }) => link.cid.toString()),
    ]);
  });
}
