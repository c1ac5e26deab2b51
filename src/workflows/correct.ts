import { CID } from 'multiformats/cid';
import { isDate, proposeDate } from '../article/calendar.ts';
import { hasControl } from '../article/characters.ts';
import type { ArticleDocument, CorrectionKind } from '../article/document.ts';
import { CORRECTION_LIMIT } from '../article/source-notes.ts';
import { correctionLines, type NewCorrection, writeCorrection } from '../article/write-correction.ts';
import { OvnError } from '../errors.ts';
import type { StoredArticle } from '../repo/article-row.ts';
import type { ClockReading } from '../repo/last-clock.ts';
import type { Repository } from '../repo/repository.ts';
import { createFile, locate, replaceFile } from '../repo/source-files.ts';
import type { BlockReader } from '../unixfs/block.ts';
import {
  findSource,
  heldBackSource,
  parseForCorrection,
  type SourceToCorrect,
} from './correcting/find-source.ts';
import { type RestoredMedia, restoreMedia, restoreText } from './correcting/restore-source.ts';
import { lockPaper } from './lock-paper.ts';
import { believedUntil } from './publishing/release-clock.ts';
import { readArticle } from './read-article.ts';
import { resolveTarget } from './resolve-target.ts';

export interface CorrectOptions {
  /** Id, slug, source or CID of an article. */
  what: string;
  kind: CorrectionKind;
  text: string;
  /** As it is to be written; the moment of the clock when absent. */
  date: string | undefined;
  /** Of a retraction: leave the text of all revisions out of the edition. */
  withhold: boolean;
  dryRun: boolean;
}

export interface CorrectEffects {
  repository: Repository;
  read: BlockReader;
  /** Nobody publishes a source that is being written. */
  lock(): Promise<AsyncDisposable>;
  now: Date;
  /** What embargoes end by. */
  clock: ClockReading;
}

/** What `ovn correct --json` and `ovn retract --json` print. */
export interface CorrectReport {
  id: string;
  /** As the index names it. */
  source: string;
  type: CorrectionKind;
  date: string;
  text: string;
  withhold: boolean;
  /** The lines that were put into the front matter. */
  added: string;
  /** Set where the file was gone and came back from the bundle. */
  restored: { media: RestoredMedia[] } | null;
  /** Set where the next publication passes the source over, and the correction with it. `until` is null where that is no moment. */
  held: { reason: string; until: string | null } | null;
  /** Nothing is written under `--dry-run`. */
  written: boolean;
}

/**
 * Writes a correction or a retraction into an article's source, and nothing else of it; the next publication makes the
 * revision. A source that is gone is made again from the published bundle. The file is written whole or not at all.
 *
 * @throws {OvnError} `usage` for a text or date in a wrong form; `not-found` for what is not published; `exists` for an
 * article that is retracted; `source` for a source with errors, or one that no correction can be written into.
 */
export async function correct(options: CorrectOptions, effects: CorrectEffects): Promise<CorrectReport> {
  const correction = readCorrection(options, effects.now);
  await using _lock = await lockPaper(effects);
  const { article, document } = await findPublished(options.what, effects);
  requireOpen(article.id, document, correction);
  const found = findSource(effects.repository, article) ?? {
    source: article.source,
    text: restoreText(document),
    isThere: false,
  };
  const corrected = addCorrection(effects.repository, article, found, correction);
  const restored = found.isThere
    ? null
    : await restoreMedia(effects, found.source, document, article.cid, options.dryRun);
  if (!options.dryRun) write(effects.repository, found, corrected.text);
  const { kind: type, ...entry } = correction;
  return {
    id: article.id,
    source: found.source,
    type,
    ...entry,
    added: corrected.added,
    restored: restored === null ? null : { media: restored },
    held: heldNow(effects, found.source, corrected.text),
    written: !options.dryRun,
  };
}

/** What holds the corrected source back. */
function heldNow({ repository, clock }: CorrectEffects, source: string, text: string): CorrectReport['held'] {
  const held = heldBackSource(repository, source, text, believedUntil(repository, clock));
  return held === undefined ? null : { reason: held.reason, until: held.until ?? null };
}

function readCorrection({ kind, text: said, date, withhold }: CorrectOptions, now: Date): NewCorrection {
  const text = said.replace(/\s+/g, ' ').trim();
  if (text === '') throw new OvnError('usage', '--text is empty: readers are told what was wrong, and why');
  if (text.length > CORRECTION_LIMIT)
    throw new OvnError(
      'usage',
      `--text has ${text.length} characters; at most ${CORRECTION_LIMIT} are taken`,
    );
  if (hasControl(text)) throw new OvnError('usage', '--text holds control characters');
  if (date === undefined) return { kind, text, withhold, date: `${now.toISOString().slice(0, 19)}Z` };
  if (isDate(date)) return { kind, text, withhold, date };
  const meant = proposeDate(date);
  throw new OvnError(
    'usage',
    `--date ${date}: expected a date such as 2025-07-07, or 2025-07-07T10:00:00+02:00`,
    {
      ...(meant === undefined ? {} : { hint: `Did you mean --date ${meant}?` }),
    },
  );
}

async function findPublished(
  what: string,
  { repository, read }: CorrectEffects,
): Promise<{ article: StoredArticle; document: ArticleDocument }> {
  const { article } = await resolveTarget(repository, read, what);
  if (article === undefined) throw new OvnError('not-found', `${what} is no article that is published here`);
  return { article, document: await readArticle(CID.parse(article.cid), read) };
}

/** A retraction is final. The one thing that can follow it is that the text is withheld as well. */
function requireOpen(
  id: string,
  { status, withheld }: ArticleDocument,
  { kind, withhold }: NewCorrection,
): void {
  if (status !== 'retracted' || (kind === 'retraction' && withhold && withheld === undefined)) return;
  throw new OvnError(
    'exists',
    `${id} is retracted already${withheld === undefined ? '' : ', and its text is withheld'}`,
    {
      hint: 'A retraction is final. What there is to say after it belongs into a new article.',
    },
  );
}

function addCorrection(
  repository: Repository,
  { id }: StoredArticle,
  { source, text }: SourceToCorrect,
  correction: NewCorrection,
): { text: string; added: string } {
  const before = parseForCorrection(repository, source, text);
  if (before.id !== id)
    throw new OvnError('source', `${source} is the article ${before.id} now, not ${id}`, {
      hint: 'Give it back its date and slug.',
    });
  const again = before.retraction !== undefined && !(correction.withhold && !before.retraction.withhold);
  if (again)
    throw new OvnError('exists', `${source} retracts the article already`, {
      hint: 'ovn publish makes the revision.',
    });
  const corrected = writeCorrection(text, correction);
  const after = corrected && parseForCorrection(repository, source, corrected.text);
  if (corrected !== undefined && after?.corrections.length === before.corrections.length + 1)
    return corrected;
  throw new OvnError('source', `${source}: no correction can be written into its front matter`, {
    hint: `Write it by hand, in a list:\ncorrections:\n${correctionLines(correction, '  ').trimEnd()}`,
  });
}

function write({ dir }: Repository, { source, isThere }: SourceToCorrect, text: string): void {
  const file = locate(dir, source);
  if (isThere) replaceFile(file, text);
  else createFile(file, text);
}
