import { existsSync } from 'node:fs';
import { slugOfName } from '../../article/category-names.ts';
import { OvnError } from '../../errors.ts';
import type { Repository } from '../../repo/repository.ts';
import { locate, namedSource } from '../../repo/source-files.ts';
import type { BlockReader } from '../../unixfs/block.ts';
import { findSource } from '../correcting/find-source.ts';
import { lockPaper } from '../lock-paper.ts';
import { resolveTarget } from '../resolve-target.ts';
import { allSources, type CategorySource, readCategorySources } from './category-sources.ts';
import { type CategoryMove, editSource, fileChanges } from './edit-source.ts';
import { type Foresight, foresee } from './foresee.ts';
import { findCategory, knownCategories, requireCategory, requireName, spellingOf } from './known-category.ts';
import type { NewsroomEffects } from './newsroom-effects.ts';
import { writeTogether } from './write-together.ts';

export interface MoveOptions {
  /** Ids, slugs, sources or CIDs of articles; none for all that are in `from`. */
  articles: readonly string[];
  /** Slug or name. At least one of both is there. */
  from: string | undefined;
  to: string | undefined;
  dryRun: boolean;
}

export interface MoveEffects extends NewsroomEffects {
  read: BlockReader;
}

/** What `ovn category move --json` prints. */
export interface MoveReport extends Foresight {
  /** Slugs. */
  from: string | null;
  to: string | null;
  /** Articles that stay where they are, because their sources are gone. */
  left: { id: string; source: string }[];
  /** Nothing is written under `--dry-run`. */
  written: boolean;
}

/**
 * Moves articles from one category into another, or into or out of one, in their sources: all of them or none. The next publication
 * makes the revisions; what was published before goes on saying what it said.
 *
 * @throws {OvnError} `usage`; `not-found` for an article or a category that is not there; `source` for a source with errors.
 */
export async function moveArticles(
  { articles, from: fromWhat, to: toWhat, dryRun }: MoveOptions,
  effects: MoveEffects,
): Promise<MoveReport> {
  if (fromWhat === undefined && (toWhat === undefined || articles.length === 0))
    throw new OvnError('usage', 'which articles? Name some, or --from a category');
  const { repository } = effects;
  await using _lock = await lockPaper(effects);
  const sources = readCategorySources(repository, allSources(repository));
  const known = knownCategories(repository, sources);
  const from = fromWhat === undefined ? undefined : requireCategory(repository, known, fromWhat);
  const to = toWhat === undefined ? undefined : targetOf(repository, known, toWhat, sources);
  if (from !== undefined && from.slug === to?.slug)
    throw new OvnError('usage', `"${toWhat}" is ${from.slug}, where they are already`);
  const chosen = articles.length === 0 ? sources : await chooseSources(articles, sources, effects);
  if (articles.length > 0 && from !== undefined) requireInside(chosen, from.slug);
  const move: CategoryMove = { from: from?.slug, to };
  const decided = repository.settings.categories ?? {};
  const edited = chosen.flatMap((source) => editSource(source, move, decided) ?? []);
  const foresight = foresee(edited, repository.settings, effects);
  if (!dryRun) writeTogether(fileChanges(repository, edited));
  const left = articles.length === 0 && from !== undefined ? sourceless(repository, from.slug) : [];
  return { from: from?.slug ?? null, to: to?.slug ?? null, ...foresight, left, written: !dryRun };
}

/** Articles of a category whose sources are gone. */
export function sourceless(
  { articles, dir }: Repository,
  category: string,
): { id: string; source: string }[] {
  return articles
    .list({ category })
    .filter(({ source }) => !existsSync(locate(dir, source)))
    .map(({ id, source }) => ({ id, source }));
}

/** A category that is there, or a new one of that name. */
function targetOf(
  repository: Repository,
  known: ReadonlyMap<string, string>,
  what: string,
  sources: readonly CategorySource[],
): NonNullable<CategoryMove['to']> {
  const found = findCategory(repository, known, what);
  if (found !== undefined) return { slug: found.slug, name: spellingOf(repository, found, sources) };
  const name = requireName(what);
  return { slug: slugOfName(name, repository.settings.categories ?? {}), name };
}

/** The sources of the named articles, each once. A source that is not published yet is named by its path. */
async function chooseSources(
  named: readonly string[],
  sources: readonly CategorySource[],
  effects: MoveEffects,
): Promise<CategorySource[]> {
  const byPath = new Map(sources.map((each) => [each.source, each]));
  const chosen = new Set<CategorySource>();
  for (const what of named) {
    const path = namedSource(effects.repository, what);
    chosen.add(byPath.get(path) ?? (await sourceOf(what, byPath, effects)));
  }
  return [...chosen];
}

async function sourceOf(
  what: string,
  byPath: ReadonlyMap<string, CategorySource>,
  { repository, read }: MoveEffects,
): Promise<CategorySource> {
  const { article } = await resolveTarget(repository, read, what);
  if (article === undefined)
    throw new OvnError('not-found', `${what} is no article that is published here, and no source`);
  const found = byPath.get(findSource(repository, article)?.source ?? '');
  if (found !== undefined) return found;
  throw new OvnError('not-found', `the source of ${article.id} is gone (${article.source})`, {
    hint: `ovn get ${article.id} --format md -o ${article.source} makes it again; put its pictures beside it.`,
  });
}

/** @throws {OvnError} `not-found` where one of them is not in the category. */
function requireInside(chosen: readonly CategorySource[], slug: string): void {
  const outside = chosen.find(({ slugs }) => !slugs.includes(slug));
  if (outside === undefined) return;
  throw new OvnError(
    'not-found',
    `${outside.source} is not in ${slug}: it is in ${outside.slugs.join(', ')}`,
  );
}
