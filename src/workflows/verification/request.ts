import type { WitnessPolicy } from '../../log/witness-policy.ts';
import type { ResolveName } from '../../node/names/resolve-name.ts';
import type { Verdict } from '../../reader/verdict.ts';
import type { ReaderMemories } from '../../repo/reader-memory.ts';
import type { Repository } from '../../repo/repository.ts';
import type { Check } from '../../trust/check.ts';
import type { BlockReader } from '../../unixfs/block.ts';
import type { FindEdition } from '../finding/find-edition.ts';
import type { Retrieval } from '../retrieving/retrieval.ts';
import type { JudgeProgress } from './bundles.ts';
import type { Evidence } from './judging.ts';

/** What `ovn verify --json` prints. */
export interface VerifyReport {
  ok: boolean;
  target: string;
  /** The publication that it is genuine for; nothing where it is not. */
  publication: string | null;
  verdict: Verdict;
  checks: Check[];
  /** Path of the file that keeps the documents of a refusal which rests on two of them, to be shown to others. */
  evidence: string | null;
}

export interface VerifyOptions {
  what: string | undefined;
  /** The id that the reader expects. */
  publication: string | undefined;
  /** Whether what is genuine, and not confirmed as current, is refused. */
  requireCurrent: boolean;
}

export interface VerifyEffects {
  /** Absent where nothing of a repository is needed: a CAR file or a folder. */
  local: { repository: Repository; read: BlockReader } | undefined;
  /** Absent where nobody is asked for what is not here. */
  retrieval?: Retrieval | undefined;
  /** What the reader remembers; `undefined` where nothing is to be remembered, and nothing that was is to count. */
  memories: ReaderMemories | undefined;
  /** The witnesses that the reader trusts; with none, of the own publication those of ovn.json. */
  policy: WitnessPolicy;
  /** How names and domains are followed; by the records that are here, where nothing is given. */
  names?: ResolveName | undefined;
  /** How publications are found by their ids and mirrors; absent where they are not. */
  find?: FindEdition | undefined;
  now: Date;
  signal: AbortSignal;
  /** See `Evidence`. */
  startJudge?: Evidence['startJudge'];
  onProgress?: JudgeProgress;
}

/** What `ovn verify` says, and its exit code. */
export interface VerifyResult {
  report: VerifyReport;
  exitCode: number;
}
