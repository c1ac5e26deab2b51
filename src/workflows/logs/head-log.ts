import { OvnError } from '../../errors.ts';
import type { Repository } from '../../repo/repository.ts';
import type { BlockReader } from '../../unixfs/block.ts';
import { type LogOfHead, openLogOfHead } from '../log-of-head.ts';
import { Evidence } from '../verification/judging.ts';

/** What reading the log of the head needs. */
export interface LogEffects {
  repository: Repository;
  read: BlockReader;
  now: Date;
  signal: AbortSignal;
}

/** The log of the head edition, and all that it is of. */
export interface HeadLog extends LogOfHead {
  evidence: Evidence;
}

/** {@link openLogOfHead}, of blocks that are hashed as they are read. */
export async function openHeadLog({
  repository,
  read,
  ...options
}: LogEffects): Promise<HeadLog | undefined> {
  const evidence = new Evidence(read, options);
  const log = await openLogOfHead(repository, evidence.read, options.signal);
  return log === undefined ? undefined : { ...log, evidence };
}

/**
 * Opens the log of the head edition where there has to be one.
 *
 * @throws {OvnError} `not-found` where there is none; else as {@link openHeadLog}.
 */
export async function requireHeadLog(effects: LogEffects): Promise<HeadLog> {
  const log = await openHeadLog(effects);
  if (log !== undefined) return log;
  throw new OvnError('not-found', 'no log is published yet', {
    hint: 'ovn publish makes an edition with its log.',
  });
}
