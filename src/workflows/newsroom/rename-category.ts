import { type CategoryDecisions, decisionOf, slugOfName } from '../../article/category-names.ts';
import type { CategoryDecision } from '../../article/document.ts';
import { categorySlug } from '../../article/slug.ts';
import { OvnError } from '../../errors.ts';
import type { Repository } from '../../repo/repository.ts';
import { lockPaper } from '../lock-paper.ts';
import { allSources, readCategorySources } from './category-sources.ts';
import { editSource, fileChanges } from './edit-source.ts';
import { type Foresight, foresee } from './foresee.ts';
import { knownCategories, requireCategory, requireName, requireSlug } from './known-category.ts';
import { sourceless } from './move-articles.ts';
import type { NewsroomEffects } from './newsroom-effects.ts';
import { editSettings, type SettingsEdit } from './settings-file.ts';
import { writeTogether } from './write-together.ts';

export interface RenameOptions {
  /** Slug or name. */
  what: string;
  name: string;
  /** Its new slug; without it the slug stays, and with it every address. */
  slug: string | undefined;
  dryRun: boolean;
}

/** What `ovn category rename --json` prints. */
export interface RenameReport extends Foresight {
  from: { slug: string; name: string };
  to: { slug: string; name: string };
  /** What ovn.json says of the new slug from then on. */
  decision: CategoryDecision;
  /** Articles that stay under the old slug, because their sources are gone. */
  left: { id: string; source: string }[];
  /** Nothing is written under `--dry-run`. */
  written: boolean;
}

/**
 * Gives a category another name. Its slug is its address and stays: ovn.json says the name, no source is touched and no article gets a
 * revision. With another slug it is another category: all its sources move there, and ovn.json notes the former slug, so that
 * addresses lead on. Everything or nothing.
 *
 * @throws {OvnError} `usage`, `not-found`; `exists` where another category is called so; `source` for a source with errors.
 */
export async function renameCategory(
  { what, name: wanted, slug: wantedSlug, dryRun }: RenameOptions,
  effects: NewsroomEffects,
): Promise<RenameReport> {
  const { repository } = effects;
  const name = requireName(wanted);
  await using _lock = await lockPaper(effects);
  const sources = readCategorySources(repository, allSources(repository));
  const known = knownCategories(repository, sources);
  const from = requireCategory(repository, known, what);
  const to = { slug: wantedSlug === undefined ? from.slug : requireSlug(wantedSlug), name };
  const decided = repository.settings.categories ?? {};
  requireFree(from, to, known, repository);
  const decision = decisionAfter(from, to, decided);
  const { change, settings } = editSettings(repository, editsOf(from.slug, to.slug, decision, decided));
  const after = settings.categories ?? {};
  if (slugOfName(name, after) !== to.slug)
    throw new OvnError('exists', `a source that says "${name}" would be in ${slugOfName(name, after)}`, {
      hint: 'Choose another name, or move its articles: ovn category move --from … --to …',
    });
  const moves = from.slug !== to.slug;
  const edited = moves
    ? sources.flatMap((source) => editSource(source, { from: from.slug, to }, after) ?? [])
    : [];
  const foresight = foresee(edited, settings, effects);
  // ovn.json last: until it is written, the same command run again goes on.
  if (!dryRun) writeTogether([...fileChanges(repository, edited), change]);
  const left = moves ? sourceless(repository, from.slug) : [];
  return { from, to, decision, ...foresight, left, written: !dryRun };
}

function requireFree(
  from: { slug: string; name: string },
  to: { slug: string; name: string },
  known: ReadonlyMap<string, string>,
  { articles, settings }: Repository,
): void {
  if (to.slug === from.slug && to.name === from.name)
    throw new OvnError('exists', `${from.slug} is called "${from.name}" already`);
  const others = [...known].filter(([slug]) => slug !== from.slug);
  const settled = new Set([...articles.categoryNames().keys(), ...Object.keys(settings.categories ?? {})]);
  // Sources that were moved before a crash.
  const isBegun = (slug: string, name: string): boolean =>
    slug === to.slug && name === to.name && !settled.has(slug);
  const other = others.find(
    ([slug, name]) =>
      (slug === to.slug || name === to.name || slug === categorySlug(to.name)) && !isBegun(slug, name),
  );
  if (other === undefined) return;
  const [slug, name] = other;
  throw new OvnError('exists', `there is a category ${slug} already, "${name}"`, {
    hint: `To put both together: ovn category move --from ${from.slug} --to ${slug}`,
  });
}

/** Whatever was said of it stays; the slugs that its former names and addresses have lead to it. */
function decisionAfter(
  from: { slug: string; name: string },
  to: { slug: string; name: string },
  decided: CategoryDecisions,
): CategoryDecision {
  const { topic, formerly = [] } = decisionOf(decided, from.slug) ?? {};
  const slugs = new Set([...formerly, from.slug, categorySlug(from.name)]);
  slugs.delete(to.slug);
  if (slugs.size === 0 && topic === undefined) return to.name;
  return {
    name: to.name,
    ...(topic === undefined ? {} : { topic }),
    ...(slugs.size === 0 ? {} : { formerly: [...slugs] }),
  };
}

function editsOf(
  from: string,
  to: string,
  decision: CategoryDecision,
  decided: CategoryDecisions,
): SettingsEdit[] {
  const value = typeof decision === 'string' ? decision : { ...decision };
  const edits: SettingsEdit[] = [{ path: ['categories', to], value }];
  return from === to || !Object.hasOwn(decided, from)
    ? edits
    : [...edits, { path: ['categories', from], value: undefined }];
}
