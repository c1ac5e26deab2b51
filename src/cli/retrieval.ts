import { join } from 'node:path';
import { OvnError } from '../errors.ts';
import { readerStateDir } from '../repo/reader-state.ts';
import type { Repository } from '../repo/repository.ts';
import { parseAddress } from '../workflows/resolve-target.ts';
import type { Retrieval } from '../workflows/retrieving/retrieval.ts';
import type { NetworkFlags } from './options.ts';
import type { Progress } from './progress.ts';

/**
 * How others are reached, as the command line and ovn.json say together; nothing where they name nobody, or under `--offline`.
 * Nobody is contacted before something is missing.
 */
export async function openRetrieval(
  flags: NetworkFlags,
  repository: Repository | undefined,
  progress: Progress,
): Promise<Retrieval | undefined> {
  const { peer: peers = [], gateway: gateways = [], router: routers = [] } = flags;
  const [{ mergeOthers, namesAnybody, openSources }, { Retrieval }] = await Promise.all([
    import('../workflows/retrieving/sources.ts'),
    import('../workflows/retrieving/retrieval.ts'),
  ]);
  if (flags.offline) return undefined;
  const others = mergeOthers({ peers, gateways, routers }, repository?.settings.network ?? {});
  if (!namesAnybody(others)) return undefined;
  return new Retrieval({
    sourcesFor: (root, signal) => openSources(others, root, signal),
    dir: join(readerStateDir(repository?.stateDir, process.env), 'fetched'),
    timeoutMs: flags.timeout === undefined ? undefined : flags.timeout * 1000,
    onProgress: ({ blocks, known, bytes }) =>
      progress.update(`${megabytes(bytes)} MB, blocks`, blocks, known),
  });
}

/** What is said where nobody is asked: how to name somebody. */
export function nobodyAsked(what: string, { offline }: NetworkFlags): OvnError {
  if (parseAddress(what) === undefined)
    return new OvnError('not-found', `${what} is no file, no CID and no ipfs:// address`);
  const hint = offline
    ? 'Without --offline, whom ovn.json or the command line names is asked.'
    : 'Name who has it: --gateway URL, --peer MULTIADDR, --router URL, or "network" in ovn.json.';
  return new OvnError('not-found', `${what} is not here, and nobody else was asked`, { hint });
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}
