import { resolvePath } from '../../unixfs/directory.ts';
import type { Answering } from './answering.ts';

/** Pages may show their own media and style, and what that has in it. Whoever published them, no script of theirs runs here. */
const PAGE_POLICY =
  "default-src 'none'; img-src 'self' data:; font-src data:; media-src 'self'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/**
 * What else holds for pages of another publication below `/ipfs/` and `/ipns/`, where all share one origin: they get one of their own that
 * nothing else has, without storage, scripts and forms. Their links lead on all the same, and what they offer can be saved.
 */
const SANDBOX = 'sandbox allow-downloads allow-popups allow-popups-to-escape-sandbox';

/** What is no page and is opened all the same (SVG, XML) runs nothing, and counts as no part of this origin. */
export const FILE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox";

/** What the page of checks says of itself: it asks the gateway that its reader chooses. */
const CHECKS_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self' https: http://127.0.0.1:* http://localhost:* http://*.localhost:*; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** What a page of search says of itself, but that it may run no other script than the one of this hash, wherever that lies. */
const searchPolicy = (integrity: string): string =>
  `default-src 'none'; img-src 'self'; style-src 'self'; script-src '${integrity}'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

type Page = Pick<Answering, 'effects' | 'located' | 'place' | 'read'>;

/** The policy of an HTML file. */
export async function policyOf(page: Page): Promise<string> {
  if (await isChecksPage(page)) return CHECKS_POLICY;
  if (isAmongOthers(page)) return `${PAGE_POLICY}; ${SANDBOX}`;
  const { searchPage } = page.effects;
  return searchPage !== undefined && page.located.names.at(-1) === searchPage.name
    ? searchPolicy(searchPage.integrity)
    : PAGE_POLICY;
}

/**
 * The one page that may run a script is this program's own page of checks, known by its CID, with this program's own script beside
 * it: a stranger can put neither the page before another script nor another page before the script.
 */
async function isChecksPage({ located, effects: { checksPage }, read }: Page): Promise<boolean> {
  const folder = located.roots.at(-2);
  if (checksPage === undefined || folder === undefined || located.cid.toString() !== checksPage.page)
    return false;
  const script = await resolvePath(folder, [checksPage.scriptName], read);
  return script?.cid.toString() === checksPage.script;
}

/** Whether a page is not the paper's own and has no origin of its own. */
function isAmongOthers({ place, located, effects }: Page): boolean {
  const [root] = located.roots;
  if (place.mount.kind !== 'path' || root === undefined) return false;
  return root.toString() !== effects.head() && effects.trusted?.(root) !== true;
}
