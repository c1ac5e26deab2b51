import { join } from 'node:path';
import { instantOf } from '../../article/calendar.ts';
import { OvnError } from '../../errors.ts';
import { CategoryChooser, type CategorySource } from '../../ingest/choose-categories.ts';
import type { Collection, ForeignPost } from '../../ingest/foreign-post.ts';
import type { Repository } from '../../repo/repository.ts';
import { sourcePath } from '../../repo/source-files.ts';
import { breathe } from './breathe.ts';
import type { ForeignFolder } from './folder-files.ts';
import { knownCategories } from './known-categories.ts';
import { ArticleMaker, type PublishedElsewhere } from './make-article.ts';
import type { IngestedArticle, IngestReport } from './report.ts';
import { SourceWriter } from './write-article.ts';

export interface IngestOptions {
  /** A folder below the repository's articles; '' is that folder. */
  into: string;
  /** Categories of what has none. */
  categories: readonly string[];
  categoriesFrom: readonly CategorySource[];
  force: boolean;
  dryRun: boolean;
}

export interface IngestEffects {
  repository: Repository;
  /** Where images beside the texts are read. */
  folder: ForeignFolder | undefined;
  /** Gets an image; absent when nothing is to be fetched. */
  fetch: ((url: URL) => Promise<Uint8Array>) | undefined;
  now: Date;
  signal: AbortSignal;
  onProgress(done: number, total: number): void;
}

/**
 * Writes the posts of a folder or an export as sources of articles, with their images beside them. Nothing is published.
 * A run after the same posts changes nothing; a source that is there and says something else stays unless `force` is set.
 *
 * @throws OvnError `interrupted`; `usage` for an `into` that leads out of the articles.
 */
export async function ingest(
  collection: Collection,
  options: IngestOptions,
  effects: IngestEffects,
): Promise<IngestReport> {
  const { repository, signal } = effects;
  const folder = targetFolder(repository, options.into);
  const writer = new SourceWriter(folder, repository, options);
  const known = await knownCategories(repository, signal);
  const chooser = new CategoryChooser(options.categoriesFrom, options.categories, known);
  const maker = new ArticleMaker(chooser, {
    ...effects,
    held: (stem) => writer.imageHeld(stem),
    publishedFrom: (id, name) => writer.publishedFrom(id, name),
  });
  const articles: IngestedArticle[] = [];
  const leftOut = [...collection.leftOut];
  const posts = inOrder(collection.posts);
  for (const [index, post] of posts.entries()) {
    await breathe(index, signal);
    effects.onProgress(index, posts.length);
    const made = await maker.make(post);
    if ('reason' in made) leftOut.push(made);
    else articles.push('source' in made ? reportPublished(made) : writer.write(made));
  }
  const into = sourcePath(repository.dir, folder);
  return { into, dryRun: options.dryRun, articles, leftOut, others: collection.others };
}

function reportPublished({ post, title, id, source }: PublishedElsewhere): IngestedArticle {
  const held = post.held === undefined ? {} : { held: post.held };
  return { source, id, title, from: post.origin, status: 'published', ...held, images: [], lost: [] };
}

function targetFolder({ articlesDir }: Repository, into: string): string {
  const segments = into.split(/[/\\]/).filter((segment) => segment !== '' && segment !== '.');
  if (segments.some((segment) => segment.startsWith('.')) || /^(?:[a-z]:|[/\\])/i.test(into)) {
    throw new OvnError(
      'usage',
      `--into names a folder below ${articlesDir}, without leading dots; found ${into}`,
    );
  }
  return join(articlesDir, ...segments);
}

/** By date, so that of two with one name the older one keeps it when more are added; else as they came. */
function inOrder(posts: readonly ForeignPost[]): ForeignPost[] {
  const instant = ({ date }: ForeignPost): number => (date === undefined ? 0 : instantOf(date));
  return posts.toSorted((a, b) => instant(a) - instant(b));
}
