import type { ArticleDocument } from '../../article/document.ts';
import type { Entry } from '../../edition/archive.ts';
import { entryOf } from '../../edition/entry.ts';
import type { PublicationEvent } from '../../repo/events.ts';
import type { Head } from '../../repo/head.ts';
import type { StoredMasthead } from '../../repo/mastheads.ts';
import type { Repository } from '../../repo/repository.ts';
import { clearRestoredMark } from '../../repo/restored-mark.ts';
import type { StagedRevision } from '../../repo/staged-changes.ts';
import { findSources, type KnownSource, vacantSource } from './known-sources.ts';
import type { NewerEdition } from './newer-edition.ts';

/** Of a source that is not known: no digest is equal to it. */
const NO_DIGEST = '';

/** All that is to be written, found out before anything is. */
export interface Rebuild {
  events: PublicationEvent[];
  mastheads: StoredMasthead[];
  revisions: { event: PublicationEvent; staged: StagedRevision }[];
  sources: Map<string, KnownSource>;
  /** The editions that are missing, the new head last. */
  heads: Head[];
  /** Names of the new head's categories, by slug. */
  categoryNames: [slug: string, name: string][];
}

/** Reads from the edition what its log tells beyond what is recorded: index, mastheads and manifests. */
export async function prepareRebuild(
  repository: Repository,
  edition: NewerEdition,
  events: PublicationEvent[],
): Promise<Rebuild> {
  const documents = new Map<string, ArticleDocument>();
  const entries = new Map<string, Entry>();
  for (const { article: id } of events) {
    if (id === undefined || entries.has(id)) continue;
    const { document, link } = await edition.article(id);
    documents.set(id, document);
    entries.set(id, entryOf(document, link));
  }
  const sources = await findSources(repository, documents);
  const revisions = [];
  for (const event of events) {
    const entry = entries.get(event.article ?? '');
    if (entry === undefined) continue;
    const source = sources.get(entry.id) ?? knownSource(repository, entry.id);
    revisions.push({ event, staged: await revisionOf(event, entry, source, edition) });
  }
  return {
    events,
    revisions,
    sources,
    mastheads: await missingMastheads(repository, edition, events),
    heads: await missingHeads(repository, edition),
    categoryNames: Object.entries(edition.manifest.categories).map(([slug, { name }]) => [slug, name]),
  };
}

/**
 * Writes all of it in one transaction: before it there is the old head, after it the new one (invariant 3). Every block that
 * it names is stored before.
 */
export function commitRebuild(repository: Repository, rebuild: Rebuild): void {
  const { events, mastheads, sources, heads } = rebuild;
  const head = heads.at(-1);
  repository.transaction(() => {
    for (const masthead of mastheads) repository.addMasthead(masthead);
    for (const group of groupsOf(rebuild)) {
      repository.articles.stage(group.revisions);
      repository.articles.commitStaged(group.sequence, group.time);
    }
    repository.articles.nameCategories(rebuild.categoryNames);
    for (const event of events) repository.events.append(event);
    for (const { record } of sources.values()) if (record !== undefined) repository.sources.put(record);
    for (const [id, { path }] of sources) repository.articles.moveSource(id, path);
    for (const each of heads) repository.writeHead(each);
    if (head !== undefined) repository.pins.markComplete([head.edition]);
    clearRestoredMark(repository.meta);
  });
}

/** Of the revisions before the newest one only their places in the index are kept. */
async function revisionOf(
  { kind, revision = 0, cid }: PublicationEvent,
  newest: Entry,
  { path, record }: KnownSource,
  edition: NewerEdition,
): Promise<StagedRevision> {
  if (revision === newest.revision) {
    return { entry: newest, source: path, digest: record?.digest ?? NO_DIGEST, kind };
  }
  const size = await edition.earlierSize(newest.id, revision);
  return { entry: { ...newest, revision, cid, size }, source: path, digest: NO_DIGEST, kind };
}

function knownSource(repository: Repository, id: string): KnownSource {
  const path = repository.articles.get(id)?.source ?? vacantSource(repository, id);
  return { path, record: undefined };
}

async function missingMastheads(
  repository: Repository,
  edition: NewerEdition,
  events: readonly PublicationEvent[],
): Promise<StoredMasthead[]> {
  let version = repository.mastheads().length;
  const missing: StoredMasthead[] = [];
  for (const { kind, cid } of events) {
    if (kind !== 'masthead') continue;
    version += 1;
    missing.push({ version, cid, bytes: await edition.masthead(version) });
  }
  return missing;
}

async function missingHeads(repository: Repository, edition: NewerEdition): Promise<Head[]> {
  const last = edition.manifest.sequence;
  const heads: Head[] = [];
  for (let sequence = (repository.head()?.sequence ?? 0) + 1; sequence <= last; sequence++) {
    const { cid: manifest, issued, expires } = await edition.issued(sequence);
    const root = sequence === last ? edition.root.toString() : '';
    heads.push({ sequence, edition: root, manifest, issued, expires });
  }
  return heads;
}

interface Group {
  sequence: number;
  time: string;
  revisions: StagedRevision[];
}

/** Revisions of one edition, in the order of the log. */
function groupsOf({ revisions }: Rebuild): Group[] {
  const groups: Group[] = [];
  for (const { event, staged } of revisions) {
    const { sequence, time } = event;
    const last = groups.at(-1);
    if (last?.sequence === sequence && last.time === time) last.revisions.push(staged);
    else groups.push({ sequence, time, revisions: [staged] });
  }
  return groups;
}
