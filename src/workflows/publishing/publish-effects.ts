import type { Repository } from '../../repo/repository.ts';
import type { Signer } from '../../trust/proof.ts';
import type { Block, BlockReader } from '../../unixfs/block.ts';
import type { ShownLog } from '../finding/shown-logs.ts';
import type { RevisionMaker } from './make-revisions.ts';
import type { PictureMaker } from './picture-maker.ts';
import type { ReleaseClock } from './release-clock.ts';

/**
 * The steps of a publication in their order; what a crash leaves behind is said at each in `publish`. `store` is
 * part of `bundles`, `edition`, `log` and `manifest`, and comes as often as a batch of blocks is full. `witness` is what
 * `witnessHead` does.
 */
export const PUBLISH_STEPS = [
  'plan',
  'pictures',
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
  /** What sources would say by then, by their paths; for a dry run. */
  drafts?: ReadonlyMap<string, string> | undefined;
  /** Name the articles that stay as they are in the report, one by one. */
  listUnchanged: boolean;
  /**
   * Publish no sources: make published articles anew whose pages would be others now, those that are named, or all. See
   * `planRerender`.
   */
  rerender?: readonly string[] | undefined;
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
  /** {@link picturesHere}, or the same work on other threads. */
  pictures: PictureMaker;
  /** What is published is dated by it; SOURCE_DATE_EPOCH can set it. */
  now: Date;
  /** What embargoes end by. */
  clock: ReleaseClock;
  signal: AbortSignal;
  /** Told before and after each step, and within `commit` and `witness`. */
  onStep?: (step: PublishStep, moment: StepMoment) => void;
  onProgress?: (step: PublishStep, done: number, total: number) => void;
  /** What mirrors show of the own log, as `shownLogs` finds it; absent where none is configured. It never fails. */
  shownLogs?: ((signal: AbortSignal) => Promise<readonly ShownLog[]>) | undefined;
}

/** One step of a publication, with what is told of it. */
export async function step<T>(
  effects: PublishEffects,
  name: PublishStep,
  work: () => Promise<T>,
): Promise<T> {
  effects.signal.throwIfAborted();
  effects.onStep?.(name, 'before');
  const result = await work();
  effects.onStep?.(name, 'after');
  return result;
}
