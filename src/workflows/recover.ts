import { OvnError } from '../errors.ts';
import type { Repository } from '../repo/repository.ts';
import { clearRestoredMark, markNames } from '../repo/restored-mark.ts';
import { formatInstant } from '../trust/instant.ts';
import type { Block, BlockReader } from '../unixfs/block.ts';
import { readDirectory, resolvePath } from '../unixfs/directory.ts';
import { storeDag } from './import-car.ts';
import { forgetTemplate, hasOwnPages, noteTemplate } from './publishing/pages-stand.ts';
import { type OpenTheme, openTheme } from './publishing/theme.ts';
import { noteThemes } from './publishing/used-themes.ts';
import { missingEvents, requireSameHistory } from './recovering/missing-events.ts';
import { type NewerEdition, openNewerEdition } from './recovering/newer-edition.ts';
import { commitRebuild, prepareRebuild, type Rebuild } from './recovering/rebuild.ts';
import { refusal } from './verification/judging.ts';

export interface RecoverOptions {
  /** A CAR file or folder with an edition, or the CID of one that is held. */
  what: string;
  /** The publication that it must be of; needed where the repository knows none itself. */
  publication: string | undefined;
  dryRun: boolean;
}

export interface RecoverEffects {
  /** May be without anything, its masthead too, where the database was lost. */
  repository: Repository;
  node: { read: BlockReader; put(blocks: Iterable<Block>): Promise<void> };
  /** No publication may run meanwhile. */
  lock(): Promise<AsyncDisposable>;
  now: Date;
  signal: AbortSignal;
  onProgress?: (what: string, done: number, total: number) => void;
}

export interface RecoverReport {
  /** `confirmed`: it tells nothing that is not recorded here. */
  status: 'recovered' | 'confirmed';
  publication: string;
  /** Of the head before; 0 where there was none. */
  from: number;
  /** Of the head now. */
  sequence: number;
  edition: string;
  /** Entries of the log that were missing. */
  entries: number;
  /** Articles of which revisions were missing. */
  articles: number;
  /** Those of them whose source is here and says what is published. */
  sources: number;
}

/**
 * Takes in what a newer edition of this publication tells and this repository does not know: after a restored backup, or
 * where the database was lost. The edition is judged whole, its log must go on from what is recorded here, and its blocks
 * are stored; then index, events, mastheads, manifests and head change together. A published revision is never made anew.
 *
 * A crash before the last step leaves blocks that nothing points at.
 *
 * @throws {OvnError} `refused` for an edition that is not genuine, not of this publication, or of another history; `usage`
 * when no publication is known and none is named; `not-found`.
 */
export async function recover(options: RecoverOptions, effects: RecoverEffects): Promise<RecoverReport> {
  const { repository, node } = effects;
  const edition = await openNewerEdition(options.what, { ...effects, read: node.read });
  requirePublication(repository, edition, options);
  await using _lock = await effects.lock();
  await requireSameHistory(repository, edition);
  const from = repository.head()?.sequence ?? 0;
  if (edition.manifest.sequence <= from) return confirm(repository, edition, options);
  if (repository.events.count() > edition.log.head.size)
    throw refusal('more is recorded here than the newer edition tells: this is another history');
  const rebuild = await prepareRebuild(repository, edition, await missingEvents(repository, edition));
  if (!options.dryRun) {
    await storeDag(edition.root, edition.read, { put: node.put, signal: effects.signal });
    effects.signal.throwIfAborted();
    const shown = await openIfWhole(repository);
    const ownPages = await hasOwnPages(edition.root, shown, edition.read);
    const themes = await themesIn(edition);
    repository.transaction(() => {
      // An edition tells nothing of names: who signed on from nothing would begin at 1 again (invariant 5).
      if (from === 0) markNames(repository.meta, formatInstant(effects.now));
      commitRebuild(repository, rebuild);
      if (ownPages) noteTemplate(repository, shown?.theme.cid ?? '');
      else forgetTemplate(repository);
      noteThemes(repository, themes);
    });
  }
  return describe(edition, from, rebuild);
}

/** The theme may be lost with everything else: then the next publication says so. */
async function openIfWhole(repository: Repository): Promise<OpenTheme | undefined> {
  try {
    return await openTheme(repository, () => {});
  } catch (error) {
    if (error instanceof OvnError) return undefined;
    throw error;
  }
}

/** All that it keeps: which of them only its own pages were made by is not known here. */
async function themesIn({ root, read }: NewerEdition): Promise<string[]> {
  const folder = await resolvePath(root, ['themes'], read);
  return folder === undefined ? [] : (await readDirectory(folder.cid, read)).map(({ name }) => name);
}

function requirePublication(
  repository: Repository,
  { manifest }: NewerEdition,
  { publication }: RecoverOptions,
): void {
  const own = repository.mastheads()[0]?.cid;
  const { id } = manifest.publication;
  if (own === undefined && publication === undefined) {
    throw new OvnError('usage', `nothing here says which publication this is; the edition is of ${id}`, {
      hint: `If that is the one: --publication ${id}`,
    });
  }
  for (const expected of [own, publication])
    if (expected !== undefined && expected !== id)
      throw refusal(`it is of publication ${id}, not of ${expected}`);
}

/** An edition that is not newer: what is here is not behind it. That of the head itself says so of all of it. */
function confirm(
  repository: Repository,
  { manifest }: NewerEdition,
  { dryRun }: RecoverOptions,
): RecoverReport {
  const head = repository.head();
  const sequence = head?.sequence ?? 0;
  if (!dryRun && manifest.sequence === sequence)
    repository.transaction(() => clearRestoredMark(repository.meta));
  return {
    status: 'confirmed',
    publication: manifest.publication.id,
    from: sequence,
    sequence,
    edition: head?.edition ?? '',
    entries: 0,
    articles: 0,
    sources: 0,
  };
}

function describe(
  { root, manifest }: NewerEdition,
  from: number,
  { events, sources }: Rebuild,
): RecoverReport {
  return {
    status: 'recovered',
    publication: manifest.publication.id,
    from,
    sequence: manifest.sequence,
    edition: root.toString(),
    entries: events.length,
    articles: new Set(events.flatMap(({ article }) => article ?? [])).size,
    sources: [...sources.values()].filter(({ record }) => record !== undefined).length,
  };
}
