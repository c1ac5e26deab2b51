import type { Finding } from '../errors.ts';
import type { Head } from '../repo/head.ts';
import type { Repository } from '../repo/repository.ts';
import { formatInstant } from '../trust/instant.ts';
import type { Signer } from '../trust/proof.ts';
import type { Block, BlockReader } from '../unixfs/block.ts';
import { BlockBatch } from './publishing/batch.ts';
import type { BundleContext, Revision } from './publishing/bundles.ts';
import { commitPublication } from './publishing/commit.ts';
import type { RevisionMaker } from './publishing/make-revisions.ts';
import { closeEdition, makeTrees, openPrevious } from './publishing/next-edition.ts';
import { growLog } from './publishing/next-log.ts';
import { noteSources } from './publishing/note-sources.ts';
import { type Plan, planPublication } from './publishing/plan.ts';
import { type PublishReport, reportPublication } from './publishing/report.ts';
import { addShared, type Shared } from './publishing/shared.ts';
import { requireNewest } from './seen-checkpoints.ts';

/**
 * The steps of a publication in their order; what a crash leaves behind is said at each in {@link publish}. `store` is
 * part of `bundles`, `edition`, `log` and `manifest`, and comes as often as a batch of blocks is full.
 */
export const PUBLISH_STEPS = [
  'plan',
  'bundles',
  'store',
  'edition',
  'log',
  'manifest',
  'commit',
  'settle',
] as const;
export type PublishStep = (typeof PUBLISH_STEPS)[number];
export type StepMoment = 'before' | 'within' | 'after';

export interface PublishOptions {
  /** Files and folders to consider; none: the whole folder of articles. */
  paths: readonly string[];
  dryRun: boolean;
  /** Publish articles dated more than a day ahead. */
  allowFuture: boolean;
  /** Name the articles that stay as they are in the report, one by one. */
  listUnchanged: boolean;
}

/** What a publication needs from outside. */
export interface PublishEffects {
  repository: Repository;
  node: { read: BlockReader; put(blocks: Iterable<Block>): Promise<void> };
  /** Asked for only when there is something to sign. */
  signer(role: 'desk' | 'edition' | 'log'): Promise<Signer>;
  /** Held from the first look to the commit, so that publications queue. */
  lock(): Promise<AsyncDisposable>;
  /** {@link makeHere}, or the same work on two threads. */
  revisions: RevisionMaker;
  now: Date;
  signal: AbortSignal;
  /** Told before and after each step, and within `commit`. */
  onStep?: (step: PublishStep, moment: StepMoment) => void;
  onProgress?: (step: PublishStep, done: number, total: number) => void;
}

/**
 * Publishes what is new or changed: everything or nothing, whatever stops it.
 *
 * A crash before `commit` leaves the old edition and some blocks that nothing points at; after it the new edition.
 * `settle` only notes files' times, so that the next run need not read them.
 */
export async function publish(options: PublishOptions, effects: PublishEffects): Promise<PublishReport> {
  await using _lock = await effects.lock();
  const plan = await step(effects, 'plan', () =>
    planPublication(effects.repository, planOptions(options, effects)),
  );
  const head = effects.repository.head();
  if (plan.due.length === 0 && head !== undefined && !needsRefresh(head, effects.now)) {
    if (!options.dryRun) await step(effects, 'settle', async () => settle(effects.repository, plan));
    return reportPublication('unchanged', effects.repository.publicationId, effects.repository, {
      head,
      plan,
      staged: [],
      listUnchanged: options.listUnchanged,
    });
  }
  return await makeEdition(plan, head, options, effects);
}

async function makeEdition(
  plan: Plan,
  head: Head | undefined,
  options: PublishOptions,
  effects: PublishEffects,
): Promise<PublishReport> {
  const { repository, node, now, onProgress } = effects;
  const store = (blocks: readonly Block[]): Promise<void> => step(effects, 'store', () => node.put(blocks));
  const batch = new BlockBatch(async (blocks) => (options.dryRun ? undefined : store(blocks)));
  const shared = await addShared(repository, batch.add);
  const previous = head === undefined ? undefined : await openPrevious(head, node.read);
  await requireNewest(repository, previous, node.read);
  const context = { repository, head, previous, shared, read: node.read, sink: batch.add };
  try {
    const revisions = await step(effects, 'bundles', () => makeRevisions(plan, shared, batch, effects));
    const staged = revisions.map((revision) => revision.staged);
    const changes = revisions.map(({ change }) => change);
    repository.articles.stage(staged);
    const trees = await step(effects, 'edition', () =>
      makeTrees(context, changes, (done, total) => onProgress?.('edition', done, total)),
    );
    const log = await step(effects, 'log', async () =>
      growLog(context, staged, [await effects.signer('log')], formatInstant(now)),
    );
    const next = await step(effects, 'manifest', async () => {
      const closed = await closeEdition(context, trees, log, await effects.signer('edition'), now);
      await batch.flush();
      return closed;
    });
    const result = { head: next, trees, log, staged, plan, listUnchanged: options.listUnchanged };
    if (!options.dryRun) {
      const midway = (): void => effects.onStep?.('commit', 'within');
      await step(effects, 'commit', async () => commitPublication(repository, result, midway));
      await step(effects, 'settle', async () => settle(repository, plan));
    }
    const status = staged.length === 0 && head !== undefined ? 'refreshed' : 'published';
    return reportPublication(status, shared.publication.id, repository, result);
  } finally {
    repository.articles.discardStaged();
  }
}

/** Half of a manifest's life is left at the least after a publication. */
function needsRefresh(head: Head, now: Date): boolean {
  const left = Date.parse(head.expires) - now.getTime();
  return left < (Date.parse(head.expires) - Date.parse(head.issued)) / 2;
}

function planOptions(
  { paths, allowFuture }: PublishOptions,
  effects: PublishEffects,
): Parameters<typeof planPublication>[1] {
  const { repository, revisions, now, signal, onProgress } = effects;
  return {
    paths: paths.length === 0 ? [repository.articlesDir] : paths,
    whole: paths.length === 0,
    allowFuture,
    now,
    signal,
    onDue: (due) => revisions.expect(due, () => prepareBundles(effects)),
    onProgress: (done, total) => onProgress?.('plan', done, total),
  };
}

/** What revisions are made with, before anything is stored. */
async function prepareBundles(effects: PublishEffects): Promise<BundleContext> {
  const shared = await addShared(effects.repository, () => {});
  return { ...shared, root: effects.repository.dir, signer: await effects.signer('desk') };
}

async function makeRevisions(
  { due, warnings }: Plan,
  shared: Shared,
  batch: BlockBatch,
  effects: PublishEffects,
): Promise<Revision[]> {
  if (due.length === 0) return [];
  const context: BundleContext = {
    ...shared,
    root: effects.repository.dir,
    signer: await effects.signer('desk'),
  };
  const revisions: Revision[] = new Array(due.length);
  const warned: Finding[][] = new Array(due.length);
  let done = 0;
  for await (const { at, made } of effects.revisions.make(due, context)) {
    for (const [index, { staged, change, blocks, warnings: said }] of made.entries()) {
      revisions[at + index] = { staged, change };
      warned[at + index] = said;
      for (const block of blocks) await batch.add(block);
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

/** Notes the times of files that were read and found the same, or moved. */
function settle(repository: Repository, plan: Plan): void {
  if (plan.records.length === 0) return;
  repository.transaction(() => noteSources(repository, plan.records, plan.moved));
}

async function step<T>(effects: PublishEffects, name: PublishStep, work: () => Promise<T>): Promise<T> {
  effects.signal.throwIfAborted();
  effects.onStep?.(name, 'before');
  const result = await work();
  effects.onStep?.(name, 'after');
  return result;
}
