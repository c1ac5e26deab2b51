import type { Finding } from '../../errors.ts';
import { requireKeys } from '../../trust/select-key.ts';
import type { BlockBatch } from './batch.ts';
import type { BundleContext, Revision } from './bundles.ts';
import type { Ending } from './ending.ts';
import type { NewPages } from './new-pages.ts';
import type { DueArticle, Plan } from './plan.ts';
import type { PublishEffects } from './publish-effects.ts';
import { relatedOfDue } from './related-articles.ts';
import { addShared, publicationOf, type Shared } from './shared.ts';

/** What revisions are made with, before anything is stored. */
export async function prepareBundles(ending: Ending, effects: PublishEffects): Promise<BundleContext> {
  const shared = await addShared(effects.repository, () => {});
  return bundleContext(shared, { proofs: ending.proofs }, effects);
}

/** What revisions are made with, and who signs them: keys here, or `elsewhere`, where that is said or has been done. */
export async function bundleContext(
  shared: Shared,
  { proofs, elsewhere = Object.keys(proofs).length > 0 }: { proofs: Ending['proofs']; elsewhere?: boolean },
  effects: PublishEffects,
): Promise<BundleContext> {
  const { desk: role } = shared.mastheads.newest.masthead.roles;
  const signers = await effects.signers('desk');
  if (!elsewhere) requireKeys('desk', role, signers);
  const { repository } = effects;
  const site = publicationOf(repository, shared);
  return { ...shared, root: repository.dir, desk: { role, signers, proofs }, site };
}

/** Makes what is due, in the order of the plan, stages it, and stores its blocks. */
export async function makeRevisions(
  { due, warnings }: Plan,
  shared: Shared,
  ending: Ending,
  { batch, pages }: { batch: BlockBatch; pages: NewPages },
  effects: PublishEffects,
): Promise<Revision[]> {
  if (due.length === 0) return [];
  // What is held back is planned for a preview only, and never gets as far as this.
  if (due.some(({ held }) => held !== undefined))
    throw new Error('a source that is held back would be published');
  const context = await bundleContext(shared, { proofs: ending.proofs }, effects);
  const revisions: Revision[] = new Array(due.length);
  const warned: Finding[][] = new Array(due.length);
  let done = 0;
  const { articles } = effects.repository;
  const related = relatedOfDue(due, effects.repository);
  for await (const { at, made } of effects.revisions.make(due, context, related)) {
    for (const [index, revision] of made.entries()) {
      revisions[at + index] = { staged: revision.staged, change: revision.change };
      articles.complete(revision.staged);
      pages.keep(revision);
      warned[at + index] = revision.warnings;
      for (const block of revision.blocks) await batch.add(block);
      due[at + index] = withoutText(due[at + index]);
    }
    done += made.length;
    await new Promise(setImmediate);
    effects.signal.throwIfAborted();
    effects.onProgress?.('bundles', done, due.length);
  }
  warnings.push(...warned.flat());
  await batch.flush();
  return revisions;
}

/** An article of which nothing is needed any more but what a report says: the texts of ten thousand are a tenth of the memory. */
function withoutText(due: DueArticle | undefined): DueArticle {
  if (due === undefined) throw new Error('more revisions were made than were due');
  return { ...due, article: { ...due.article, body: '' }, media: [], previous: undefined };
}
