import { join } from 'node:path';
import type { StoredRevision } from '../../repo/article-index.ts';
import type { StoredEvent } from '../../repo/events.ts';
import { readSecret } from '../../repo/key-file.ts';
import { listKeys, loadKey } from '../../repo/keyring.ts';
import type { Repository } from '../../repo/repository.ts';
import { stateOfKey } from '../../trust/key-state.ts';
import { readMastheads } from '../../trust/masthead-chain.ts';
import { refusal } from '../verification/judging.ts';
import type { AuditRule } from './rule.ts';

/** Every revision and every masthead is recorded without a gap, and has its event, in the order of sequences. */
export const eventsAreComplete: AuditRule = async ({ repository }) => {
  const events = repository.events.list();
  const recorded = replay(events, repository);
  const articles = repository.articles.list();
  for (const { id, revision, cid } of articles) {
    requireRevisions(repository, id, revision, cid);
    if (recorded.get(id) !== revision) throw refusal(`revision ${revision} of ${id} has no event`);
  }
  if (recorded.size !== articles.length) throw refusal('an article that has events is not in the index');
  requireMastheads(events, repository);
  requireEditions(events, repository);
  return `${events.length} events, one for every revision of ${articles.length} articles`;
};

/** The newest revision of each article, as its events tell it. */
function replay(events: readonly StoredEvent[], repository: Repository): Map<string, number> {
  const revisions = new Map<string, number>();
  const last = repository.head()?.sequence ?? 0;
  let sequence = 0;
  for (const event of events) {
    const { position, article, revision } = event;
    if (event.sequence < sequence) throw refusal(`event ${position} goes back to sequence ${event.sequence}`);
    sequence = event.sequence;
    if (article === undefined) continue;
    if (sequence > last)
      throw refusal(`event ${position} is of edition ${sequence}, and the head is ${last}`);
    const next = (revisions.get(article) ?? 0) + 1;
    if (revision !== next)
      throw refusal(`event ${position} is revision ${revision} of ${article}, not ${next}`);
    requireRecorded(event, repository.articles.history(article)[next - 1]);
    revisions.set(article, next);
  }
  return revisions;
}

function requireRecorded(event: StoredEvent, revision: StoredRevision | undefined): void {
  const members = ['cid', 'kind', 'sequence', 'time'] as const;
  const wrong = members.filter((member) => event[member] !== revision?.[member]);
  if (wrong.length === 0) return;
  throw refusal(
    `event ${event.position} of ${event.article} has another ${wrong.join(', ')} than its revision`,
  );
}

function requireMastheads(events: readonly StoredEvent[], repository: Repository): void {
  const told = events.filter(({ kind }) => kind === 'masthead').map(({ cid }) => cid);
  for (const [at, { version, cid }] of repository.mastheads().entries()) {
    if (told[at] !== cid) throw refusal(`masthead ${version} has no event`);
  }
}

/** Every edition but the head is recorded before anything that came after it; the head is so with what comes next. */
function requireEditions(events: readonly StoredEvent[], repository: Repository): void {
  const told = events.filter(({ kind }) => kind === 'edition');
  const manifests = repository.manifests().reverse();
  for (const [at, { sequence, manifest }] of manifests.slice(0, -1).entries()) {
    if (told[at]?.sequence !== sequence || told[at]?.cid !== manifest) {
      throw refusal(`edition ${sequence} has no event`);
    }
  }
  if (told.length > manifests.length) throw refusal('an edition has an event and no manifest');
}

function requireRevisions(repository: Repository, id: string, revision: number, cid: string): void {
  const history = repository.articles.history(id);
  const unbroken = history.every((stored, at) => stored.revision === at + 1);
  if (unbroken && history.length === revision && history.at(-1)?.cid === cid) return;
  throw refusal(`the revisions of ${id} are not recorded without a gap`);
}

/**
 * Invariant 7: keys lie where nobody else reads them, and each is the one that its file says. A key that no masthead
 * names is no fault: it may be imported, or proposed, before it is named.
 */
export const keysAreAuthorised: AuditRule = async ({ repository }) => {
  if (repository.isMirror) return 'a mirror has no keys';
  const mastheads = readMastheads(repository.mastheads().map(({ bytes }) => bytes));
  const { publicationId } = mastheads;
  if (publicationId !== repository.publicationId) {
    throw refusal('masthead 1 is not the one of this publication');
  }
  const { keysDir } = repository;
  const keys = listKeys(keysDir);
  let unnamed = 0;
  for (const { role, did, file, encrypted } of keys) {
    if (stateOfKey(mastheads, role, did).state === 'unnamed') unnamed += 1;
    if (encrypted) readSecret(join(keysDir, file));
    else await loadKey(keysDir, did);
  }
  const strange = unnamed === 0 ? '' : `; ${unnamed} of them in no masthead yet`;
  return `${keys.length} keys, readable by their owner only, each what it says${strange}`;
};
