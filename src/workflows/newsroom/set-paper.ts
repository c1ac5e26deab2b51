import { OvnError } from '../../errors.ts';
import type { Repository } from '../../repo/repository.ts';
import type { Settings } from '../../repo/settings.ts';
import { lockPaper } from '../lock-paper.ts';
import { compareOutlet, type EditionChanges } from '../publishing/edition-changes.ts';
import { OUTLET_MEMBERS } from '../publishing/pages-stand.ts';
import { allSources, readCategorySources } from './category-sources.ts';
import type { NewsroomEffects } from './newsroom-effects.ts';
import { editSettings } from './settings-file.ts';
import { writeTogether } from './write-together.ts';

/** What the outlet is called from now on. `null` takes the address out; what is absent stays. */
export interface PaperChanges {
  name?: string | undefined;
  tagline?: string | undefined;
  language?: string | undefined;
  url?: string | null | undefined;
}

/** What `ovn paper set --json` prints. */
export interface PaperReport {
  /** What ovn.json says now. */
  paper: { name: string; tagline: string; language: string; url: string | null };
  /** What the next publication changes of the edition. */
  changes: EditionChanges;
  /** Where the language changes: sources that say none of their own, and get the new one with their next revision. */
  withoutLanguage: string[];
  /** Nothing is written under `--dry-run`, nor where nothing is different. */
  written: boolean;
}

/**
 * Changes what ovn.json says of the outlet, and no other byte of it. The next publication makes all pages anew; bundles and
 * manifests that are published go on saying what they said.
 *
 * @throws {OvnError} `usage` where nothing is to be changed; `malformed` for a value that ovn.json may not have.
 */
export async function setPaper(
  changes: PaperChanges,
  { dryRun }: { dryRun: boolean },
  { repository, lock }: Pick<NewsroomEffects, 'repository' | 'lock'>,
): Promise<PaperReport> {
  const wanted = OUTLET_MEMBERS.filter((member) => changes[member] !== undefined);
  if (wanted.length === 0)
    throw new OvnError('usage', 'nothing is to be changed: --name, --tagline, --url, --no-url or --language');
  await using _lock = await lockPaper({ repository, lock });
  const edits = wanted.map((member) => ({ path: [member], value: changes[member] ?? undefined }));
  const { change, settings } = editSettings(repository, edits);
  const isSame = change.after === change.before;
  if (!dryRun && !isSame) writeTogether([change]);
  const { name, tagline, language, url = null } = settings;
  const isOtherLanguage = language !== repository.settings.language;
  return {
    paper: { name, tagline, language, url },
    changes: outletChanges(repository, settings),
    withoutLanguage: isOtherLanguage ? sourcesWithoutLanguage(repository) : [],
    written: !dryRun && !isSame,
  };
}

/** Against what is published. */
function outletChanges(repository: Repository, after: Settings): EditionChanges {
  const head = repository.head();
  const outlet = head === undefined ? [] : compareOutlet(repository.manifestOf(head).publication, after);
  const keptBundles = outlet.length === 0 ? 0 : repository.articles.archive().count();
  return { outlet, categories: [], keptBundles };
}

function sourcesWithoutLanguage(repository: Repository): string[] {
  const sources = readCategorySources(repository, allSources(repository));
  return sources.filter(({ hasLanguage }) => !hasLanguage).map(({ source }) => source);
}
