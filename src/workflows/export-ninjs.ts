import type { CID } from 'multiformats/cid';
import { linkOf } from '../edition/change.ts';
import { type NinjsItem, ninjsOf } from '../edition/metadata/ninjs.ts';
import { OvnError } from '../errors.ts';
import type { Repository } from '../repo/repository.ts';
import type { BlockReader } from '../unixfs/block.ts';
import { readArticle } from './read-article.ts';
import { resolveTarget } from './resolve-target.ts';

/** What is exported: the repository, and how its blocks are read. */
export interface NinjsEffects {
  repository: Repository;
  read: BlockReader;
}

/** Articles of an export, and whether one was asked for by itself. */
export interface NinjsExport {
  /** CIDs of their bundles, in the order in which they were named; of lists, newest first. */
  bundles: CID[];
  /** One document and no list. */
  isSingle: boolean;
}

/**
 * The articles that names stand for: articles by themselves, the newest revisions of all in a category, and of all there
 * are where nothing is named. Each once.
 *
 * @throws {OvnError} `not-found`; `usage` for what is neither.
 */
export async function findNinjs(
  what: readonly string[],
  { repository, read }: NinjsEffects,
): Promise<NinjsExport> {
  const found = new Map<string, CID>();
  const add = (cid: CID): void => void found.set(cid.toString(), cid);
  if (what.length === 0) for (const entry of repository.articles.list()) add(linkOf(entry).cid);
  let lists = what.length === 0;
  for (const name of what) {
    const target = await resolveTarget(repository, read, name);
    const isCategory = target.kind === 'category' && repository.articles.categoryNames().has(name);
    if (!isCategory && target.kind !== 'article' && target.kind !== 'cid') throw noArticle(name);
    lists ||= isCategory;
    if (!isCategory) add(target.cid);
    else for (const entry of repository.articles.list({ category: name })) add(linkOf(entry).cid);
  }
  return { bundles: [...found.values()], isSingle: !lists && found.size === 1 };
}

function noArticle(name: string): OvnError {
  return new OvnError('usage', `${name} is no article and no category of this repository`, {
    hint: 'ovn list and ovn categories show what is here. A whole edition is exported as a CAR.',
  });
}

/** The text of an export: one document, or an array with one document a line. */
export async function* writeNinjs(
  { bundles, isSingle }: NinjsExport,
  { read }: Pick<NinjsEffects, 'read'>,
): AsyncGenerator<Uint8Array> {
  const line = (text: string): Uint8Array => Buffer.from(`${text}\n`, 'utf8');
  if (!isSingle) yield line('[');
  for (const [at, cid] of bundles.entries()) {
    const item: NinjsItem = ninjsOf(await readArticle(cid, read), cid.toString());
    yield line(isSingle || at === bundles.length - 1 ? JSON.stringify(item) : `${JSON.stringify(item)},`);
  }
  if (!isSingle) yield line(']');
}
