import { CID } from 'multiformats/cid';
import { buildEdition, type EditionTrees } from '../../edition/build-edition.ts';
import type { EditionChange } from '../../edition/change.ts';
import type { Publication } from '../../edition/publication.ts';
import { OvnError } from '../../errors.ts';
import { emptyLog } from '../../log/empty-tree.ts';
import { buildManifest } from '../../manifest/build-manifest.ts';
import { MANIFEST_DAYS, type Manifest } from '../../manifest/manifest.ts';
import type { Head } from '../../repo/head.ts';
import type { Repository } from '../../repo/repository.ts';
import type { BlockReader, BlockSink, Link } from '../../unixfs/block.ts';
import { addDirectory } from '../../unixfs/directory.ts';
import { addFile } from '../../unixfs/file.ts';
import type { Shared } from './shared.ts';

const DAY_MS = 86_400_000;

export interface EditionContext {
  repository: Repository;
  head: Head | undefined;
  shared: Shared;
  read: BlockReader;
  sink: BlockSink;
}

/** The trees, pages and feeds of the next edition, made by path copying from the head. */
export async function makeTrees(
  { repository, head, shared, read, sink }: EditionContext,
  changes: readonly EditionChange[],
  onProgress: (done: number, total: number) => void,
): Promise<EditionTrees> {
  return buildEdition(
    {
      publication: publicationOf(repository, shared),
      ...(head === undefined ? {} : await previousEdition(head, read)),
      changes,
      archive: repository.articles.archive(),
      masthead: shared.masthead,
      style: shared.style.link,
      onProgress,
    },
    read,
    sink,
  );
}

/** Has the manifest signed that binds the trees, and closes the edition's root around both. */
export async function closeEdition(
  context: EditionContext,
  trees: EditionTrees,
  sign: (manifest: Manifest) => Uint8Array,
  now: Date,
): Promise<Head> {
  const manifest = draftManifest(context, trees, now);
  const link = await addFile(sign(manifest), context.sink);
  const edition = await addDirectory([...trees.entries, { name: 'manifest.json', ...link }], context.sink);
  const { sequence, issued, expires } = manifest;
  return { sequence, edition: edition.cid.toString(), manifest: link.cid.toString(), issued, expires };
}

function draftManifest(
  { repository, head, shared }: EditionContext,
  trees: EditionTrees,
  now: Date,
): Manifest {
  const { newest, origin } = shared.mastheads;
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
    log: emptyLog(origin),
  });
}

function publicationOf({ settings }: Repository, { mastheads }: Shared): Publication {
  const { name, tagline, language, url } = settings;
  return { id: mastheads.publicationId, name, tagline, language, ...(url === undefined ? {} : { url }) };
}

function manifestCategories({ categories }: EditionTrees): Manifest['categories'] {
  const listed: Manifest['categories'] = {};
  for (const [slug, { name, count, updated, link }] of categories) {
    listed[slug] = { name, cid: link.cid.toString(), count, updated };
  }
  return listed;
}

async function previousEdition(
  head: Head,
  read: BlockReader,
): Promise<{ previous: Link; previousManifest: { sequence: number; link: Link } }> {
  const cid = CID.parse(head.manifest);
  const bytes = await read(cid);
  if (bytes === undefined)
    throw new OvnError('damaged', `the head's manifest ${head.manifest} is not in the store`);
  return {
    previous: { cid: CID.parse(head.edition), size: 0 },
    previousManifest: { sequence: head.sequence, link: { cid, size: bytes.length } },
  };
}
