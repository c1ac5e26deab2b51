import { parseSource } from '../../article/parse-source.ts';
import { normaliseSource } from '../../article/source-text.ts';
import { type Finding, OvnError } from '../../errors.ts';
import type { ClockReading } from '../../repo/last-clock.ts';
import type { Repository } from '../../repo/repository.ts';
import type { Settings } from '../../repo/settings.ts';
import { covers } from '../../trust/authorised-keys.ts';
import type { Role } from '../../trust/masthead.ts';
import { readMastheads } from '../../trust/masthead-chain.ts';
import { currentNames } from '../publishing/current-categories.ts';
import { compareCategories, type EditionChanges } from '../publishing/edition-changes.ts';
import { believedUntil } from '../publishing/release-clock.ts';
import type { EditedSource } from './edit-source.ts';

/** A source that is edited, and what the next publication makes of it. */
export interface EditedReport {
  source: string;
  /** Article id; null of a source that is held back and does not say it. */
  id: string | null;
  /** Names of its categories, as written. */
  before: string[];
  after: string[];
  /** `revised`: a new revision; `new`: its first; `held`: nothing, because it is held back. */
  next: 'revised' | 'new' | 'held';
  /** Whether too few desk keys may sign it in its new categories. */
  unsignable: boolean;
}

export interface Foresight {
  sources: EditedReport[];
  changes: EditionChanges;
}

interface ForeseeEffects {
  repository: Repository;
  now: Date;
  clock: ClockReading;
}

/**
 * What a publication makes of edited sources and of another ovn.json, by itself: what else waits to be published is not looked at.
 *
 * @throws {OvnError} `source`, with the findings, where an edited source has errors.
 */
export function foresee(
  edited: readonly EditedSource[],
  settings: Settings,
  effects: ForeseeEffects,
): Foresight {
  const { repository } = effects;
  const { desk } = readMastheads(repository.mastheads().map(({ bytes }) => bytes)).newest.masthead.roles;
  const findings: Finding[] = [];
  const sources = edited.flatMap((each) => reportOf(each, settings, effects, desk, findings) ?? []);
  if (findings.length > 0)
    throw new OvnError('source', 'sources have errors; nothing was changed', {
      findings,
      hint: 'Mend what is named above and run it again.',
    });
  const due = new Set(sources.filter(({ next }) => next !== 'held').map(({ source }) => source));
  const made = edited.filter(({ source }) => due.has(source));
  const counts = countsAfter(repository, sources, made);
  const names = currentNames({ articles: repository.articles, settings });
  for (const { newNames, newSlugs } of made)
    for (const [at, slug] of newSlugs.entries()) if (!names.has(slug)) names.set(slug, newNames[at] ?? slug);
  const after = Array.from(
    counts,
    ([slug, count]) => [slug, { name: names.get(slug) ?? slug, count }] as const,
  );
  const inIt = (slug: string): number => made.filter(({ newSlugs }) => newSlugs.includes(slug)).length;
  const categories = compareCategories(repository, repository.categories(), new Map(after), inIt);
  return { sources, changes: { outlet: [], categories, keptBundles: 0 } };
}

/** How many articles each category has afterwards; those that have none are left out. */
function countsAfter(
  repository: Repository,
  reports: readonly EditedReport[],
  made: readonly EditedSource[],
): Map<string, number> {
  const counts = new Map<string, number>();
  const add = (slugs: Iterable<string>, change: number): void => {
    for (const slug of new Set(slugs)) counts.set(slug, (counts.get(slug) ?? 0) + change);
  };
  const ids = new Map(reports.map(({ source, id }) => [source, id]));
  for (const { source, newSlugs } of made) {
    add(repository.articles.get(ids.get(source) ?? '')?.categories.map(({ slug }) => slug) ?? [], -1);
    add(newSlugs, 1);
  }
  for (const [slug, { count }] of Object.entries(repository.categories()))
    counts.set(slug, (counts.get(slug) ?? 0) + count);
  return new Map([...counts].filter(([, count]) => count > 0));
}

/** What is wrong with a source goes to the findings; one that is held back is reported all the same. */
function reportOf(
  { source, edited, names, newNames, newSlugs }: EditedSource,
  settings: Settings,
  { repository, now, clock }: ForeseeEffects,
  desk: Role,
  findings: Finding[],
): EditedReport | undefined {
  const parsed = parseSource({
    file: source,
    text: normaliseSource(Buffer.from(edited, 'utf8'), source),
    language: settings.language,
    categoryNames: settings.categories ?? {},
    today: now.toISOString().slice(0, 10),
    allowFuture: false,
    releasedUntil: believedUntil(repository, clock),
  });
  findings.push(...parsed.findings.filter(({ severity }) => severity === 'error'));
  const id = parsed.article?.id ?? repository.sources.get(source)?.articleId;
  if (id === undefined && parsed.held === undefined) return undefined;
  const isPublished = id !== undefined && repository.articles.get(id) !== undefined;
  const next = parsed.held !== undefined ? 'held' : isPublished ? 'revised' : 'new';
  const unsignable = desk.keys.filter((key) => covers(key, newSlugs)).length < desk.threshold;
  return { source, id: id ?? null, before: names, after: newNames, next, unsignable };
}
