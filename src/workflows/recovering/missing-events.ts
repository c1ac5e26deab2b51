import type { OvnError } from '../../errors.ts';
import { encodeEntry, type LogEntry, parseEntry } from '../../log/entry.ts';
import type { PublicationEvent } from '../../repo/events.ts';
import type { Repository } from '../../repo/repository.ts';
import { entryOf } from '../publishing/next-log.ts';
import { refusal } from '../verification/judging.ts';
import type { NewerEdition } from './newer-edition.ts';

const PAGE = 1024;

/**
 * Compares what is recorded here with the log of the edition, entry by entry, as far as both go.
 *
 * @throws {OvnError} `refused` where they are not one history.
 */
export async function requireSameHistory(repository: Repository, edition: NewerEdition): Promise<void> {
  const { log, manifest } = edition;
  const versions = new Map(repository.mastheads().map(({ cid, version }) => [cid, version]));
  const common = Math.min(repository.events.count(), log.head.size);
  for (let from = 0; from < common; from += PAGE) {
    const events = repository.events.list({ from: from + 1, limit: Math.min(PAGE, common - from) });
    for await (const { index, bytes } of log.entries(from, Math.min(from + PAGE, common))) {
      const event = events[index - from];
      if (event !== undefined && Buffer.from(encodeEntry(entryOf(event, versions))).equals(bytes)) continue;
      throw fork(`entry ${index} of its log is not what is recorded here`);
    }
  }
  const sequence = Math.min(repository.head()?.sequence ?? 0, manifest.sequence);
  const own = repository.manifests().find((issued) => issued.sequence === sequence);
  if (own !== undefined && own.manifest !== (await edition.issued(sequence)).cid)
    throw fork(`edition ${sequence} is another one here`);
}

function fork(reason: string): OvnError {
  return refusal(`two histories of one publication: ${reason}`);
}

/** What the edition's log tells beyond what is recorded here, as it would have been recorded. */
export async function missingEvents(
  repository: Repository,
  edition: NewerEdition,
): Promise<PublicationEvent[]> {
  const known = repository.events.count();
  let sequence = (repository.events.last('edition')?.sequence ?? 0) + 1;
  const events: PublicationEvent[] = [];
  for await (const { bytes } of edition.log.entries(Math.min(known, edition.log.head.size))) {
    const entry = parseEntry(bytes);
    events.push(await eventOf(entry, sequence, edition));
    if (entry.kind === 'edition') sequence = entry.sequence + 1;
  }
  return events;
}

async function eventOf(entry: LogEntry, sequence: number, edition: NewerEdition): Promise<PublicationEvent> {
  const { kind, cid } = entry;
  if (kind === 'edition') {
    const { issued } = await edition.issued(entry.sequence);
    return { kind, cid, time: issued, sequence: entry.sequence };
  }
  if (kind === 'masthead') return { kind, cid, time: entry.time, sequence };
  const { article, revision, time } = entry;
  const withheld = entry.withheld === undefined ? {} : { withheld: entry.withheld };
  return { kind, article, revision, cid, time, sequence, ...withheld };
}
