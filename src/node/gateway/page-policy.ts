import { resolvePath } from '../../unixfs/directory.ts';
import type { Located } from './locate.ts';
import type { GatewayEffects } from './messages.ts';

/** Pages may show their own media and style. Whoever published them, no script of theirs runs here, where all share one origin. */
const PAGE_POLICY =
  "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** What the page of checks says of itself: it asks the gateway that its reader chooses. */
const CHECKS_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self' https: http://127.0.0.1:* http://localhost:* http://*.localhost:*; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/**
 * The policy of an HTML file. The one page that may run a script is this program's own page of checks, known by its CID,
 * with this program's own script beside it: a stranger can put neither the page before another script nor another
 * page before the script.
 */
export async function policyOf(
  { cid, roots }: Located,
  { read, checksPage }: Pick<GatewayEffects, 'read' | 'checksPage'>,
): Promise<string> {
  const folder = roots.at(-2);
  if (checksPage === undefined || folder === undefined || cid.toString() !== checksPage.page)
    return PAGE_POLICY;
  const script = await resolvePath(folder, [checksPage.scriptName], read);
  return script?.cid.toString() === checksPage.script ? CHECKS_POLICY : PAGE_POLICY;
}
