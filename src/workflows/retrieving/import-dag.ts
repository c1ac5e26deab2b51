import type { CID } from 'multiformats/cid';
import { OvnError } from '../../errors.ts';
import type { ResolveName } from '../../node/names/resolve-name.ts';
import type { RetrieveReport } from '../../node/retrieve/retrieve-options.ts';
import type { Repository } from '../../repo/repository.ts';
import type { BlockReader } from '../../unixfs/block.ts';
import type { ImportedRoot } from '../import-car.ts';
import { measureDag } from '../measure-dag.ts';
import { parseAddress } from '../resolve-target.ts';
import { fetchWhole } from './fetch-whole.ts';
import { hereOf } from './reach-target.ts';
import { resolveForeign } from './resolve-foreign.ts';
import type { Retrieval } from './retrieval.ts';

export interface ImportDagEffects {
  local: { repository: Repository; read: BlockReader };
  retrieval: Retrieval;
  /** How names and domains are followed. */
  names?: ResolveName | undefined;
  /** Held while it is stored, so that garbage collection does not run in between. */
  lock(): Promise<AsyncDisposable>;
  /** What is fetched is not stored then; it stays aside for the next try. */
  dryRun: boolean;
  signal: AbortSignal;
}

/**
 * Takes a DAG in from others: fetched and hashed aside, stored when it is whole.
 *
 * @throws {OvnError} as `fetchWhole` does, with nothing stored.
 */
export async function importDag(
  cid: CID,
  effects: ImportDagEffects,
): Promise<{ root: ImportedRoot; report: RetrieveReport }> {
  const { local, retrieval, signal } = effects;
  const fetched = await fetchWhole(cid, hereOf(effects), retrieval, signal);
  const { report, store } = fetched;
  if (effects.dryRun) {
    store[Symbol.dispose]();
    return { root: { cid, blocks: report.blocks + report.held, bytes: report.bytes, missing: 0 }, report };
  }
  await using _lock = await effects.lock();
  store.moveInto(local.repository.blockstore);
  const size = await sizeOf(cid, report, effects);
  local.repository.pins.markComplete([cid.toString()]);
  return { root: { cid, ...size, missing: 0 }, report };
}

/** What lies at an address, of which the blocks along the path may be fetched. @throws {OvnError} `usage`, `not-found` */
export async function resolveAddress(
  what: string,
  { local, retrieval, names, signal }: ImportDagEffects,
): Promise<CID> {
  const following = names === undefined ? undefined : { resolve: names, signal };
  return (await resolveForeign(what, retrieval.readerBeside(local.read, signal), following)).cid;
}

/** Takes in what is named by an address and is not whole here; anything else is left to who knows names. */
export async function importMissing(what: string, effects: ImportDagEffects): Promise<void> {
  if (parseAddress(what) === undefined) return;
  const cid = await resolveAddress(what, effects);
  if (!effects.local.repository.pins.isComplete(cid.toString())) await importDag(cid, effects);
}

/** What was here before is counted again under the lock: it may have been collected as garbage meanwhile. */
async function sizeOf(cid: CID, { blocks, bytes, held }: RetrieveReport, effects: ImportDagEffects) {
  if (held === 0) return { blocks, bytes };
  try {
    return await measureDag(cid, effects.local.read, effects.signal);
  } catch (error) {
    if (!(error instanceof OvnError) || error.code !== 'incomplete') throw error;
    throw new OvnError('incomplete', `${error.message}: it was collected meanwhile`, {
      hint: 'Run it again.',
    });
  }
}
