import { OvnError } from '../../errors.ts';
import type { BlockReader } from '../../unixfs/block.ts';
import { resolvePath } from '../../unixfs/directory.ts';
import { parseAddress, type Target } from '../resolve-target.ts';

/**
 * Finds what is meant where no names of a repository count: a CID, or an address with a path. Of a CID alone nothing is read.
 *
 * @throws {OvnError} `usage` for what is no address, `not-found`.
 */
export async function resolveForeign(what: string | undefined, read: BlockReader): Promise<Target> {
  const address = what === undefined ? undefined : parseAddress(what);
  if (address === undefined)
    throw new OvnError('usage', `${what ?? 'nothing'} is no CID and no ipfs:// address`);
  const { cid, path } = address;
  if (path.length === 0) return { cid, kind: 'cid', name: cid.toString() };
  const link = await resolvePath(cid, path, read);
  if (link === undefined) throw new OvnError('not-found', `${cid} has nothing at ${path.join('/')}`);
  return { cid: link.cid, kind: 'cid', name: link.cid.toString() };
}
