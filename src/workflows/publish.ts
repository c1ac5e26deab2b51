import type { Manifest } from '../manifest/manifest.ts';
import type { StoredArticle } from '../repo/article-row.ts';
import type { Head } from '../repo/head.ts';
import { noteLastClock } from '../repo/last-clock.ts';
import type { Repository } from '../repo/repository.ts';
import { formatInstant } from '../trust/instant.ts';
import type { Block } from '../unixfs/block.ts';
import { BlockBatch } from './publishing/batch.ts';
import { checkpointSigners } from './publishing/checkpoint-signers.ts';
import { commitPublication } from './publishing/commit.ts';
import { decodePictures } from './publishing/decode-pictures.ts';
import { makeRevisions, prepareBundles } from './publishing/due-revisions.ts';
import { type Ending, SIGNED_HERE } from './publishing/ending.ts';
import { headStands } from './publishing/head-stands.ts';
import { NewPages } from './publishing/new-pages.ts';
import { closeEdition, makeTrees, openPrevious } from './publishing/next-edition.ts';
import { growLog } from './publishing/next-log.ts';
import { noteSources } from './publishing/note-sources.ts';
import { pagesStand } from './publishing/pages-stand.ts';
import { planReleased, type ReleasedPlan } from './publishing/plan-released.ts';
import { type PublishEffects, type PublishOptions, step } from './publishing/publish-effects.ts';
import { type PublishReport, reportPublication } from './publishing/report.ts';
import { makeRerendered, planRerender } from './publishing/rerender.ts';
import { addShared } from './publishing/shared.ts';
import { themeOf } from './publishing/theme.ts';
import { noteShown, requireNewest } from './seen-checkpoints.ts';
import { requireWholeLog } from './witnessing/require-whole-log.ts';

export {
  PUBLISH_STEPS,
  type PublishEffects,
  type PublishOptions,
  type PublishStep,
  type StepMoment,
} from './publishing/publish-effects.ts';

import { lockPaper } from './lock-paper.ts';

/**
 * Publishes what is new or changed: everything or nothing, whatever stops it.
 *
 * A crash before `commit` leaves the old edition and some blocks that nothing points at; after it the new edition.
 * `settle` only notes files' times, so that the next run need not read them.
 */
export async function publish(options: PublishOptions, effects: PublishEffects): Promise<PublishReport> {
  return await publishAs(SIGNED_HERE, options, effects);
}

/** {@link publish}, with another end: see `proposePublication` and `finishPublication`. */
export async function publishAs(
  ending: Ending,
  options: PublishOptions,
  effects: PublishEffects,
): Promise<PublishReport> {
  await using _lock = await lockPaper(effects);
  requireWholeLog(effects.repository);
  const released = await step(effects, 'plan', () => planDue(ending, options, effects));
  const { plan, rerendered = [] } = released;
  const head = effects.repository.head();
  const theme = await themeOf(effects.repository);
  const isIdle = plan.due.length === 0 && rerendered.length === 0;
  if (isIdle && head !== undefined && !ending.always && headStands(head, theme, effects)) {
    if (!options.dryRun) await step(effects, 'settle', async () => settle(effects.repository, released));
    return reportPublication('unchanged', effects.repository.publicationId, effects.repository, {
      head,
      ...released,
      staged: [],
      renewed: false,
      listUnchanged: options.listUnchanged,
    });
  }
  await step(effects, 'pictures', () => decodePictures(plan, options, effects));
  return await makeEdition(released, head, ending, options, effects);
}

async function makeEdition(
  released: PublishPlan,
  head: Head | undefined,
  ending: Ending,
  options: PublishOptions,
  effects: PublishEffects,
): Promise<PublishReport> {
  const { plan, rerendered } = released;
  const { listUnchanged } = options;
  const { repository, node, now, onProgress } = effects;
  const store = (blocks: readonly Block[]): Promise<void> => step(effects, 'store', () => node.put(blocks));
  const batch = new BlockBatch(async (blocks) => (options.dryRun ? undefined : store(blocks)));
  const pages = new NewPages({ keepsAll: options.dryRun });
  const shared = await addShared(repository, batch.add);
  const previous = head === undefined ? undefined : await openPrevious(head, node.read);
  await requireNewest(repository, previous, node.read);
  const theme = shared.theme?.cid ?? '';
  const renews = head !== undefined && !pagesStand(head, theme, repository);
  const context = {
    repository,
    head,
    previous,
    shared,
    ...pages.sources(node.read),
    renews,
    read: node.read,
    sink: batch.add,
  };
  const { mastheads } = shared;
  const signers = await effects.signers('edition');
  ending.expect(mastheads, signers);
  const asking = new AbortController();
  const shown = options.dryRun ? undefined : effects.shownLogs?.(asking.signal);
  try {
    const revisions = await step(effects, 'bundles', () =>
      rerendered === undefined
        ? makeRevisions(plan, shared, ending, { batch, pages }, effects)
        : makeRerendered(rerendered, shared, ending, { batch, pages }, effects),
    );
    const staged = revisions.map((revision) => revision.staged);
    const changes = revisions.map(({ change }) => change);
    const trees = await step(effects, 'edition', () =>
      makeTrees(context, changes, (done, total) => onProgress?.('edition', done, total)),
    );
    if (shown !== undefined) {
      await noteShown(repository, await shown, { previous, read: node.read, now });
      await requireNewest(repository, previous, node.read);
    }
    const log = await step(effects, 'log', async () => {
      const logSigners = checkpointSigners(context, await effects.signers('log'));
      return growLog(context, staged, logSigners, formatInstant(now));
    });
    const next = await step(effects, 'manifest', async () => {
      const sign = (manifest: Manifest): Uint8Array => ending.sign(manifest, mastheads, signers);
      const closed = await closeEdition(context, trees, log, sign, now);
      await batch.flush();
      return closed;
    });
    const result = {
      ...{ head: next, trees, log, theme, staged, ...released },
      ...{ previous: previous?.manifest, renewed: renews, listUnchanged },
    };
    if (!options.dryRun && ending.commits) {
      const midway = (): void => effects.onStep?.('commit', 'within');
      await step(effects, 'commit', async () => commitPublication(repository, result, midway));
      await step(effects, 'settle', async () => settle(repository, { plan }));
    }
    const status = staged.length === 0 && head !== undefined ? 'refreshed' : 'published';
    return reportPublication(status, shared.publication.id, repository, result);
  } finally {
    asking.abort();
    repository.articles.discardStaged();
  }
}

/** What is to be published: of sources, or of what is published already. */
interface PublishPlan extends ReleasedPlan {
  rerendered?: readonly StoredArticle[];
}

async function planDue(
  ending: Ending,
  options: PublishOptions,
  effects: PublishEffects,
): Promise<PublishPlan> {
  const { rerender } = options;
  if (rerender === undefined) return planReleased(effects, planOptions(ending, options, effects));
  const { plan, due } = await planRerender(rerender, effects);
  return { plan, doubt: undefined, note: undefined, rerendered: due };
}

function planOptions(
  ending: Ending,
  { paths, allowFuture, drafts }: PublishOptions,
  effects: PublishEffects,
): Parameters<typeof planReleased>[1] {
  const { repository, revisions, now, signal, onProgress } = effects;
  return {
    paths: paths.length === 0 ? [repository.articlesDir] : paths,
    whole: paths.length === 0,
    allowFuture,
    drafts,
    now,
    signal,
    onDue: (due, expected) => revisions.expect(due, expected, () => prepareBundles(ending, effects)),
    onProgress: (done, total) => onProgress?.('plan', done, total),
  };
}

/** Notes the times of files that were read and found the same, or moved, and how the clock stands. */
function settle(
  repository: Repository,
  { plan, note }: Pick<ReleasedPlan, 'plan'> & Partial<Pick<ReleasedPlan, 'note'>>,
): void {
  if (plan.records.length === 0 && note === undefined) return;
  repository.transaction(() => {
    if (plan.records.length > 0) noteSources(repository, plan.records, plan.moved);
    if (note !== undefined) noteLastClock(repository.meta, note);
  });
}
