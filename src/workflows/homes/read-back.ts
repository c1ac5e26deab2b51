import { CID } from 'multiformats/cid';
import { OvnError } from '../../errors.ts';
import type { BlockSource } from '../../node/retrieve/source.ts';
import { verifyBlock } from '../../unixfs/hash.ts';
import type { HomeEffects } from './home-effects.ts';
import { sampleDag } from './sample-dag.ts';

/** For one block, in ms. */
const PATIENCE_MS = 30_000;
/** Asked for at once. */
const AT_ONCE = 8;

/** Whether what a home says it keeps can be had of it. */
export type ReadBack =
  | { read: true; via: string; blocks: number }
  /** `isMissing`: somebody said that it does not have a block, which is more than not answering. */
  | { read: false; problem: string; isMissing: boolean };

/** What is said where nobody can be asked. */
const NO_READER =
  'it was not read back: nothing is known to read it through; name a gateway with --gateway, or for good in ovn.json or by --read-at of ovn remote add';

/**
 * Fetches a sample of a DAG from outside, and hashes it: through the first of the readers that gives all of it. What is not here itself
 * cannot be compared.
 *
 * @throws the signal's reason
 */
export async function readBack(
  cid: string,
  readers: readonly BlockSource[],
  { read, random, signal }: Pick<HomeEffects, 'read' | 'random' | 'signal'>,
): Promise<ReadBack> {
  if (readers.length === 0) return { read: false, problem: NO_READER, isMissing: false };
  const sample = await sampleDag(CID.parse(cid), read, random).catch(unreadOf);
  if (!Array.isArray(sample)) return sample;
  const failures: { why: string; isMissing: boolean }[] = [];
  for (const reader of readers) {
    const failure = await firstFailure(reader, sample, signal);
    if (failure === undefined) return { read: true, via: reader.id, blocks: sample.length };
    failures.push({ why: `${reader.id}: ${failure.why}`, isMissing: failure.isMissing });
  }
  const problem = `it could not be read back: ${failures.map(({ why }) => why).join('; ')}`;
  return { read: false, problem: problem.slice(0, 1000), isMissing: failures[0]?.isMissing ?? false };
}

function unreadOf(error: unknown): ReadBack {
  if (!(error instanceof OvnError) || error.code !== 'incomplete') throw error;
  return { read: false, problem: `it was not read back: ${error.message}`, isMissing: false };
}

interface Failure {
  why: string;
  isMissing: boolean;
}

async function firstFailure(
  reader: BlockSource,
  sample: readonly CID[],
  signal: AbortSignal,
): Promise<Failure | undefined> {
  const queue = sample.values();
  let failure: Failure | undefined;
  const work = async (): Promise<void> => {
    for (const cid of queue) {
      if (failure !== undefined) return;
      const found = await tryBlock(reader, cid, signal);
      failure ??= found;
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, Math.max(reader.window, 1)) }, work));
  return failure;
}

async function tryBlock(reader: BlockSource, cid: CID, signal: AbortSignal): Promise<Failure | undefined> {
  const late = AbortSignal.timeout(PATIENCE_MS);
  try {
    const bytes = await reader.block(cid, { signal: AbortSignal.any([signal, late]) });
    if (bytes === undefined) return { why: `it does not have block ${cid}`, isMissing: true };
    return verifyBlock(cid, bytes)
      ? undefined
      : { why: `its bytes of ${cid} do not match the CID`, isMissing: true };
  } catch (error) {
    signal.throwIfAborted();
    const why = late.aborted ? `no block in ${PATIENCE_MS / 1000} s` : wordsOf(error);
    return { why, isMissing: false };
  }
}

function wordsOf(error: unknown): string {
  if (error instanceof OvnError) return error.message;
  return error instanceof Error ? error.message : String(error);
}
