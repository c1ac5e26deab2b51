import { CID } from 'multiformats/cid';
import { OvnError } from '../errors.ts';
import type { ResolvedName, ResolveName } from '../node/names/resolve-name.ts';
import type { StoredArticle } from '../repo/article-row.ts';
import type { Repository } from '../repo/repository.ts';
import { namedSource } from '../repo/source-files.ts';
import type { BlockReader, Link } from '../unixfs/block.ts';
import { resolvePath } from '../unixfs/directory.ts';
import type { FindEdition } from './finding/find-edition.ts';
import { findOrPass, followOrFind, publicationOf } from './finding/found-target.ts';
import { domainPath, keptNames, namedPath } from './naming/named-address.ts';

/** What a name on the command line stands for. */
export interface Target {
  cid: CID;
  /** `cid`: named by its CID, whatever it is. The others name something that changes from edition to edition. */
  kind: 'cid' | 'article' | 'category' | 'edition';
  /** How messages call it. */
  name: string;
  /** The article of the index that it is, also when it was named by the CID of one of its revisions. */
  article?: StoredArticle;
  /** How a name or a domain led there, where it was named by one. */
  led?: ResolvedName;
  /** The publication, where it was named by its id. */
  publication?: string;
}

const ARTICLE_ID = /^\d{4}\/\d{2}\/\d{2}\/[^/]+$/;

/**
 * Finds what is meant by a CID, an `ipfs://` or `ipns://` address, a name, an article's id, slug or source file, a category's
 * slug, or a domain; with nothing given, the head edition, and in a mirror of one publication the edition of that.
 *
 * @param names how names and domains are followed; by the records that are here, where nothing is given.
 * @throws {OvnError} `not-found`, saying where was looked; `usage` when a slug stands for several; as `names` does.
 */
export async function resolveTarget(
  repository: Repository,
  read: BlockReader,
  what: string | undefined,
  names: Following = { resolve: keptNames(repository.names), signal: new AbortController().signal },
): Promise<Target> {
  if (what === undefined) return headEdition(repository);
  const publication = await byPublication(repository, read, what, names);
  if (publication !== undefined) return publication;
  const path = namedPath(what);
  if (path !== undefined) return byPath(repository, read, path, names);
  const domain = domainPath(what);
  return (
    (await byAddress(repository, read, what)) ??
    byName(repository, what) ??
    (await byFollowed(repository, read, what)) ??
    (domain === undefined ? undefined : await byPath(repository, read, domain, names)) ??
    raise(
      new OvnError(
        'not-found',
        `${what} is no CID, no file or folder, and no article or category of this repository`,
        {
          hint: 'ovn list and ovn categories show what is here. Others are asked for CIDs and names only.',
        },
      ),
    )
  );
}

/** The CID that an address begins with, and the path behind it; nothing where it is no address. */
export function parseAddress(what: string): { cid: CID; path: string[] } | undefined {
  const [text = '', ...path] = what.replace(/^ipfs:\/\/|^\/ipfs\//, '').split('/');
  try {
    return { cid: CID.parse(text), path: path.filter((segment) => segment !== '').map(decodeURIComponent) };
  } catch {
    return undefined;
  }
}

/** How names are followed. */
export interface Following {
  resolve: ResolveName;
  /** How publications are found by their ids and mirrors; absent where they are not. */
  find?: FindEdition | undefined;
  /** Whether what may be the CID of a file is the id of a publication first. */
  prefersIds?: boolean;
  signal: AbortSignal;
}

/** What a name or a domain leads to, and then as {@link byAddress}. */
async function byPath(
  repository: Repository,
  read: BlockReader,
  path: string,
  names: Following,
): Promise<Target> {
  const led = await followOrFind(path, read, names);
  const [, , root = '', ...rest] = led.path.split('/');
  const target = await atAddress(repository, read, {
    cid: CID.parse(root),
    path: rest.filter((segment) => segment !== ''),
  });
  return { ...target, name: path, led };
}

/** A publication by its id, or the address of a mirror: its newest edition, and what is below it. */
async function byPublication(
  repository: Repository,
  read: BlockReader,
  what: string,
  names: Following,
): Promise<Target | undefined> {
  const found = await publicationOf(what, names);
  if (found === undefined) return undefined;
  const { target, path } = found;
  const { publication } = target;
  const byId = publication === undefined ? {} : { publication };
  const isOwn = publication !== undefined && publication === repository.ownId;
  if (isOwn && target.urls.length === 0) {
    const head = headEdition(repository);
    const isWhole = path.length === 0;
    return { ...(isWhole ? head : await atAddress(repository, read, { cid: head.cid, path })), ...byId };
  }
  const led = await findOrPass(found, { read, here: (cid) => repository.blockstore.has(cid), names });
  if (led === undefined) return undefined;
  const cid = CID.parse(led.path.split('/')[2] ?? '');
  return { ...(await atAddress(repository, read, { cid, path })), ...byId, name: what, led };
}

function headEdition(repository: Repository): Target {
  const head = repository.head();
  const only = repository.followed.list();
  const [first] = only;
  if (head === undefined && repository.isMirror && only.length === 1 && first?.edition != null)
    return { cid: CID.parse(first.edition), kind: 'edition', name: `edition ${first.sequence}` };
  if (head === undefined && repository.isMirror) {
    throw new OvnError('usage', `this mirror follows ${only.length} publications: name what is meant`, {
      hint: 'ovn follow lists them.',
    });
  }
  if (head === undefined) {
    throw new OvnError('not-found', 'nothing is published yet', {
      hint: 'ovn publish makes the first edition.',
    });
  }
  return { cid: CID.parse(head.edition), kind: 'edition', name: `edition ${head.sequence}` };
}

async function byAddress(
  repository: Repository,
  read: BlockReader,
  what: string,
): Promise<Target | undefined> {
  const address = parseAddress(what);
  return address === undefined ? undefined : atAddress(repository, read, address);
}

async function atAddress(
  repository: Repository,
  read: BlockReader,
  address: { cid: CID; path: string[] },
): Promise<Target> {
  if ((await read(address.cid)) === undefined) {
    await requireNotHeld(repository, address.cid, `${address.cid}`);
    throw new OvnError('not-found', `${address.cid} is not in this repository`, {
      hint: 'Nobody else was asked. --gateway, --peer and --router of get, verify and import name who may have it.',
    });
  }
  const link = await resolveHeld(repository, read, address);
  if (link === undefined)
    throw new OvnError('not-found', `${address.cid} has nothing at ${address.path.join('/')}`);
  const known = repository.articles.byCid(link.cid.toString());
  const article = known === undefined ? undefined : repository.articles.get(known.id);
  return {
    cid: link.cid,
    kind: 'cid',
    name: link.cid.toString(),
    ...(article === undefined ? {} : { article }),
  };
}

/** What lies at a path; a block of it that is not here may be of the part of an edition that others hold. */
async function resolveHeld(
  repository: Repository,
  read: BlockReader,
  { cid, path }: { cid: CID; path: string[] },
): Promise<Link | undefined> {
  const what = [cid, ...path].join('/');
  try {
    const link = await resolvePath(cid, path, read);
    if (link !== undefined && (await read(link.cid)) === undefined)
      await requireNotHeld(repository, cid, what);
    return link;
  } catch (error) {
    if (error instanceof OvnError && error.code === 'not-found') await requireNotHeld(repository, cid, what);
    throw error;
  }
}

/** @throws {OvnError} `not-held`, where it is known to be of a publication of which a part is held here. */
async function requireNotHeld(repository: Repository, cid: CID, what: string): Promise<void> {
  if (repository.followed.isEmpty()) return;
  const { findPartly, notHeld } = await import('./holding/not-held.ts');
  const here: BlockReader = async (block) => repository.blockstore.getBytes(block);
  const paper = await findPartly(repository, here, cid);
  if (paper !== undefined) throw notHeld(what, paper);
}

/** By what is followed, where anything is: for most repositories nothing is loaded. */
async function byFollowed(
  repository: Repository,
  read: BlockReader,
  what: string,
): Promise<Target | undefined> {
  if (repository.followed.isEmpty()) return undefined;
  const { findFollowed } = await import('./holding/find-followed.ts');
  return findFollowed(repository, read, what);
}

function byName(repository: Repository, what: string): Target | undefined {
  const articles = findArticles(repository, what);
  if (articles.length > 1) {
    throw new OvnError(
      'usage',
      `${what} is the slug of ${articles.length} articles: ${articles.map(({ id }) => id).join(', ')}`,
      {
        hint: 'Name one of them by its id.',
      },
    );
  }
  const [article] = articles;
  if (article !== undefined)
    return { cid: CID.parse(article.cid), kind: 'article', name: article.id, article };
  const categories = repository.categories();
  const category = Object.hasOwn(categories, what) ? categories[what] : undefined;
  return category === undefined ? undefined : { cid: CID.parse(category.cid), kind: 'category', name: what };
}

function findArticles(repository: Repository, what: string): StoredArticle[] {
  if (ARTICLE_ID.test(what)) return present(repository.articles.get(what));
  const source = present(repository.articles.bySource(namedSource(repository, what)));
  return source.length > 0 ? source : repository.articles.bySlug(what);
}

function present<T>(value: T | undefined): T[] {
  return value === undefined ? [] : [value];
}

function raise(error: Error): never {
  throw error;
}
