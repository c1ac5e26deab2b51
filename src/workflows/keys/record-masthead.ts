import { OvnError } from '../../errors.ts';
import { type Repository, requirePaper } from '../../repo/repository.ts';
import { formatInstant } from '../../trust/instant.ts';
import { type MastheadVersion, readMastheads, type VerifiedMastheads } from '../../trust/masthead-chain.ts';
import type { MastheadEffects } from './change-masthead.ts';

/** Reads the chain of mastheads that a repository holds. @throws {OvnError} `usage` in a mirror, which has none. */
export function chainOf(repository: Repository): VerifiedMastheads {
  requirePaper(repository);
  return readMastheads(repository.mastheads().map(({ bytes }) => bytes));
}

/**
 * Makes a signed masthead the newest one: it and its event are stored in one transaction, the publication of the head
 * before it, so that the log has the head's edition before whatever changes who may sign. The caller holds the publish
 * lock. The next publication names it.
 *
 * @throws {OvnError} `refused` when it does not follow the newest, or too few signed it.
 */
export function recordMasthead(
  { repository, now, onStep }: Pick<MastheadEffects, 'repository' | 'now' | 'onStep'>,
  bytes: Uint8Array,
): MastheadVersion {
  const stored = repository.mastheads();
  const { newest } = readMastheads([...stored.map((each) => each.bytes), bytes]);
  const { cid } = newest;
  const version = stored.length + 1;
  repository.transaction(() => {
    if (repository.mastheads().length !== stored.length) {
      throw new OvnError('busy', 'another process recorded a masthead; run it again');
    }
    repository.recordHeadEdition();
    repository.addMasthead({ version, cid, bytes });
    onStep?.('masthead', 'within');
    const sequence = (repository.head()?.sequence ?? 0) + 1;
    repository.events.append({ kind: 'masthead', cid, time: formatInstant(now), sequence });
  });
  return newest;
}
