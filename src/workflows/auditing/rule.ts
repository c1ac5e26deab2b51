import type { Repository } from '../../repo/repository.ts';
import type { BlockReader } from '../../unixfs/block.ts';

export interface AuditEffects {
  repository: Repository;
  read: BlockReader;
  now: Date;
  signal: AbortSignal;
  onProgress?: (check: string, done: number) => void;
}

/**
 * One thing that must hold. Gives a sentence on what was found to hold.
 *
 * @throws {OvnError} saying what does not.
 */
export type AuditRule = (effects: AuditEffects) => Promise<string>;
