import { CID } from 'multiformats/cid';
import { buildEdition, type EditionThemes, type EditionTrees } from '../../edition/build-edition.ts';
import type { ReadBundlePage } from '../../edition/bundle-page.ts';
import type { EditionChange } from '../../edition/change.ts';
import { NamedArchive, withNames } from '../../edition/named-archive.ts';
import { OvnError } from '../../errors.ts';
import type { LogState } from '../../log/empty-tree.ts';
import { buildManifest } from '../../manifest/build-manifest.ts';
import { MANIFEST_DAYS, type Manifest } from '../../manifest/manifest.ts';
import { parseManifestJson, requireManifest } from '../../manifest/parse-manifest.ts';
import type { Head } from '../../repo/head.ts';
import type { Repository } from '../../repo/repository.ts';
import type { BlockReader, BlockSink, Link } from '../../unixfs/block.ts';
import { addDirectory } from '../../unixfs/directory.ts';
import { addFile } from '../../unixfs/file.ts';
import { Tree } from '../../unixfs/tree.ts';
import { aboutPublication } from './about.ts';
import { currentNames, movedCategories } from './current-categories.ts';
import type { NextLog } from './next-log.ts';
import { publicationOf, type Shared } from './shared.ts';
import { usedThemes } from './used-themes.ts';

const DAY_MS = 86_400_000;

export interface EditionContext {
  repository: Repository;
  head: Head | undefined;
  /** The head as it is stored. */
  previous: PreviousEdition | undefined;
  shared: Shared;
  bundlePage: ReadBundlePage;
  /** Pages of articles that were made with their bundles, by the CIDs of those. */
  madePages?: ReadonlyMap<string, Link>;
  /** Whether all pages are made anew. */
  renews: boolean;
  read: BlockReader;
  sink: BlockSink;
}

/** The edition that the next one follows. */
export interface PreviousEdition {
  link: Link;
  tree: Tree;
  manifest: Manifest;
  /** Of its manifest. */
  manifestLink: Link;
}

/** @throws {OvnError} `damaged` when its manifest is not in the store. */
export async function openPrevious(head: Head, read: BlockReader): Promise<PreviousEdition> {
  const cid = CID.parse(head.manifest);
  const bytes = await read(cid);
  if (bytes === undefined)
    throw new OvnError('damaged', `the head's manifest ${head.manifest} is not in the store`);
  const link = { cid: CID.parse(head.edition), size: 0 };
  return {
    link,
    tree: Tree.open(link, read),
    manifest: requireManifest(parseManifestJson(bytes)),
    manifestLink: { cid, size: bytes.length },
  };
}

/** The trees, pages and feeds of the next edition, made by path copying from the head. */
export async function makeTrees(
  { repository, previous, shared, bundlePage, madePages, renews, read, sink }: EditionContext,
  changes: readonly EditionChange[],
  onProgress: (done: number, total: number) => void,
): Promise<EditionTrees> {
  const { trust } = repository.settings;
  const names = currentNames(repository);
  return buildEdition(
    {
      ...(trust === undefined ? {} : { trust }),
      publication: { ...publicationOf(repository, shared), look: shared.look },
      themes: themesOf(repository, shared, changes),
      ...(previous === undefined
        ? {}
        : {
            previous: previous.link,
            previousManifest: { sequence: previous.manifest.sequence, link: previous.manifestLink },
          }),
      changes: changes.map((change) => ({ ...change, entry: withNames(change.entry, names) })),
      bundlePage,
      ...(madePages === undefined ? {} : { madePages }),
      renews,
      archive: new NamedArchive(repository.articles.archive(), names),
      movedCategories: movedCategories(repository.settings),
      masthead: shared.masthead,
      style: shared.style.link,
      about: aboutPublication(repository.settings, shared.mastheads),
      onProgress,
    },
    read,
    sink,
  );
}

/** Has the manifest signed that binds the trees and the log, and closes the edition's root around all three. */
export async function closeEdition(
  context: EditionContext,
  trees: EditionTrees,
  log: NextLog,
  sign: (manifest: Manifest) => Uint8Array,
  now: Date,
): Promise<Head> {
  const manifest = draftManifest(context, trees, log.state, now);
  const link = await addFile(sign(manifest), context.sink);
  const entries = [...trees.entries, { name: 'log', ...log.link }, { name: 'manifest.json', ...link }];
  const edition = await addDirectory(entries, context.sink);
  const { sequence, issued, expires } = manifest;
  return { sequence, edition: edition.cid.toString(), manifest: link.cid.toString(), issued, expires };
}

function draftManifest(
  { repository, head, shared }: EditionContext,
  trees: EditionTrees,
  log: LogState,
  now: Date,
): Manifest {
  const { newest } = shared.mastheads;
  const { mirrors } = repository.settings;
  return buildManifest({
    publication: publicationOf(repository, shared),
    masthead: { version: newest.masthead.version, cid: newest.cid },
    sequence: (head?.sequence ?? 0) + 1,
    ...(head === undefined ? {} : { previous: head.manifest }),
    issued: now,
    expires: new Date(now.getTime() + MANIFEST_DAYS * DAY_MS),
    ...(mirrors === undefined ? {} : { mirrors }),
    articles: { cid: trees.articles.cid.toString(), count: repository.articles.archive().count() },
    categories: manifestCategories(trees),
    entries: trees.entries.map(({ name, cid }) => ({ name, cid: cid.toString() })),
    log,
  });
}

/** What `themes/` of the next edition holds: the theme of now, and those that bundles were made with. */
function themesOf(
  repository: Repository,
  { theme, themeFolder }: Shared,
  changes: readonly EditionChange[],
): EditionThemes {
  const used = new Set(usedThemes(repository));
  if (theme === undefined || themeFolder === undefined) return { used };
  if (changes.length > 0) used.add(theme.cid);
  return { used, current: { cid: theme.cid, link: themeFolder } };
}

function manifestCategories({ categories }: EditionTrees): Manifest['categories'] {
  const listed: Manifest['categories'] = {};
  for (const [slug, { name, count, updated, link }] of categories) {
    listed[slug] = { name, cid: link.cid.toString(), count, updated };
  }
  return listed;
}
