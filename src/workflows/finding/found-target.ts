import { CID } from 'multiformats/cid';
import { OvnError } from '../../errors.ts';
import { parseName } from '../../node/names/name.ts';
import type { ResolvedName } from '../../node/names/resolve-name.ts';
import type { BlockReader } from '../../unixfs/block.ts';
import type { Following } from '../resolve-target.ts';
import type { PublicationPath } from './publication-path.ts';

/** What begins as the address of a mirror or the id of a publication does: for anything else nothing is loaded. */
const BEGIN = /^(?:https?:\/\/|bafkrei[a-z2-7]{52}(?:\/|$))/i;

/**
 * The publication that is named by its id or by where it is shown; `undefined` for what is named otherwise, or is rather a file.
 *
 * @throws {OvnError} `usage` for an address that leads to none.
 */
export async function publicationOf(
  what: string,
  { prefersIds = false }: Pick<Following, 'prefersIds'>,
): Promise<PublicationPath | undefined> {
  if (!BEGIN.test(what)) return undefined;
  const { publicationPath } = await import('./publication-path.ts');
  const found = publicationPath(what);
  return found?.isBare && !prefersIds ? undefined : found;
}

export interface FoundEffects {
  read: BlockReader;
  /** Whether a block is here. */
  here(cid: CID): boolean;
  names: Following;
}

/**
 * Finds what was named. Where that may be a file too, which is here, and no publication is to be had, it is the file.
 *
 * @throws {OvnError} `not-found`, saying what each answered who was asked.
 */
export async function findOrPass(
  { target, isBare }: PublicationPath,
  { read, here, names: { find, signal } }: FoundEffects,
): Promise<ResolvedName | undefined> {
  const isFile = isBare && target.publication !== undefined && here(CID.parse(target.publication));
  try {
    const found = await find?.(target, { read, signal });
    if (found !== undefined || isBare) return found;
    throw new OvnError('not-found', `nobody was asked for ${target.publication ?? target.urls[0]}`, {
      hint: '--gateway URL names a mirror that may show it.',
    });
  } catch (error) {
    if (isFile && error instanceof OvnError && error.code === 'not-found') return undefined;
    throw error;
  }
}

/**
 * Follows a name or a domain. Where a name leads nowhere, or only by a record that has expired, mirrors may know more.
 *
 * @throws {OvnError} as `resolve` does, with what mirrors answered.
 */
export async function followOrFind(
  path: string,
  read: BlockReader,
  { resolve, find, signal }: Following,
): Promise<ResolvedName> {
  const [, , root = '', ...rest] = path.split('/');
  if (find === undefined || parseName(root) === undefined) return resolve(path, { signal });
  const led = await orNotFound(resolve(path, { signal }));
  // Nothing that may be used for a while: it has expired, or may do so at any time.
  if (!(led instanceof OvnError) && led.ttl > 0) return led;
  const found = await orNotFound(find({ name: root, urls: [], peers: [] }, { read, signal }));
  if (found === undefined) return orThrow(led);
  if (!(found instanceof OvnError)) return { ...found, path: [found.path, ...rest].join('/') };
  if (!(led instanceof OvnError)) return led;
  throw new OvnError('not-found', `${led.message}; ${found.message}`, { hint: led.hint ?? '', cause: led });
}

function orThrow<T>(found: T | OvnError): T {
  if (found instanceof OvnError) throw found;
  return found;
}

async function orNotFound<T>(finding: Promise<T>): Promise<T | OvnError> {
  try {
    return await finding;
  } catch (error) {
    if (error instanceof OvnError && error.code === 'not-found') return error;
    throw error;
  }
}
