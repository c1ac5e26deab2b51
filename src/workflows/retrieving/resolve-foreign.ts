import { CID } from 'multiformats/cid';
import { OvnError } from '../../errors.ts';
import type { BlockReader } from '../../unixfs/block.ts';
import { resolvePath } from '../../unixfs/directory.ts';
import { findOrPass, followOrFind, publicationOf } from '../finding/found-target.ts';
import { domainPath, namedPath } from '../naming/named-address.ts';
import { type Following, parseAddress, type Target } from '../resolve-target.ts';

/**
 * Finds what is meant where nothing of a repository counts: a CID, an address with a path, and where `names` are followed a name or a
 * domain. Of a CID alone nothing is read.
 *
 * @throws {OvnError} `usage` for what is none of these, `not-found`; as `names` does.
 */
export async function resolveForeign(
  what: string | undefined,
  read: BlockReader,
  names?: Following,
): Promise<Target> {
  if (what === undefined) throw new OvnError('usage', 'there is no repository here: name what is meant');
  const publication = names === undefined ? undefined : await publicationOf(what, names);
  if (names !== undefined && publication !== undefined) {
    const led = await findOrPass(publication, { read, here: () => false, names });
    if (led !== undefined) {
      const cid = CID.parse(led.path.split('/')[2] ?? '');
      const { publication: id } = publication.target;
      const byId = id === undefined ? {} : { publication: id };
      return { ...(await atAddress({ cid, path: publication.path }, read)), ...byId, name: what, led };
    }
  }
  const named = namedPath(what);
  const address = named === undefined ? parseAddress(what) : undefined;
  if (address !== undefined) return atAddress(address, read);
  const path = named ?? domainPath(what);
  if (names === undefined || path === undefined)
    throw new OvnError('usage', `${what} is no CID and no address`);
  const led = await followOrFind(path, read, names);
  const [, , root = '', ...rest] = led.path.split('/');
  const target = await atAddress({ cid: CID.parse(root), path: rest.filter((name) => name !== '') }, read);
  return { ...target, name: path, led };
}

async function atAddress({ cid, path }: { cid: CID; path: string[] }, read: BlockReader): Promise<Target> {
  if (path.length === 0) return { cid, kind: 'cid', name: cid.toString() };
  const link = await resolvePath(cid, path, read);
  if (link === undefined) throw new OvnError('not-found', `${cid} has nothing at ${path.join('/')}`);
  return { cid: link.cid, kind: 'cid', name: link.cid.toString() };
}
