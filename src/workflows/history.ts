import { CID } from 'multiformats/cid';
import { addedCorrections } from '../article/differences.ts';
import type { ArticleDocument, CorrectionKind } from '../article/document.ts';
import { OvnError } from '../errors.ts';
import type { EventKind } from '../repo/events.ts';
import type { Repository } from '../repo/repository.ts';
import type { BlockReader } from '../unixfs/block.ts';
import { readArticle } from './read-article.ts';
import { resolveTarget } from './resolve-target.ts';

/** One revision of an article, as `ovn history --json` lists it. */
export interface HistoryEntry {
  revision: number;
  cid: string;
  kind: EventKind;
  /** When it was published, UTC. */
  time: string;
  /** Of the edition in which it came. */
  sequence: number;
  /** Its index in the log. */
  entry: number | null;
  /** The corrections that came with it. None for an update without a stated reason, or where its text is withheld. */
  reasons: { type: CorrectionKind; date: string; text: string }[];
  /** Its text is not to be had any more. */
  withheld: boolean;
}

/** What `ovn history --json` prints. */
export interface HistoryReport {
  id: string;
  headline: string;
  status: 'published' | 'retracted';
  /** Oldest first. */
  revisions: HistoryEntry[];
}

/** @throws {OvnError} `not-found` for what is no article of this repository. */
export async function listHistory(
  what: string,
  { repository, read }: { repository: Repository; read: BlockReader },
): Promise<HistoryReport> {
  const { article } = await resolveTarget(repository, read, what);
  if (article === undefined) throw new OvnError('not-found', `${what} is no article that is published here`);
  const { id, headline, status } = article;
  const withheld = new Set(repository.articles.withheld(id).map(({ revision }) => revision));
  const revisions: HistoryEntry[] = [];
  let before: ArticleDocument | undefined;
  for (const { revision, cid, kind, time, sequence } of repository.articles.history(id)) {
    const isWithheld = withheld.has(revision);
    const document = isWithheld ? undefined : await readIfHeld(cid, read);
    const position = repository.events.ofRevision(id, revision)?.position;
    revisions.push({
      revision,
      cid,
      kind,
      time,
      sequence,
      entry: position === undefined ? null : position - 1,
      reasons: reasonsOf(before, document),
      withheld: isWithheld,
    });
    before = document;
  }
  return { id, headline, status, revisions };
}

function reasonsOf(
  before: ArticleDocument | undefined,
  document: ArticleDocument | undefined,
): HistoryEntry['reasons'] {
  const added = addedCorrections(before?.correction ?? [], document?.correction ?? []);
  return added.map(({ kind, datePublished, text }) => ({ type: kind, date: datePublished, text }));
}

async function readIfHeld(cid: string, read: BlockReader): Promise<ArticleDocument | undefined> {
  try {
    return await readArticle(CID.parse(cid), read);
  } catch (error) {
    if (error instanceof OvnError && error.code === 'not-found') return undefined;
    throw error;
  }
}
