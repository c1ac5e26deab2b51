import type { CID } from 'multiformats/cid';
import type { WitnessPolicy } from '../../log/witness-policy.ts';
import type { FoundOthers } from '../../node/retrieve/others.ts';
import type { RetrieveLimits } from '../../node/retrieve/retrieve-options.ts';
import type { Followed, FollowProblem } from '../../repo/followed.ts';
import type { ReaderMemories } from '../../repo/reader-memory.ts';
import type { Repository } from '../../repo/repository.ts';
import type { FollowTarget, Offers } from '../finding/offers.ts';
import type { Evidence } from '../verification/judging.ts';
import type { Patience, SyncTimes } from './patience.ts';

/** Most bytes that one sync fetches, unless said otherwise. */
export const MAX_GROWTH = 10 * 1024 ** 3;

export interface SyncEffects {
  repository: Repository;
  /** Asks everybody for the newest edition; see `findOffers`. */
  find(target: FollowTarget, options: { signal: AbortSignal }): Promise<Offers>;
  /** Who else may have blocks: peers, gateways and routers that are asked for everything. */
  others?: ((root: CID) => FoundOthers) | undefined;
  /** What the reader on this machine remembers. */
  memories: ReaderMemories;
  policy: WitnessPolicy;
  /** Held while what was fetched is stored, so that garbage collection does not run in between. */
  lock(): Promise<AsyncDisposable>;
  /** Folder of what has come in and is not whole yet. */
  dir: string;
  /** Bytes that may come new; nothing is stored beyond them. */
  maxGrowth: number;
  /** Finds and judges by the documents alone; nothing is stored or remembered. */
  dryRun: boolean;
  now: Date;
  signal: AbortSignal;
  limits?: Partial<RetrieveLimits> | undefined;
  /** How long others are waited for. */
  times?: Partial<SyncTimes> | undefined;
  /** See `Evidence`. */
  startJudge?: Evidence['startJudge'];
  onProgress?:
    | ((what: 'blocks' | 'articles', done: number, total: number, bytes: number) => void)
    | undefined;
}

/** What one look is done with. */
export interface LookEffects extends SyncEffects {
  patience: Patience;
}

/** What a sync came to. */
export interface SyncReport {
  publication: string;
  /** `kept`: nothing better was found, or it was refused; why is in `problem`. */
  outcome: 'moved' | 'same' | 'kept';
  /** Root of the edition before. */
  from: string | null;
  edition: string | null;
  sequence: number | null;
  fetched: { blocks: number; bytes: number };
  held: { bytes: number; whole: boolean; left: Followed['left'] };
  problem: Pick<FollowProblem, 'code' | 'message'> | null;
  /** Path of the file with the documents of a refusal. */
  evidence: string | null;
  failures: { from: string; why: string }[];
}
