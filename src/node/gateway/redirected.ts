import { OvnError } from '../../errors.ts';
import type { BlockReader } from '../../unixfs/block.ts';
import { resolvePath } from '../../unixfs/directory.ts';
import { readFile } from '../../unixfs/file.ts';
import type { RequestLimits } from './limits.ts';
import type { Located } from './locate.ts';
import { Refusal } from './messages.ts';
import { matchRedirect, parseRedirects } from './redirects-file.ts';

/** The name of the file that says where names lead that are not there. */
const REDIRECTS_FILE = '_redirects';

/**
 * Where a path leads by the `_redirects` file of a site, once it is known that nothing lies there.
 * @throws Refusal 500 where the file is there and cannot be read
 */
export async function redirected(
  site: Located,
  names: readonly string[],
  read: BlockReader,
  limits: Pick<RequestLimits, 'redirectsFile'>,
): Promise<{ to: string; status: number } | undefined> {
  const file = site.kind === 'folder' ? await resolvePath(site.cid, [REDIRECTS_FILE], read) : undefined;
  if (file === undefined) return undefined;
  try {
    const text = Buffer.from(await readFile(file.cid, read, { limit: limits.redirectsFile })).toString(
      'utf8',
    );
    return matchRedirect(parseRedirects(text), names);
  } catch (error) {
    throw new Refusal(
      500,
      `The site is not in order: could not parse _redirects: ${reasonOf(error, limits)}.`,
    );
  }
}

function reasonOf(error: unknown, { redirectsFile }: Pick<RequestLimits, 'redirectsFile'>): string {
  if (error instanceof OvnError && error.code === 'limit')
    return `redirects file size cannot exceed ${redirectsFile} bytes`;
  if (error instanceof OvnError || error instanceof SyntaxError) return error.message;
  throw error;
}
