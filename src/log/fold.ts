import { OvnError } from '../errors.ts';
import {
  type EditionEntry,
  type LogEntry,
  type MastheadEntry,
  parseEntry,
  type RevisionEntry,
  type RevisionKind,
} from './entry.ts';
import type { IndexedEntry } from './tile-tree.ts';

/** A revision as the log has it. */
export interface LoggedRevision {
  revision: number;
  /** Of the bundle. */
  cid: string;
  kind: RevisionKind;
  /** UTC, whole seconds. */
  time: string;
  /** Of its entry in the log. */
  index: number;
}

/** An article as the log has it. */
export interface LoggedArticle {
  newest: LoggedRevision;
  /** Revision n stands in place n - 1. */
  earlier: LoggedRevision[];
  /** Whether the newest revision that was more than a new rendering is a retraction. */
  retracted: boolean;
  /** Revisions whose text was withheld, by any retraction so far: what was once withheld stays so. */
  withheld: Set<number>;
}

/** What a log says as a whole, up to some entry. */
export interface LogFold {
  /** Entries that are in it. */
  size: number;
  /** Version n stands in place n - 1. */
  mastheads: { version: number; cid: string; time: string; index: number }[];
  /** Sequence n stands in place n - 1. */
  editions: { sequence: number; cid: string; index: number }[];
  /** By article id. */
  articles: Map<string, LoggedArticle>;
}

/** The fold of a log without entries. */
export function emptyFold(): LogFold {
  return { size: 0, mastheads: [], editions: [], articles: new Map() };
}

/**
 * Puts one more entry into a fold, in place: a log of a million entries cannot be copied with each. A refused
 * entry leaves it as it was.
 *
 * @throws {OvnError} `refused` when it cannot follow the entries before it: a gap, a second `publish`, a
 * revision of an article that is not there, an entry before masthead 1.
 */
export function applyEntry(fold: LogFold, index: number, entry: LogEntry): void {
  if (index !== fold.size) throw refusal(index, `not the one after the ${fold.size} before it`);
  if (entry.kind === 'masthead') applyMasthead(fold, index, entry);
  else if (fold.mastheads.length === 0) throw refusal(index, 'the log does not begin with masthead 1');
  else if (entry.kind === 'edition') applyEdition(fold, index, entry);
  else applyRevision(fold, index, entry);
  fold.size++;
}

/**
 * Replays entries, in their order, on top of a fold.
 *
 * @throws {OvnError} as {@link applyEntry} and {@link parseEntry} do, naming the entry.
 */
export async function foldEntries(fold: LogFold, entries: AsyncIterable<IndexedEntry>): Promise<void> {
  for await (const { index, bytes } of entries) applyEntry(fold, index, parseAt(index, bytes));
}

function applyMasthead({ mastheads }: LogFold, index: number, { version, cid, time }: MastheadEntry): void {
  requireNext(index, 'masthead', version, mastheads.length);
  mastheads.push({ version, cid, time, index });
}

function applyEdition({ editions }: LogFold, index: number, { sequence, cid }: EditionEntry): void {
  requireNext(index, 'edition', sequence, editions.length);
  editions.push({ sequence, cid, index });
}

function applyRevision({ articles }: LogFold, index: number, entry: RevisionEntry): void {
  const { article: id, revision, cid, kind, time, withheld = [] } = entry;
  const article = articles.get(id);
  if (kind === 'publish' && article !== undefined) throw refusal(index, `${id} was published before`);
  if (kind !== 'publish' && article === undefined) throw refusal(index, `${id} was never published`);
  requireNext(index, `revision of ${id}`, revision, article?.newest.revision ?? 0);
  const newest = { revision, cid, kind, time, index };
  if (article === undefined) {
    articles.set(id, { newest, earlier: [], retracted: false, withheld: new Set() });
    return;
  }
  article.earlier.push(article.newest);
  article.newest = newest;
  if (kind !== 'rerender') article.retracted = kind === 'retraction';
  for (const each of withheld) article.withheld.add(each);
}

function requireNext(index: number, what: string, number: number, before: number): void {
  if (number !== before + 1) throw refusal(index, `${what} ${number} after ${before}`);
}

function parseAt(index: number, bytes: Uint8Array): LogEntry {
  try {
    return parseEntry(bytes);
  } catch (error) {
    if (!(error instanceof OvnError)) throw error;
    throw new OvnError(error.code, `entry ${index} of the log: ${error.message}`, { cause: error });
  }
}

function refusal(index: number, reason: string): OvnError {
  return new OvnError('refused', `entry ${index} of the log: ${reason}`);
}
