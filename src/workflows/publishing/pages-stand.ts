import type { CID } from 'multiformats/cid';
import { STYLE_CSS } from '../../article/style.ts';
import { writeRedirects } from '../../edition/redirects.ts';
import { SEARCH_JS } from '../../edition/search-js.generated.ts';
import { EDITION_TEMPLATE } from '../../edition/template.ts';
import { VERIFY_JS } from '../../edition/verify-js.generated.ts';
import type { Head } from '../../repo/head.ts';
import type { Repository } from '../../repo/repository.ts';
import type { BlockReader } from '../../unixfs/block.ts';
import { resolvePath } from '../../unixfs/directory.ts';
import { rawCid } from '../../unixfs/hash.ts';
import { currentNames, movedCategories } from './current-categories.ts';
import type { OpenTheme } from './theme.ts';

/** The template that the pages of the head were made by. */
const KEY = 'edition-template';
/** CID of the theme that they were made by; absent or empty where that was none. */
const THEME = 'edition-theme';

/** What the pages of an edition say of the outlet. */
export const OUTLET_MEMBERS = ['name', 'tagline', 'language', 'url'] as const;

/**
 * Whether the pages of the head are those that would be made now: by the same template and theme, under the same names and address.
 *
 * @param theme as `themeOf` gives it.
 */
export function pagesStand(head: Head, theme: string, repository: Repository): boolean {
  if (repository.meta.get(KEY) !== String(EDITION_TEMPLATE)) return false;
  if ((repository.meta.get(THEME) ?? '') !== theme) return false;
  const { publication, categories } = repository.manifestOf(head);
  const { settings } = repository;
  if (!OUTLET_MEMBERS.every((member) => publication[member] === settings[member])) return false;
  const names = currentNames(repository);
  return Object.entries(categories).every(([slug, { name }]) => (names.get(slug) ?? name) === name);
}

/** Whether what ovn.json says of former slugs is what the head says of them. */
export function redirectsStand(head: Head, repository: Repository): boolean {
  const { entries, categories } = repository.manifestOf(head);
  const listed = entries.find(({ name }) => name === '_redirects');
  const text = writeRedirects(movedCategories(repository.settings), new Set(Object.keys(categories)));
  return listed === undefined || listed.cid === rawCid(Buffer.from(text, 'utf8')).toString();
}

/** Notes by what the pages of the new head were made; part of its transaction. */
export function noteTemplate({ meta }: Repository, theme: string): void {
  meta.set(KEY, String(EDITION_TEMPLATE));
  if ((meta.get(THEME) ?? '') !== theme) meta.set(THEME, theme);
}

/** Notes that the pages of the new head are of another template or theme, so that the next publication makes all of them anew. */
export function forgetTemplate({ meta }: Repository): void {
  meta.remove(KEY);
}

/** Files that change with how an edition is laid out. */
const SCRIPTS = { 'search.js': SEARCH_JS, 'verify.js': VERIFY_JS };

/**
 * Whether the pages of an edition that was made elsewhere look like those of this template and theme: the template's number is in no
 * edition, and the style tells most of them apart. What another program searches, or lets lie in an edition, is not gone on with: it may
 * be laid out otherwise.
 */
export async function hasOwnPages(
  edition: CID,
  shown: OpenTheme | undefined,
  read: BlockReader,
): Promise<boolean> {
  const style = await resolvePath(edition, ['style.css'], read);
  const about = await resolvePath(edition, ['about.html'], read);
  const own = shown === undefined ? [] : ['themes', shown.theme.cid];
  if (about === undefined || (await resolvePath(edition, own, read)) === undefined) return false;
  for (const [name, text] of Object.entries(SCRIPTS)) {
    const script = await resolvePath(edition, [name], read);
    if (script?.cid.equals(rawCid(Buffer.from(text, 'utf8'))) !== true) return false;
  }
  return style?.cid.equals(rawCid(shown?.style ?? Buffer.from(STYLE_CSS, 'utf8'))) === true;
}
