import { OvnError } from '../../errors.ts';
import { isPublicationId } from '../../node/mirrors/document.ts';
import { type FollowTarget, parseFollowTarget } from './follow-target.ts';

/** A publication that is named by its id or by where it is shown, and what is meant of it. */
export interface PublicationPath {
  target: FollowTarget;
  /** Names below its edition; none for all of it. */
  path: string[];
  /** Whether it may be the CID of a file as well. */
  isBare: boolean;
}

const AT_URL = /^(https?:\/\/[^/?#]+)([^?#]*)(\?[^#]*)?/is;

/**
 * What `<publication id>[/path]` or the address of a mirror stands for: `https://mirror.example[/path]`, with `?publication=<id>` for another
 * than its own. `undefined` for anything else.
 *
 * @throws {OvnError} `usage` for an address that leads to none.
 */
export function publicationPath(what: string): PublicationPath | undefined {
  const [, origin, below = '', query = ''] = AT_URL.exec(what) ?? [];
  if (origin !== undefined)
    return { target: parseFollowTarget(`${origin}/${query}`), path: namesOf(below), isBare: false };
  const [id = '', ...rest] = what.split('/');
  if (!isPublicationId(id)) return undefined;
  const path = namesOf(rest.join('/'));
  return { target: { publication: id, urls: [], peers: [] }, path, isBare: path.length === 0 };
}

function namesOf(path: string): string[] {
  try {
    return path
      .split('/')
      .filter((name) => name !== '')
      .map(decodeURIComponent);
  } catch (cause) {
    throw new OvnError('usage', `${path} is no path`, { cause });
  }
}
