import type { Bytes } from './bytes.ts';
import { parseCanonical } from './canonical.ts';
import { messageOf, Refused } from './failure.ts';
import { cid, instant, just, listOf, matching, object, positive, requireShape, type Shape } from './shape.ts';

/** A revision as the log has it. */
export interface LoggedRevision {
  cid: string;
  kind: string;
  index: number;
}

/** An article as the log has it. */
export interface LoggedArticle {
  /** Revision n stands in place n - 1. */
  revisions: LoggedRevision[];
  /** Whether the newest revision that was more than a new rendering is a retraction. */
  isRetracted: boolean;
  /** Revisions whose text was taken away. */
  withheld: Set<number>;
}

/** What a log says as a whole. */
export interface Fold {
  size: number;
  mastheads: { cid: string; index: number }[];
  editions: { cid: string; index: number }[];
  articles: Map<string, LoggedArticle>;
}

interface Entry {
  kind: string;
  cid: string;
  version?: number;
  sequence?: number;
  article?: string;
  revision?: number;
  withheld?: number[];
}

const ENTRY_LIMIT = 0xffff;
const MAX_DEPTH = 2;
const format = just('ovn-log-entry/1');
const revision = {
  format,
  article: matching(/^\d{4}\/\d{2}\/\d{2}\/[a-z0-9-]{1,80}$/),
  revision: positive,
  cid,
  time: instant,
};

/** Unknown kinds and members are refused: who does not know a rule must not fold a log by half of it. */
const KINDS: ReadonlyMap<unknown, Shape> = new Map([
  [
    'masthead',
    object({ format, kind: just('masthead'), version: positive, cid, time: instant }, { closed: true }),
  ],
  ['edition', object({ format, kind: just('edition'), sequence: positive, cid }, { closed: true })],
  ['publish', object({ ...revision, kind: just('publish') }, { closed: true })],
  ...['update', 'correction', 'rerender'].map(
    (kind) => [kind, object({ ...revision, kind: just(kind) }, { closed: true })] as const,
  ),
  [
    'retraction',
    object(
      { ...revision, kind: just('retraction'), 'withheld?': listOf(positive, { least: 1 }) },
      { closed: true },
    ),
  ],
]);

/** Replays the entries of a log in their order; what cannot follow what is before it is refused. */
export function foldEntries(entries: readonly Bytes[]): Fold {
  const fold: Fold = { size: entries.length, mastheads: [], editions: [], articles: new Map() };
  for (const [index, bytes] of entries.entries()) {
    try {
      apply(fold, index, readEntry(bytes));
    } catch (error) {
      throw new Refused(`entry ${index} of the log: ${messageOf(error)}`);
    }
  }
  return fold;
}

function readEntry(bytes: Bytes): Entry {
  const value = parseCanonical(bytes, ENTRY_LIMIT, MAX_DEPTH);
  const shape = KINDS.get((value as { kind?: unknown } | null)?.kind);
  if (shape === undefined) throw new Refused('a kind that is not known');
  return requireShape<Entry>(shape, value, 'it');
}

function apply(fold: Fold, index: number, entry: Entry): void {
  const { kind, cid, version, sequence, article } = entry;
  if (kind !== 'masthead' && fold.mastheads.length === 0) throw new Refused('it stands before masthead 1');
  if (version !== undefined) append(fold.mastheads, version, { cid, index });
  if (sequence !== undefined) append(fold.editions, sequence, { cid, index });
  if (article !== undefined) applyRevision(fold, index, article, entry);
}

function applyRevision({ articles }: Fold, index: number, id: string, entry: Entry): void {
  const { kind, cid, revision: number = 0, withheld = [] } = entry;
  if ((kind === 'publish') !== (number === 1)) throw new Refused(`${kind} of revision ${number}`);
  const article = articles.get(id) ?? { revisions: [], isRetracted: false, withheld: new Set<number>() };
  append(article.revisions, number, { cid, kind, index });
  if (kind !== 'rerender') article.isRetracted = kind === 'retraction';
  for (const each of withheld) {
    if (each >= number) throw new Refused(`revision ${number} withholds revision ${each}`);
    article.withheld.add(each);
  }
  articles.set(id, article);
}

/** Numbers go up one by one. */
function append<T>(list: T[], number: number, value: T): void {
  if (number !== list.length + 1) throw new Refused(`number ${number} after ${list.length}`);
  list.push(value);
}
