import type { EditionTrees } from '../../edition/build-edition.ts';
import type { Manifest, ManifestCategory } from '../../manifest/manifest.ts';
import type { Repository } from '../../repo/repository.ts';
import type { Settings } from '../../repo/settings.ts';
import type { StagedRevision } from '../../repo/staged-changes.ts';
import { readMastheads } from '../../trust/masthead-chain.ts';
import { OUTLET_MEMBERS } from './pages-stand.ts';

/** What a publication changes of the edition besides its articles. Stable: it is part of `ovn publish --json`. */
export interface EditionChanges {
  /** Name, tagline, language and url of the outlet that are others now; null where there is none. */
  outlet: OutletChange[];
  /** Categories that come, go, get another name or another number of articles; by slug. */
  categories: CategoryChange[];
  /** Where the outlet changed: published articles whose bundles stay as they are, and say what they said. */
  keptBundles: number;
}

type Outlet = Pick<Settings, (typeof OUTLET_MEMBERS)[number]>;

export interface OutletChange {
  member: (typeof OUTLET_MEMBERS)[number];
  before: string | null;
  after: string | null;
}

export interface CategoryChange {
  slug: string;
  /** Null where it is new. */
  before: NamedCount | null;
  /** Null where it goes. */
  after: NamedCount | null;
  /** Of a category with another name: articles in it whose bundles stay as they are, and say the former one. */
  keptBundles: number;
  /** What goes on naming a category that goes. */
  namedBy: NamedBy;
}

export interface NamedCount {
  name: string;
  count: number;
}

export interface NamedBy {
  /** CIDs of pins that were made by its slug. They keep what it was. */
  pins: string[];
  /** did:keys of the desk that are limited to it, and perhaps others. */
  keys: string[];
  /** Names of remotes that are given it. */
  remotes: string[];
}

export const NO_CHANGES: EditionChanges = { outlet: [], categories: [], keptBundles: 0 };
const NOBODY: NamedBy = { pins: [], keys: [], remotes: [] };

/** What is different between the head's manifest and the edition that follows it. */
export function changesOf(
  repository: Repository,
  before: Manifest | undefined,
  trees: EditionTrees,
  staged: readonly StagedRevision[],
): EditionChanges {
  const outlet = before === undefined ? [] : compareOutlet(before.publication, repository.settings);
  const after = new Map(Array.from(trees.categories, ([slug, state]) => [slug, namedCount(state)]));
  // A new rendering leaves the names of categories as they were.
  const revised = staged.filter(({ kind }) => kind !== 'rerender');
  const inIt = (slug: string): number =>
    revised.filter(({ entry }) => entry.categories.some((category) => category.slug === slug)).length;
  return {
    outlet,
    categories: compareCategories(repository, before?.categories ?? {}, after, inIt),
    keptBundles: outlet.length === 0 ? 0 : repository.articles.archive().count() - staged.length,
  };
}

/** What is said of the outlet in other words. */
export function compareOutlet(before: Outlet, after: Outlet): OutletChange[] {
  return OUTLET_MEMBERS.flatMap((member) => {
    const [was, is] = [before[member] ?? null, after[member] ?? null];
    return was === is ? [] : [{ member, before: was, after: is }];
  });
}

/**
 * Categories that differ, by slug.
 *
 * @param revised how many articles that are in a category afterwards get a bundle that says its new name.
 */
export function compareCategories(
  repository: Repository,
  before: Readonly<Record<string, Pick<ManifestCategory, 'name' | 'count'>>>,
  after: ReadonlyMap<string, NamedCount>,
  revised: (slug: string) => number,
): CategoryChange[] {
  const slugs = [...new Set([...Object.keys(before), ...after.keys()])].sort();
  return slugs.flatMap((slug) => {
    const listed = Object.hasOwn(before, slug) ? before[slug] : undefined;
    const was = listed === undefined ? null : namedCount(listed);
    const is = after.get(slug) ?? null;
    if (was?.name === is?.name && was?.count === is?.count) return [];
    const isRenamed = was !== null && is !== null && was.name !== is.name;
    const keptBundles = isRenamed ? Math.max(0, is.count - revised(slug)) : 0;
    const namedBy = is === null ? whoNames(repository, slug) : NOBODY;
    return [{ slug, before: was, after: is, keptBundles, namedBy }];
  });
}

/** What of this repository names a category by its slug. */
export function whoNames(repository: Repository, slug: string): NamedBy {
  const pins = repository.pins.list().filter(({ kind, name }) => kind === 'category' && name === slug);
  const { desk } = readMastheads(repository.mastheads().map(({ bytes }) => bytes)).newest.masthead.roles;
  const remotes = repository.homes.list().filter(({ categories }) => categories?.includes(slug));
  return {
    pins: pins.map(({ cid }) => cid),
    keys: desk.keys.filter(({ categories }) => categories?.includes(slug)).map(({ id }) => id),
    remotes: remotes.map(({ name }) => name),
  };
}

function namedCount({ name, count }: NamedCount): NamedCount {
  return { name, count };
}
