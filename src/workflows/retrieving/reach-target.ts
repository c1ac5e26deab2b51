import type { CID } from 'multiformats/cid';
import type { ResolveName } from '../../node/names/resolve-name.ts';
import type { RetrieveReport } from '../../node/retrieve/retrieve-options.ts';
import type { Repository } from '../../repo/repository.ts';
import type { Check } from '../../trust/check.ts';
import type { BlockReader } from '../../unixfs/block.ts';
import type { FindEdition } from '../finding/find-edition.ts';
import { countDag } from '../measure-dag.ts';
import { resolveTarget, type Target } from '../resolve-target.ts';
import { fetchWhole, type Here, NOWHERE } from './fetch-whole.ts';
import { resolveForeign } from './resolve-foreign.ts';
import type { Retrieval } from './retrieval.ts';

export interface ReachEffects {
  /** Absent where no repository is. */
  local: { repository: Repository; read: BlockReader } | undefined;
  /** Absent where nobody else is asked. */
  retrieval: Retrieval | undefined;
  /** How names and domains are followed; by the records that are here, where nothing is given. */
  names?: ResolveName | undefined;
  /** How publications are found by their ids and mirrors; absent where they are not. */
  find?: FindEdition | undefined;
  /** Whether what may be the CID of a file is the id of a publication first. */
  prefersIds?: boolean;
  signal: AbortSignal;
}

/** What was meant, with all of it at hand. What was fetched of it is gone when it is disposed of. */
export interface ReachedTarget extends Disposable {
  target: Target;
  cid: CID;
  read: BlockReader;
  /** Only where others gave something. */
  report?: RetrieveReport;
}

/**
 * Finds what is meant, here or with others, and fetches what is missing of it: of an address only the blocks along its path and what lies at
 * its end.
 *
 * @param choose which CID of the target is wanted.
 * @throws {OvnError} as {@link resolveTarget} and `fetchWhole` do.
 */
export async function reachTarget(
  what: string | undefined,
  effects: ReachEffects,
  choose: (target: Target) => CID = ({ cid }) => cid,
): Promise<ReachedTarget> {
  const { local, retrieval, signal } = effects;
  const read = local?.read ?? NOWHERE.read;
  const along = retrieval?.readerBeside(read, signal) ?? read;
  const { find, prefersIds = false } = effects;
  const names = effects.names && { resolve: effects.names, find, prefersIds, signal };
  const target =
    local === undefined
      ? await resolveForeign(what, along, names)
      : await resolveTarget(local.repository, along, what, names);
  const cid = choose(target);
  if (retrieval === undefined || (await isHere(cid, effects)))
    return { target, cid, read, [Symbol.dispose]() {} };
  const fetched = await fetchWhole(cid, hereOf(effects), retrieval, signal);
  const { report } = fetched;
  return { ...fetched, target, ...(report.blocks > 0 ? { report } : {}) };
}

/** Who gave what, as a check: all of it was hashed. */
export function tellFetched({ sources }: RetrieveReport): Check {
  const gave = sources.filter(({ blocks }) => blocks > 0);
  const who = gave.map(({ source, blocks }) => `${blocks} from ${source}`).join(', ');
  return { name: 'blocks', result: 'pass', detail: `every block has the hash that its CID names: ${who}` };
}

async function isHere(cid: CID, { local, signal }: ReachEffects): Promise<boolean> {
  if (local === undefined) return false;
  if (local.repository.pins.isComplete(cid.toString())) return true;
  return (await countDag(cid, local.read, signal)).missing === 0;
}

/** What the repository holds. */
export function hereOf({ local }: Pick<ReachEffects, 'local'>): Here {
  if (local === undefined) return NOWHERE;
  return { has: (cid) => local.repository.blockstore.has(cid), read: local.read };
}
