import { CID } from 'multiformats/cid';
import { OvnError } from '../../errors.ts';
import type { LogFold } from '../../log/fold.ts';
import type { ManifestCategory } from '../../manifest/manifest.ts';
import type { Repository } from '../../repo/repository.ts';
import type { BlockReader } from '../../unixfs/block.ts';
import { countDag } from '../measure-dag.ts';
import { readArticle } from '../read-article.ts';
import { type FollowedPaper, openPapers } from './followed-paper.ts';

/** An article of a publication that is followed, all or the record of which is held. */
export interface ListedArticle {
  publication: string;
  id: string;
  headline: string;
  datePublished: string;
  /** Slugs. */
  categories: string[];
  status: 'published' | 'retracted';
  revision: number;
  cid: string;
}

/** What of a publication that is followed is held: its articles, and how many there are besides. */
export interface HeldList {
  articles: ListedArticle[];
  /** Articles that the log tells and that are not held. */
  left: number;
}

/** A category as the manifest has it, and how much of it is held. */
export type ListedCategory = ManifestCategory & { held: 'whole' | 'part' | 'none' };

export interface ListEffects {
  repository: Pick<Repository, 'followed'>;
  /** What is here. */
  read: BlockReader;
  signal: AbortSignal;
}

/**
 * The newest revisions that are held, newest day first, within a day by id.
 *
 * @param publication one that is followed; all of them where none is named.
 * @throws {OvnError} `not-found` for one that is not followed, or a category that none of them has.
 */
export async function listHeldArticles(
  { publication, category, limit }: { publication?: string; category?: string; limit?: number },
  effects: ListEffects,
): Promise<HeldList> {
  const papers = await choosePapers(publication, effects);
  if (category !== undefined) requireCategory(papers, category);
  const list: HeldList = { articles: [], left: 0 };
  for (const paper of papers) await listPaper(paper, category, list, effects);
  list.articles.sort(newestFirst);
  return { ...list, articles: list.articles.slice(0, limit) };
}

/**
 * The categories of a publication, and how much of each is held.
 *
 * @throws {OvnError} `usage` where several are followed and none is named; `not-found`.
 */
export async function listHeldCategories(
  publication: string | undefined,
  effects: ListEffects,
): Promise<Record<string, ListedCategory>> {
  const papers = await choosePapers(publication, effects);
  const [paper] = papers;
  if (paper === undefined) return {};
  if (papers.length > 1) {
    const ids = papers.map(({ followed }) => followed.publication).join(', ');
    throw new OvnError('usage', `several publications are followed: ${ids}`, {
      hint: 'Name one with --publication.',
    });
  }
  const listed: Record<string, ListedCategory> = {};
  for (const [slug, category] of Object.entries(paper.manifest.categories))
    listed[slug] = { ...category, held: await heldOf(CID.parse(category.cid), effects) };
  return listed;
}

async function choosePapers(
  publication: string | undefined,
  { repository, read }: ListEffects,
): Promise<FollowedPaper[]> {
  const papers = await openPapers(repository, read);
  if (publication === undefined) return papers;
  const found = papers.filter(({ followed }) => followed.publication === publication);
  if (found.length > 0) return found;
  throw new OvnError('not-found', `nothing is held of ${publication}`, {
    hint: 'ovn follow lists what is followed.',
  });
}

function requireCategory(papers: readonly FollowedPaper[], category: string): void {
  if (papers.some(({ manifest }) => Object.hasOwn(manifest.categories, category))) return;
  throw new OvnError('not-found', `there is no category ${category}`, { hint: 'ovn categories shows them.' });
}

async function listPaper(
  paper: FollowedPaper,
  category: string | undefined,
  list: HeldList,
  { read, signal }: ListEffects,
): Promise<void> {
  const { publication } = paper.followed;
  const articles: LogFold['articles'] = (await paper.fold())?.articles ?? new Map();
  for (const [id, { newest }] of articles) {
    signal.throwIfAborted();
    const record = await recordOf(newest.cid, read);
    if (record === undefined) list.left += 1;
    else if (category === undefined || record.categories.includes(category))
      list.articles.push({ publication, id, revision: newest.revision, cid: newest.cid, ...record });
  }
}

async function recordOf(
  cid: string,
  read: BlockReader,
): Promise<Pick<ListedArticle, 'headline' | 'datePublished' | 'categories' | 'status'> | undefined> {
  try {
    const { headline, datePublished, categories, status } = await readArticle(CID.parse(cid), read);
    return { headline, datePublished, categories: categories.map(({ slug }) => slug), status };
  } catch (error) {
    if (error instanceof OvnError && error.code === 'not-found') return undefined;
    throw error;
  }
}

async function heldOf(cid: CID, { read, signal }: ListEffects): Promise<ListedCategory['held']> {
  if ((await read(cid)) === undefined) return 'none';
  return (await countDag(cid, read, signal)).missing === 0 ? 'whole' : 'part';
}

function newestFirst(a: ListedArticle, b: ListedArticle): number {
  const [day, other] = [a.id.slice(0, 10), b.id.slice(0, 10)];
  if (day !== other) return day < other ? 1 : -1;
  if (a.id !== b.id) return a.id < b.id ? -1 : 1;
  return a.publication < b.publication ? -1 : 1;
}
