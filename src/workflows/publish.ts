import type { Finding } from '../errors.ts';
import type { Manifest } from '../manifest/manifest.ts';
import type { Head } from '../repo/head.ts';
import type { Repository } from '../repo/repository.ts';
import { formatInstant } from '../trust/instant.ts';
import type { Signer } from '../trust/proof.ts';
import { requireKeys } from '../trust/select-key.ts';
import type { Block, BlockReader } from '../unixfs/block.ts';
import type { ShownLog } from './finding/shown-logs.ts';
import { BlockBatch } from './publishing/batch.ts';
import type { BundleContext, Revision } from './publishing/bundles.ts';
import { checkpointSigners } from './publishing/checkpoint-signers.ts';
import { commitPublication } from './publishing/commit.ts';
import { type Ending, SIGNED_HERE } from './publishing/ending.ts';
import type { RevisionMaker } from './publishing/make-revisions.ts';
import { closeEdition, makeTrees, openPrevious } from './publishing/next-edition.ts';
import { growLog } from './publishing/next-log.ts';
import { noteSources } from './publishing/note-sources.ts';
import type { Plan } from './publishing/plan.ts';
import { planPublication } from './publishing/plan-publication.ts';
import { type PublishReport, reportPublication } from './publishing/report.ts';
import { addShared, type Shared } from './publishing/shared.ts';
import { noteShown, requireNewest } from './seen-checkpoints.ts';
import { requireWholeLog } from './witnessing/require-whole-log.ts';

/**
 * The steps of a publication in their order; what a crash leaves behind is said at each in {@link publish}. `store` is
 * part of `bundles`, `edition`, `log` and `manifest`, and comes as often as a batch of blocks is full. `witness` is what
 * `witnessHead` does.
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
  'witness',
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
  /**
   * The keys here that a masthead names, or once named, in a role; none where they are all elsewhere. Which of them sign is
   * not their choice. Asked for only when there is something to sign.
   */
  signers(role: 'desk' | 'edition' | 'log'): Promise<readonly Signer[]>;
  /** Held from the first look to the commit, so that publications queue. */
  lock(): Promise<AsyncDisposable>;
  /** {@link makeHere}, or the same work on two threads. */
  revisions: RevisionMaker;
  now: Date;
  signal: AbortSignal;
  /** Told before and after each step, and within `commit` and `witness`. */
  onStep?: (step: PublishStep, moment: StepMoment) => void;
  onProgress?: (step: PublishStep, done: number, total: number) => void;
  /** What mirrors show of the own log, as `shownLogs` finds it; absent where none is configured. It never fails. */
  shownLogs?: ((signal: AbortSignal) => Promise<readonly ShownLog[]>) | undefined;
}

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
  await using _lock = await effects.lock();
  requireWholeLog(effects.repository);
  const plan = await step(effects, 'plan', () =>
    planPublication(effects.repository, planOptions(ending, options, effects)),
  );
  const head = effects.repository.head();
  if (plan.due.length === 0 && head !== undefined && !ending.always && stands(head, effects)) {
    if (!options.dryRun) await step(effects, 'settle', async () => settle(effects.repository, plan));
    return reportPublication('unchanged', effects.repository.publicationId, effects.repository, {
      head,
      plan,
      staged: [],
      listUnchanged: options.listUnchanged,
    });
  }
  return await makeEdition(plan, head, ending, options, effects);
}

async function makeEdition(
  plan: Plan,
  head: Head | undefined,
  ending: Ending,
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
  const { mastheads } = shared;
  const signers = await effects.signers('edition');
  ending.expect(mastheads, signers);
  const asking = new AbortController();
  const shown = options.dryRun ? undefined : effects.shownLogs?.(asking.signal);
  try {
    const revisions = await step(effects, 'bundles', () =>
      makeRevisions(plan, shared, ending, batch, effects),
    );
    const staged = revisions.map((revision) => revision.staged);
    const changes = revisions.map(({ change }) => change);
    repository.articles.stage(staged);
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
    const result = { head: next, trees, log, staged, plan, listUnchanged: options.listUnchanged };
    if (!options.dryRun && ending.commits) {
      const midway = (): void => effects.onStep?.('commit', 'within');
      await step(effects, 'commit', async () => commitPublication(repository, result, midway));
      await step(effects, 'settle', async () => settle(repository, plan));
    }
    const status = staged.length === 0 && head !== undefined ? 'refreshed' : 'published';
    return reportPublication(status, shared.publication.id, repository, result);
  } finally {
    asking.abort();
    repository.articles.discardStaged();
  }
}

/** Whether the head can go on as it is: it is current for long enough, and names the newest masthead. */
function stands(head: Head, { repository, now }: PublishEffects): boolean {
  if (needsRefresh(head, now)) return false;
  const { masthead } = repository.manifestOf(head);
  return masthead.cid === repository.mastheads().at(-1)?.cid;
}

/** Half of a manifest's life is left at the least after a publication. */
function needsRefresh(head: Head, now: Date): boolean {
  const left = Date.parse(head.expires) - now.getTime();
  return left < (Date.parse(head.expires) - Date.parse(head.issued)) / 2;
}

function planOptions(
  ending: Ending,
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
    onDue: (due) => revisions.expect(due, () => prepareBundles(ending, effects)),
    onProgress: (done, total) => onProgress?.('plan', done, total),
  };
}

/** What revisions are made with, before anything is stored. */
async function prepareBundles(ending: Ending, effects: PublishEffects): Promise<BundleContext> {
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
  return { ...shared, root: effects.repository.dir, desk: { role, signers, proofs } };
}

async function makeRevisions(
  { due, warnings }: Plan,
  shared: Shared,
  ending: Ending,
  batch: BlockBatch,
  effects: PublishEffects,
): Promise<Revision[]> {
  if (due.length === 0) return [];
  const context = await bundleContext(shared, { proofs: ending.proofs }, effects);
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
