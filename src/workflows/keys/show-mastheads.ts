import type { Repository } from '../../repo/repository.ts';
import { isExpired } from '../../trust/instant.ts';
import type { Masthead } from '../../trust/masthead.ts';
import { chainOf } from './record-masthead.ts';

export interface ShownMasthead {
  version: number;
  cid: string;
  expires: string;
  expired: boolean;
  /** did:keys. */
  signedBy: string[];
  roles: Masthead['roles'];
  revoked: NonNullable<Masthead['revoked']>;
}

/** What `ovn masthead show --json` prints. */
export interface ShownMastheads {
  publication: string;
  origin: string;
  /** Version 1 first. */
  versions: ShownMasthead[];
}

/** The chain of mastheads of a repository, verified, for people. */
export function showMastheads(repository: Repository, now: Date): ShownMastheads {
  const { publicationId, origin, versions } = chainOf(repository);
  return {
    publication: publicationId,
    origin,
    versions: versions.map(({ cid, masthead: { version, expires, roles, revoked = [], proof = [] } }) => ({
      version,
      cid,
      expires,
      expired: isExpired(expires, now),
      signedBy: proof.map(({ verificationMethod }) =>
        verificationMethod.slice(0, verificationMethod.indexOf('#')),
      ),
      roles,
      revoked,
    })),
  };
}
