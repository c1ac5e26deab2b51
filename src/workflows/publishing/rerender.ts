import { CID } from 'multiformats/cid';
import type { ArticleDocument } from '../../article/document.ts';
import { rerenderBundle, type StoredBundle, wouldLookOther } from '../../bundle/rerender-bundle.ts';
import { entryOf } from '../../edition/entry.ts';
import { OvnError } from '../../errors.ts';
import type { StoredArticle } from '../../repo/article-row.ts';
import type { Repository } from '../../repo/repository.ts';
import type { BlockReader } from '../../unixfs/block.ts';
import { readDirectory } from '../../unixfs/directory.ts';
import { readBundleFile } from '../read-article.ts';
import { resolveTarget } from '../resolve-target.ts';
import type { BlockBatch } from './batch.ts';
import type { BundleContext, MadeRevision, Revision } from './bundles.ts';
import { type Desk, signArticle } from './desk.ts';
import { bundleContext } from './due-revisions.ts';
import type { Ending } from './ending.ts';
import type { NewPages } from './new-pages.ts';
import { emptyPlan, type Plan } from './plan.ts';
import type { PublishEffects } from './publish-effects.ts';
import { readPublished } from './published-revision.ts';
import { addShared, type Shared } from './shared.ts';

const YIELD_EVERY = 64;

/** Published articles whose pages would be others now. */
export interface RerenderPlan {
  due: StoredArticle[];
  /** What is not to be made anew, in the form of any other plan. */
  plan: Plan;
}

/**
 * Finds which published articles would have another page now: by another template of the program, another theme, or another name, tagline or
 * address of the outlet. Sources are not looked at. An article whose text is withheld stays as its notice was signed.
 *
 * @param wanted ids, slugs, sources, CIDs or addresses; none: every article.
 * @throws {OvnError} `not-found` for what is no published article; `usage` for one whose text is withheld.
 */
export async function planRerender(
  wanted: readonly string[],
  effects: PublishEffects,
): Promise<RerenderPlan> {
  const { repository, node, signal, onProgress } = effects;
  const shared = await addShared(repository, () => {});
  const articles = await chooseArticles(wanted, repository, node.read);
  const planned = emptyPlan();
  const due: StoredArticle[] = [];
  for (const [at, article] of articles.entries()) {
    if (await isDue(article, shared, effects, wanted.length > 0)) due.push(article);
    else planned.unchanged.push({ source: article.source, id: article.id });
    if (at % YIELD_EVERY > 0) continue;
    await new Promise(setImmediate);
    signal.throwIfAborted();
    onProgress?.('plan', at, articles.length);
  }
  return { due, plan: planned };
}

/** Makes what is due, stages it, and stores its blocks. */
export async function makeRerendered(
  due: readonly StoredArticle[],
  shared: Shared,
  ending: Ending,
  { batch, pages }: { batch: BlockBatch; pages: NewPages },
  effects: PublishEffects,
): Promise<Revision[]> {
  if (due.length === 0) return [];
  const context = await bundleContext(shared, { proofs: ending.proofs }, effects);
  const revisions: Revision[] = [];
  for (const [at, article] of due.entries()) {
    const made = await makeOne(article, context, effects);
    revisions.push({ staged: made.staged, change: made.change });
    pages.keep(made);
    for (const block of made.blocks) await batch.add(block);
    if (at % YIELD_EVERY > 0) continue;
    await new Promise(setImmediate);
    effects.signal.throwIfAborted();
    effects.onProgress?.('bundles', at, due.length);
  }
  effects.repository.articles.stage(revisions.map(({ staged }) => staged));
  await batch.flush();
  return revisions;
}

async function makeOne(
  published: StoredArticle,
  context: BundleContext,
  { repository, node }: PublishEffects,
): Promise<MadeRevision> {
  const before = await readBundle(published, repository, node.read);
  const bundle = await rerenderBundle(before, context, (document) => signAnew(document, context.desk));
  const { link, blocks, page, warnings } = bundle;
  const entry = entryOf(bundle.document, link);
  const { source } = published;
  // The source is as it was: what was due of it still is, and nothing else.
  const digest = repository.articles.history(published.id).at(-1)?.digest ?? '';
  const staged = { entry, source, digest, kind: 'rerender' as const };
  return { staged, change: { entry, link, former: published }, blocks, page, warnings };
}

/** As the desk signs, with other advice: what is made anew is not proposed. */
function signAnew(document: ArticleDocument, desk: Desk): ReturnType<typeof signArticle> {
  try {
    return signArticle(document, desk);
  } catch (error) {
    if (!(error instanceof OvnError) || error.code !== 'key') throw error;
    const hint = 'Name the articles that the keys here may sign: ovn publish --rerender ARTICLES.';
    throw new OvnError('key', error.message, { hint, cause: error });
  }
}

async function isDue(
  article: StoredArticle,
  shared: Shared,
  { repository, node }: PublishEffects,
  isNamed: boolean,
): Promise<boolean> {
  const document = await readPublished(repository, article);
  if (document.withheld !== undefined) {
    if (!isNamed) return false;
    throw new OvnError('usage', `the text of ${article.id} is withheld: its notice stays as it was signed`);
  }
  const page = await readBundleFile(CID.parse(article.cid), 'index.html', node.read);
  return wouldLookOther(document, page, shared);
}

async function readBundle(
  article: StoredArticle,
  repository: Repository,
  read: BlockReader,
): Promise<StoredBundle> {
  const document = await readPublished(repository, article);
  return { cid: article.cid, document, entries: await readDirectory(CID.parse(article.cid), read) };
}

async function chooseArticles(
  wanted: readonly string[],
  repository: Repository,
  read: BlockReader,
): Promise<StoredArticle[]> {
  if (wanted.length === 0) return repository.articles.list();
  const chosen = new Map<string, StoredArticle>();
  for (const what of wanted) {
    const { article } = await resolveTarget(repository, read, what);
    if (article === undefined)
      throw new OvnError('not-found', `${what} is no article that is published here`);
    chosen.set(article.id, article);
  }
  return [...chosen.values()];
}
