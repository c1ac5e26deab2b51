import { constants } from 'node:fs';
import { access, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { Health } from '../../node/monitoring/monitor-server.ts';
import type { NetworkNode } from '../../node/network/network-options.ts';
import type { Repository } from '../../repo/repository.ts';

export interface HealthEffects {
  repository: Pick<Repository, 'head' | 'stateDir'>;
  /** Absent where it was not asked for. */
  network: Pick<NetworkNode, 'multiaddrs'> | undefined;
}

/** Room that a publish of some articles needs, in bytes. */
const LEAST_ROOM = 64 * 1024 * 1024;

/** Whether the paper can be read, the repository be written to, and the node be reached. */
export async function checkHealth({ repository, network }: HealthEffects): Promise<Health> {
  const reasons: string[] = [];
  const check = async (what: string, work: () => unknown): Promise<void> => {
    try {
      const wrong = await work();
      if (typeof wrong === 'string') reasons.push(`${what}: ${wrong}`);
    } catch (error) {
      reasons.push(`${what}: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  await check('the head edition cannot be read', () => void repository.head());
  await check('the repository cannot be written to', () => checkRoom(repository.stateDir));
  await check('the node does not listen', () =>
    network?.multiaddrs().length === 0 ? 'it has no address' : undefined,
  );
  return { ok: reasons.length === 0, reasons };
}

async function checkRoom(stateDir: string): Promise<string | undefined> {
  await access(join(stateDir, 'ovn.db'), constants.W_OK);
  const { bavail, bsize } = await statfs(stateDir);
  return bavail * bsize < LEAST_ROOM ? 'the disk is full' : undefined;
}
