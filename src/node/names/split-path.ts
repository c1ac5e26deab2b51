import { CID } from 'multiformats/cid';
import { OvnError } from '../../errors.ts';
import { parseHost } from './host.ts';
import { ANY_BASE, type Name, parseName } from './name.ts';

/** A path of IPFS in its parts. `rest` is empty or begins with a slash. */
export type SplitPath = { rest: string } & (
  | { kind: 'cid'; cid: CID }
  | { kind: 'name'; name: Name }
  | { kind: 'host'; host: string }
);

const PATH = /^\/(ipfs|ipns)\/([^/]+)(\/.*)?$/s;

/**
 * Takes `/ipfs/<CID>/…` and `/ipns/<name or domain>/…` apart.
 *
 * @throws {OvnError} `malformed` for anything else.
 */
export function splitPath(path: string): SplitPath {
  const [, space, root = '', rest = ''] = PATH.exec(path) ?? [];
  if (space === 'ipfs') {
    const cid = parseAnyCid(root);
    if (cid !== undefined) return { kind: 'cid', cid, rest };
  } else if (space === 'ipns') {
    const name = parseName(root);
    if (name !== undefined) return { kind: 'name', name, rest };
    const host = parseAnyCid(root) === undefined ? parseHost(root) : undefined;
    if (host !== undefined) return { kind: 'host', host, rest };
  }
  throw new OvnError('malformed', `${JSON.stringify(path.slice(0, 200))} is no path of IPFS or IPNS`);
}

function parseAnyCid(text: string): CID | undefined {
  try {
    return CID.parse(text, ANY_BASE);
  } catch {
    return undefined;
  }
}
