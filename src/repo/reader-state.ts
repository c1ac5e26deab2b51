import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/** What says where a reader's memory is kept, apart from a repository. */
export interface StateEnvironment {
  /** Before everything else. */
  OVN_STATE?: string | undefined;
  /** XDG Base Directory Specification: absolute, or it does not count. */
  XDG_STATE_HOME?: string | undefined;
}

/**
 * The folder of a reader's memory: `OVN_STATE`, the repository's `.ovn`, else `openvoicenews` in the user's state folder.
 *
 * @param own the repository's `.ovn`, where there is one.
 */
export function readerStateDir(
  own: string | undefined,
  { OVN_STATE: given, XDG_STATE_HOME: xdg }: StateEnvironment,
): string {
  if (given !== undefined && given !== '') return given;
  if (own !== undefined) return own;
  const state = xdg !== undefined && isAbsolute(xdg) ? xdg : join(homedir(), '.local', 'state');
  return join(state, 'openvoicenews');
}
