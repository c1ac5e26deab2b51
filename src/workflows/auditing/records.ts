import { OvnError } from '../../errors.ts';
import type { StoredEvent } from '../../repo/events.ts';
import { listKeys } from '../../repo/keyring.ts';
import type { Repository } from '../../repo/repository.ts';
import { readMastheads } from '../../trust/masthead-chain.ts';
import { refusal } from '../verification/judging.ts';
import type { AuditRule } from './rule.ts';

/** Every revision is recorded without a gap, and has its event, in the order of sequences. */
export const eventsAreComplete: AuditRule = async ({ repository }) => {
  const events = repository.events.list();
  const recorded = replay(events);
  const articles = repository.articles.list();
  for (const { id, revision, cid } of articles) {
    requireRevisions(repository, id, revision, cid);
    if (recorded.get(id) !== revision) throw refusal(`revision ${revision} of ${id} has no event`);
  }
  if (recorded.size !== articles.length) throw refusal('an article that has events is not in the index');
  return `${events.length} events, one for every revision of ${articles.length} articles`;
};

/** The newest revision of each article, as its events tell it. */
function replay(events: readonly StoredEvent[]): Map<string, number> {
  const revisions = new Map<string, number>();
  let sequence = 0;
  for (const event of events) {
    const { position, article, revision } = event;
    if (event.sequence < sequence) throw refusal(`event ${position} goes back to sequence ${event.sequence}`);
    sequence = event.sequence;
    if (article === undefined) continue;
    const next = (revisions.get(article) ?? 0) + 1;
    if (revision !== next)
      throw refusal(`event ${position} is revision ${revision} of ${article}, not ${next}`);
    revisions.set(article, next);
  }
  return revisions;
}

function requireRevisions(repository: Repository, id: string, revision: number, cid: string): void {
  const history = repository.articles.history(id);
  const unbroken = history.every((stored, at) => stored.revision === at + 1);
  if (unbroken && history.length === revision && history.at(-1)?.cid === cid) return;
  throw refusal(`the revisions of ${id} are not recorded without a gap`);
}

/** Invariant 7 and the masthead: keys lie where nobody else reads them, and are those that may sign. */
export const keysAreAuthorised: AuditRule = async ({ repository }) => {
  const { newest, publicationId } = readMastheads(repository.mastheads().map(({ bytes }) => bytes));
  if (publicationId !== repository.publicationId) {
    throw refusal('masthead 1 is not the one of this publication');
  }
  const keys = listKeys(repository.keysDir);
  for (const { role, did } of keys) {
    if (newest.masthead.roles[role].keys.some(({ id }) => id === did)) continue;
    throw new OvnError('key', `the ${role} key ${did} is not in the masthead`);
  }
  return `${keys.length} keys, each as the masthead has it`;
};
