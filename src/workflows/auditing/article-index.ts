import { isDeepStrictEqual } from 'node:util';
import { CID } from 'multiformats/cid';
import type { Entry } from '../../edition/archive.ts';
import { entryOf } from '../../edition/entry.ts';
import type { Repository } from '../../repo/repository.ts';
import { resolvePath } from '../../unixfs/directory.ts';
import { readArticle } from '../read-article.ts';
import { Evidence, refusal } from '../verification/judging.ts';
import { listBundles } from '../verification/placed-bundles.ts';
import type { AuditEffects, AuditRule } from './rule.ts';

/** The index says of every article what the head edition holds, and of every category what its manifest says. */
export const indexAgrees: AuditRule = async (effects) => {
  const { repository, signal } = effects;
  const articles = repository.articles.list();
  const placed = await listPlaced(effects);
  for (const { source: _, ...indexed } of articles) {
    signal.throwIfAborted();
    const there = placed.get(indexed.id);
    if (there !== indexed.cid) {
      throw refusal(
        `${indexed.id} is indexed as ${indexed.cid}; the edition has ${there ?? 'no such article'}`,
      );
    }
    placed.delete(indexed.id);
    requireSame(indexed, await readEntry(indexed.cid, effects));
  }
  for (const id of placed.keys()) throw refusal(`${id} is in the edition and not in the index`);
  requireCategories(repository, articles);
  return `${articles.length} articles, indexed as the edition has them`;
};

async function listPlaced({ repository, read, now, signal }: AuditEffects): Promise<Map<string, string>> {
  const head = repository.head();
  if (head === undefined) return new Map();
  const evidence = new Evidence(read, { now, signal });
  const root = await evidence.directory(CID.parse(head.edition));
  const articles = root.find(({ name }) => name === 'articles');
  if (articles === undefined) throw refusal('the head edition has no articles/');
  const bundles = await listBundles(articles.cid, evidence, 'articles');
  return new Map(bundles.map(({ id, cid }) => [id, cid.toString()]));
}

async function readEntry(bundle: string, { read }: AuditEffects): Promise<Entry> {
  const cid = CID.parse(bundle);
  const link = await resolvePath(cid, [], read);
  if (link === undefined) throw refusal(`${bundle} is not there`);
  return entryOf(await readArticle(cid, read), link);
}

function requireSame(indexed: Entry, published: Entry): void {
  if (isDeepStrictEqual(indexed, published)) return;
  const members = Object.keys({ ...indexed, ...published }) as (keyof Entry)[];
  const wrong = members.filter((member) => !isDeepStrictEqual(indexed[member], published[member]));
  throw refusal(`${published.id} is indexed with another ${wrong.join(', ')} than its bundle has`);
}

function requireCategories(repository: Repository, articles: readonly Entry[]): void {
  const archive = repository.articles.archive();
  if (archive.count() !== articles.length) {
    throw refusal(`${archive.count()} articles are counted, and ${articles.length} are indexed`);
  }
  const counted = archive.categories().map(({ slug, ...state }) => [slug, state] as const);
  const listed = Object.entries(repository.categories()).map(
    ([slug, { cid: _, ...state }]) => [slug, state] as const,
  );
  if (!isDeepStrictEqual(new Map(counted), new Map(listed))) {
    throw refusal('the categories of the index are not those of the manifest');
  }
  for (const [slug] of counted) {
    const inside = articles.filter(({ categories }) => categories.some((category) => category.slug === slug));
    const ids = repository.articles.list({ category: slug }).map(({ id }) => id);
    if (
      isDeepStrictEqual(
        ids,
        inside.map(({ id }) => id),
      )
    )
      continue;
    throw refusal(`the category ${slug} of the index does not hold exactly its articles`);
  }
}
