import { OvnError } from '../../errors.ts';
import { newestOf, type RouterAnswer, tellAnswers } from '../../node/names/ask-routers.ts';
import { formatName } from '../../node/names/name.ts';
import type { NameRecord } from '../../node/names/record.ts';
import type { Repository } from '../../repo/repository.ts';
import { readRestoredNames } from '../../repo/restored-mark.ts';
import { editionAt } from './named-edition.ts';
import type { OwnName } from './own-names.ts';

/** What is known of a name of our own before it is signed anew. */
export interface KnownRecord {
  /** The newest, of ours and of those that others gave; it may have expired. */
  record: NameRecord | undefined;
  /** What each router said. */
  answers: readonly RouterAnswer[];
}

/** The newest record of a name: the one that is kept here, or one that a router gave. */
export function newestKnown(
  { name }: OwnName,
  answers: readonly RouterAnswer[],
  repository: Repository,
): KnownRecord {
  return { record: newestOf(repository.names.get(name), answers), answers };
}

/**
 * Stops where signing could go back: a restored repository of which nobody can say what it signed last, and a name that
 * leads to an edition that is not known here, as a newer one is to a restored repository (invariant 5).
 *
 * @throws {OvnError} `incomplete` where nobody could be asked, `exists` where it leads elsewhere.
 */
export function requireNewest(
  { name }: OwnName,
  { record, answers }: KnownRecord,
  repository: Repository,
): void {
  const made = readRestoredNames(repository.meta);
  const isAnswered = answers.some(({ problem }) => problem === undefined);
  if (made !== undefined && !isAnswered) {
    const asked = answers.length === 0 ? 'nobody was asked' : tellAnswers(answers);
    throw new OvnError(
      'incomplete',
      `this repository was restored from a backup of ${made}: which record of ${formatName(name)} was the last is not known (${asked})`,
      { hint: '--router URL asks one that keeps it; --regardless signs without knowing.' },
    );
  }
  if (record === undefined || editionAt(record, repository) !== undefined) return;
  throw new OvnError(
    'exists',
    `record ${record.sequence} of ${formatName(name)} leads to ${JSON.stringify(record.value)}, which was never published here`,
    {
      hint: 'If it is a newer edition, take it in first: ovn log recover. --regardless signs all the same, with a higher number.',
    },
  );
}
