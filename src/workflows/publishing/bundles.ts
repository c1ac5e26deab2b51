import { addedCorrections } from '../../article/differences.ts';
import type { PublicationReference } from '../../article/document.ts';
import type { Look } from '../../article/look.ts';
import {
  type BundleMedia,
  buildBundle,
  type SharedFile,
  type SignArticle,
} from '../../bundle/build-bundle.ts';
import type { EditionChange } from '../../edition/change.ts';
import { entryOf } from '../../edition/entry.ts';
import { renderArticlePage } from '../../edition/pages/article-page.ts';
import type { ListedEntry } from '../../edition/pages/lists.ts';
import type { Publication } from '../../edition/publication.ts';
import type { Finding } from '../../errors.ts';
import type { EventKind } from '../../repo/events.ts';
import type { StagedRevision } from '../../repo/staged-changes.ts';
import type { Theme } from '../../theme/theme.ts';
import type { Block, Link } from '../../unixfs/block.ts';
import { addFile } from '../../unixfs/file.ts';
import { type Desk, signArticle } from './desk.ts';
import { addMedia } from './media.ts';
import type { DueArticle } from './plan.ts';

export interface BundleContext {
  root: string;
  publication: PublicationReference;
  style: SharedFile;
  /** Of both, nothing where the look is the built-in one. */
  theme?: Theme | undefined;
  look?: Look | undefined;
  masthead: Link;
  desk: Desk;
  /** The outlet as pages of the edition name it, without its look; absent where they are not made with the bundles. */
  site?: Publication;
}

/** A revision that goes into the next edition. */
export interface Revision {
  staged: StagedRevision;
  change: EditionChange;
}

/** A finished revision with what is to be stored, and what is to be said of it. */
export interface MadeRevision extends Revision {
  blocks: Block[];
  /** Its index.html, from which its page in the edition is made; it does not come from another thread. */
  page?: Uint8Array;
  /** Its page in the edition, where that was made too; its blocks are the first. */
  sitePage?: Link;
  warnings: Finding[];
}

/**
 * Makes the bundle of a due article: what goes into the index, and the blocks that go into the store first.
 *
 * @param sign otherwise the desk does.
 */
export async function makeRevision(
  due: DueArticle,
  context: BundleContext,
  sign: SignArticle = (document) => signArticle(document, context.desk),
): Promise<MadeRevision> {
  const { article, published, record, source } = due;
  const mediaBlocks: Block[] = [];
  const media = await gatherMedia(due, context.root, mediaBlocks);
  const revision = (published?.revision ?? 0) + 1;
  const bundle = await buildBundle(
    {
      ...context,
      article,
      source,
      media,
      revision,
      ...(due.previous === undefined ? {} : { previous: due.previous }),
    },
    sign,
  );
  const { document, link } = bundle;
  const entry = entryOf(document, link);
  const withheld = document.withheld === undefined ? {} : { withheld: document.withheld };
  const staged: StagedRevision = { entry, source, digest: record.digest, kind: kindOf(due), ...withheld };
  const former = published === undefined ? {} : { former: published };
  return {
    staged,
    change: { entry, link, ...former, ...withheld },
    blocks: [...mediaBlocks, ...bundle.blocks],
    page: bundle.page,
    warnings: bundle.warnings,
  };
}

/** The same revision with its page in the edition, which leads on to the `related` articles. */
export async function withSitePage(
  made: MadeRevision,
  { site, look }: BundleContext,
  related: readonly ListedEntry[],
): Promise<MadeRevision> {
  const { staged, page, blocks } = made;
  if (site === undefined || page === undefined) return made;
  const own: Block[] = [];
  const bytes = renderArticlePage({ ...site, look }, staged.entry, page, related);
  const sitePage = await addFile(bytes, (block) => void own.push(block));
  return { ...made, sitePage, blocks: [...own, ...blocks] };
}

/**
 * Two references to the same picture are one file that answers both. Two pictures that look the same when they are small may share a
 * variant: it is that of the first.
 */
export async function gatherMedia(
  due: Pick<DueArticle, 'article' | 'media'>,
  root: string,
  blocks: Block[],
): Promise<BundleMedia[]> {
  const files = new Map<string, BundleMedia>();
  const variants: BundleMedia[] = [];
  for (const item of due.media) {
    const [added, ...smaller] = await addMedia(root, item, due.article, (block) => void blocks.push(block));
    const same = files.get(added.file.path);
    files.set(added.file.path, same === undefined ? added : merge(same, added));
    variants.push(...smaller);
  }
  for (const variant of variants) {
    if (!files.has(variant.file.path)) files.set(variant.file.path, variant);
  }
  return [...files.values()];
}

function merge(first: BundleMedia, second: BundleMedia): BundleMedia {
  const source = [...(first.file.source ?? []), ...(second.file.source ?? [])].sort();
  const lead = second.file.lead ? second.file : first.file;
  return { link: first.link, file: { ...lead, source } };
}

/**
 * A revision of a retracted article is a retraction; one that adds a correction or a clarification is a correction; any
 * other, with or without a stated reason, is an update.
 */
function kindOf({ article, previous }: DueArticle): EventKind {
  if (previous === undefined) return 'publish';
  if (article.retraction !== undefined) return 'retraction';
  const added = addedCorrections(previous.document.correction ?? [], article.corrections);
  return added.some(({ kind }) => kind !== 'update') ? 'correction' : 'update';
}
