import type { BlockReader, BlockSink, Link } from '../unixfs/block.ts';
import type { DirectoryEntry } from '../unixfs/directory.ts';
import { addFile } from '../unixfs/file.ts';
import { Tree } from '../unixfs/tree.ts';
import type { Archive, CategoryState } from './archive.ts';
import { buildArticles } from './build-articles.ts';
import { buildCategory } from './build-category.ts';
import { buildCorrections } from './build-corrections.ts';
import type { ReadBundlePage } from './bundle-page.ts';
import { addText, type EditionChange, openBelow, placeRevisions, withAllOthers } from './change.ts';
import { newestFeed } from './feeds/feed.ts';
import { FEED_FORMS } from './feeds/place-feeds.ts';
import { categoryPage, manifestPath, THEMES } from './layout.ts';
import { SITEMAP, writeSitemapIndex } from './metadata/sitemap.ts';
import { TRUST_TXT, type TrustStatement, writeTrustTxt } from './metadata/trust-txt.ts';
import { type AboutPublication, renderAboutPage } from './pages/about-page.ts';
import { renderCategoriesPage, renderCategorySitePage } from './pages/categories-page.ts';
import { renderFrontPage } from './pages/front-page.ts';
import { renderNotFoundPage } from './pages/not-found-page.ts';
import { QR_PATH, qrCode } from './pages/qr-code.ts';
import { renderSearchPage } from './pages/search-page.ts';
import type { Publication } from './publication.ts';
import { type MovedCategory, writeRedirects } from './redirects.ts';
import { buildSearch } from './search/build-search.ts';
import { SEARCH_CSS } from './search-css.ts';
import { SEARCH_JS } from './search-js.generated.ts';
import { VERIFY_CSS } from './verify-css.ts';
import { VERIFY_HTML } from './verify-html.ts';
import { VERIFY_JS } from './verify-js.generated.ts';

export interface EditionInput {
  publication: Publication;
  /** Root of the edition before this one. */
  previous?: Link;
  /** The manifest of the edition before this one, which is kept below `manifests/`. */
  previousManifest?: { sequence: number; link: Link };
  changes: readonly EditionChange[];
  /** Whether all pages are made anew, because they would be others now for the same articles. */
  renews?: boolean;
  /** The pages of bundles, the new ones among them. */
  bundlePage: ReadBundlePage;
  /** Pages of articles that were made with their bundles, by the CIDs of those. */
  madePages?: ReadonlyMap<string, Link>;
  /** All articles as they are after the changes. */
  archive: Archive;
  /** `masthead/` with all versions so far. */
  masthead: Link;
  style: Link;
  /** What it keeps below `themes/`; nothing where absent. */
  themes?: EditionThemes;
  /** What trust.txt says. */
  trust?: TrustStatement;
  /** Categories that had other slugs before. */
  movedCategories?: readonly MovedCategory[];
  /** What the page about the publication says. */
  about: AboutPublication;
  /** Told after every category and archive page, for a progress bar. */
  onProgress?: (done: number, total: number) => void;
}

/** The themes that an edition keeps, by their CIDs. */
export interface EditionThemes {
  /** Those of bundles; all of them are there, but for `current`, or in the edition before. */
  used: ReadonlySet<string>;
  /** By which the pages are made. */
  current?: { cid: string; link: Link };
}

export interface EditionTrees {
  /** Every entry of the edition's root but manifest.json, sorted by name. */
  entries: DirectoryEntry[];
  articles: Link;
  categories: Map<string, CategoryState & { link: Link }>;
}

/**
 * Makes the trees, pages and feeds of the next edition out of the one before by path copying: what no change touches
 * is linked, not read. A directory's CID depends on what is in it, never on how it came to be.
 */
export async function buildEdition(
  given: EditionInput,
  read: BlockReader,
  sink: BlockSink,
): Promise<EditionTrees> {
  const input = given.renews ? { ...given, changes: withAllOthers(given.changes, given.archive) } : given;
  const root = input.previous === undefined ? Tree.empty() : Tree.open(input.previous, read);
  const before = await root.get(['articles']);
  const articles = await buildArticles({ ...input, previous: before }, read, sink);
  const categories = await buildCategories(input, root, read, sink);
  const entries: DirectoryEntry[] = [
    { name: 'articles', ...articles },
    { name: 'categories', ...categories.link },
    { name: 'masthead', ...input.masthead },
    { name: 'style.css', ...input.style },
  ];
  for (const part of PARTS) entries.push(...(await part(input, root, read, sink)));
  return { entries: entries.sort(byName), articles, categories: categories.states };
}

/** Makes entries of the edition's root, out of the root before it where they grow with the archive. */
type EditionPart = (
  input: EditionInput,
  root: Tree,
  read: BlockReader,
  sink: BlockSink,
) => Promise<DirectoryEntry[]>;

/** A file of the root that is made anew for every edition; none where nothing is made. */
function filePart(name: string, make: (input: EditionInput) => string | Uint8Array | undefined): EditionPart {
  return async (input, _root, _read, sink) => {
    const content = make(input);
    if (content === undefined) return [];
    const bytes = typeof content === 'string' ? Buffer.from(content, 'utf8') : content;
    return [{ name, ...(await addFile(bytes, sink)) }];
  };
}

/** Everything at the root of an edition but articles, categories, and what is given. */
const PARTS: readonly EditionPart[] = [
  filePart('index.html', renderFrontPage),
  filePart('about.html', ({ publication, about }) => renderAboutPage(publication, about)),
  buildQrCode,
  filePart('404.html', ({ publication }) => renderNotFoundPage(publication)),
  filePart('_redirects', ({ movedCategories = [], archive }) =>
    writeRedirects(movedCategories, new Set(archive.categories().map(({ slug }) => slug))),
  ),
  ...FEED_FORMS.map(({ ending, write }) => filePart(`feed${ending}`, (input) => write(newestFeed(input)))),
  filePart('verify.html', () => VERIFY_HTML),
  filePart('verify.css', () => VERIFY_CSS),
  filePart('verify.js', () => VERIFY_JS),
  filePart(SITEMAP, writeSitemapIndex),
  filePart(TRUST_TXT, writeTrustTxt),
  filePart('search.html', ({ publication }) => renderSearchPage(publication)),
  filePart('search.css', () => SEARCH_CSS),
  filePart('search.js', () => SEARCH_JS),
  buildSearch,
  buildCorrections,
  buildManifests,
  buildRevisions,
  buildThemes,
];

/** Drawing it takes as long as making an article, and it is the same for ever. */
async function buildQrCode(
  { publication, renews }: EditionInput,
  root: Tree,
  _read: BlockReader,
  sink: BlockSink,
): Promise<DirectoryEntry[]> {
  const before = renews ? undefined : await root.get([QR_PATH]);
  return [{ name: QR_PATH, ...(before ?? (await addText(qrCode(publication.id), sink))) }];
}

function byName(a: DirectoryEntry, b: DirectoryEntry): number {
  return a.name < b.name ? -1 : 1;
}

async function buildCategories(
  input: EditionInput,
  root: Tree,
  read: BlockReader,
  sink: BlockSink,
): Promise<{ link: Link; states: EditionTrees['categories'] }> {
  const tree = await openBelow(root, ['categories'], read);
  const touched = changesByCategory(input.changes);
  const states: EditionTrees['categories'] = new Map();
  let done = 0;
  for (const state of input.archive.categories()) {
    const changes = touched.get(state.slug);
    if (changes !== undefined) {
      const previous = await tree.get([state.slug]);
      const folder = await buildCategory({ ...input, category: state, changes, previous }, read, sink);
      await tree.set([state.slug], folder);
      const page = renderCategorySitePage(input, state, folder);
      await tree.set([categoryPage(state.slug)], await addText(page, sink));
      touched.delete(state.slug);
      input.onProgress?.(++done, touched.size + done);
    }
    const link = await tree.get([state.slug]);
    if (link !== undefined) states.set(state.slug, { ...state, link });
  }
  for (const slug of touched.keys()) {
    await tree.remove([slug]);
    await tree.remove([categoryPage(slug)]);
  }
  await tree.set(['index.html'], await addText(renderCategoriesPage(input), sink));
  return { link: await tree.write(sink), states };
}

/** The changes that concern each category: those of articles that are in it, or have left it. */
function changesByCategory(changes: readonly EditionChange[]): Map<string, EditionChange[]> {
  const touched = new Map<string, EditionChange[]>();
  for (const change of changes) {
    const slugs = new Set([
      ...change.entry.categories.map((category) => category.slug),
      ...(change.former?.categories ?? []).map((category) => category.slug),
    ]);
    for (const slug of slugs) {
      const list = touched.get(slug);
      if (list === undefined) touched.set(slug, [change]);
      else list.push(change);
    }
  }
  return touched;
}

/** `revisions/`: absent until an article has been revised. */
async function buildRevisions(
  { archive, changes }: EditionInput,
  root: Tree,
  read: BlockReader,
  sink: BlockSink,
): Promise<DirectoryEntry[]> {
  const tree = await openBelow(root, ['revisions'], read);
  for (const change of changes) await placeRevisions(tree, [], change, archive);
  return (await tree.list([])).length === 0 ? [] : [{ name: 'revisions', ...(await tree.write(sink)) }];
}

/** `themes/<cid>/`: absent where there was never a theme. */
async function buildThemes(
  { themes: { used, current } = { used: new Set() } }: EditionInput,
  root: Tree,
  read: BlockReader,
  sink: BlockSink,
): Promise<DirectoryEntry[]> {
  const before = await root.get([THEMES]);
  if (before === undefined && current === undefined) return [];
  const tree = before === undefined ? Tree.empty() : Tree.open(before, read);
  const kept = await tree.list([]);
  for (const { name } of kept) if (!used.has(name) && name !== current?.cid) await tree.remove([name]);
  if (current !== undefined) await tree.set([current.cid], current.link);
  return (await tree.list([])).length === 0 ? [] : [{ name: THEMES, ...(await tree.write(sink)) }];
}

/** `manifests/`: every earlier manifest; absent in the first edition. */
async function buildManifests(
  { previousManifest }: EditionInput,
  root: Tree,
  read: BlockReader,
  sink: BlockSink,
): Promise<DirectoryEntry[]> {
  if (previousManifest === undefined) return [];
  const tree = await openBelow(root, ['manifests'], read);
  await tree.set(manifestPath(previousManifest.sequence), previousManifest.link);
  return [{ name: 'manifests', ...(await tree.write(sink)) }];
}
