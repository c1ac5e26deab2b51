import type { CID } from 'multiformats/cid';
import type { HeldBack } from '../../article/release.ts';
import { canonicalBytes } from '../../bundle/canonical-json.ts';
import { bundlePages } from '../../edition/bundle-page.ts';
import type { Finding } from '../../errors.ts';
import type { ClockReading } from '../../repo/last-clock.ts';
import type { Repository } from '../../repo/repository.ts';
import type { Block, BlockReader } from '../../unixfs/block.ts';
import { addDirectory, type DirectoryEntry } from '../../unixfs/directory.ts';
import { type BundleContext, type MadeRevision, makeRevision } from '../publishing/bundles.ts';
import { makeTrees, openPrevious, type PreviousEdition } from '../publishing/next-edition.ts';
import { pagesStand } from '../publishing/pages-stand.ts';
import type { PictureMaker } from '../publishing/picture-maker.ts';
import type { DueArticle } from '../publishing/plan.ts';
import { planPublication } from '../publishing/plan-publication.ts';
import { preparePictures } from '../publishing/prepare-pictures.ts';
import { believedUntil } from '../publishing/release-clock.ts';
import { addShared, type Shared } from '../publishing/shared.ts';
import type { MemoryShelf } from '../publishing/variant-shelf.ts';

/** The site as it would be, in memory. */
export interface PreviewSite {
  /** CID of its root, which is no edition: nothing of it is signed, logged or stored. */
  root: string;
  /** Its blocks, and those that are stored. */
  read: BlockReader;
  /** Articles that are not published as they are shown here, by their ids. */
  changed: Map<string, ChangedArticle>;
  warnings: readonly Finding[];
}

export interface ChangedArticle {
  source: string;
  /** What holds it back; nothing where the next publication has it. */
  held: HeldBack | undefined;
}

export interface BuildEffects {
  repository: Repository;
  now: Date;
  clock: ClockReading;
  signal: AbortSignal;
  cache: RevisionCache;
  /** Starts what makes pictures; it is let go of with the state that it was started for, and the memory with it. */
  pictures(): PictureMaker;
  /** Variants that were made before. */
  shelf: MemoryShelf;
}

/** Revisions that were made before, by source: most are the same when a single file has changed. */
export type RevisionCache = Map<string, { key: string; made: MadeRevision }>;

/**
 * Makes what the next publication would make, with drafts and embargoed articles in it, without signatures and in memory.
 *
 * @throws {OvnError} `source`, with the findings of every bad file.
 */
export async function buildPreview(effects: BuildEffects): Promise<PreviewSite> {
  const { repository, cache, shelf } = effects;
  const { due, warnings } = await planAll(effects);
  const blocks = new Map<string, Uint8Array>();
  const sink = ({ cid, bytes }: Block): void => void blocks.set(keyOf(cid), bytes);
  const read: BlockReader = async (cid) =>
    blocks.get(keyOf(cid)) ?? shelf.block(cid) ?? repository.blockstore.getBytes(cid);
  await prepareAll(due, warnings, effects, read);
  const shared = await addShared(repository, sink);
  const head = repository.head();
  const previous = head === undefined ? undefined : await openPrevious(head, read);
  const revisions: MadeRevision[] = [];
  for (const article of due) revisions.push(await remake(article, shared, repository, cache));
  for (const source of cache.keys()) if (!due.some((one) => one.source === source)) cache.delete(source);
  for (const made of revisions) made.blocks.forEach(sink);
  repository.articles.stage(revisions.map(({ staged }) => staged));
  try {
    const changes = revisions.map(({ change }) => change);
    const renews = head !== undefined && !pagesStand(head, shared.theme?.cid ?? '', repository);
    const context = { repository, head, previous, shared, bundlePage: bundlePages(read), renews, read, sink };
    const trees = await makeTrees(context, changes, () => {});
    const entries = [...trees.entries, ...(await keptEntries(previous))];
    const { cid } = await addDirectory(entries, sink);
    const changed = new Map(due.map(({ source, article, held }) => [article.id, { source, held }]));
    const found = [...warnings, ...revisions.flatMap((made) => made.warnings)];
    return { root: cid.toString(), read, changed, warnings: found };
  } finally {
    repository.articles.discardStaged();
  }
}

function planAll({ repository, now, clock, signal }: BuildEffects): ReturnType<typeof planPublication> {
  return planPublication(repository, {
    paths: [repository.articlesDir],
    whole: true,
    allowFuture: false,
    includeHeld: true,
    releasedUntil: believedUntil(repository, clock),
    now,
    signal,
  });
}

/** A revision without signatures, made anew where anything that it depends on has changed. */
async function remake(
  due: DueArticle,
  shared: Shared,
  { dir, settingsDigest }: Repository,
  cache: RevisionCache,
): Promise<MadeRevision> {
  const { digest } = due.record;
  const theme = shared.theme?.cid;
  const key = JSON.stringify([digest, due.previous?.cid, settingsDigest, shared.publication.masthead, theme]);
  const cached = cache.get(due.source);
  if (cached?.key === key) return cached.made;
  const role = shared.mastheads.newest.masthead.roles.desk;
  const context: BundleContext = { ...shared, root: dir, desk: { role, signers: [], proofs: {} } };
  const made = await makeRevision(due, context, (document) => ({
    document,
    bytes: canonicalBytes(document),
  }));
  cache.set(due.source, { key, made });
  return made;
}

/** The log and the manifest are those of the head: a preview has none of its own. */
async function keptEntries(previous: PreviousEdition | undefined): Promise<DirectoryEntry[]> {
  if (previous === undefined) return [];
  const log = await previous.tree.get(['log']);
  const entries = [{ name: 'manifest.json', ...previous.manifestLink }];
  return log === undefined ? entries : [{ name: 'log', ...log }, ...entries];
}

function keyOf(cid: CID): string {
  return Buffer.from(cid.multihash.bytes).toString('latin1');
}

async function prepareAll(
  due: readonly DueArticle[],
  warnings: Finding[],
  { repository, pictures, shelf, signal }: BuildEffects,
  read: BlockReader,
): Promise<void> {
  await using maker = pictures();
  await preparePictures(due, warnings, {
    root: repository.dir,
    pictures: maker,
    shelf: shelf.over({ repository, read }),
    signal,
  });
}
