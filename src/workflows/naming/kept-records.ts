import type { Name } from '../../node/names/name.ts';
import type { NameRecords } from '../../node/names/name-router.ts';
import type { Repository } from '../../repo/repository.ts';
import { ownNames } from './own-names.ts';

/** The records that a repository keeps. */
export interface KeptRecords extends NameRecords {
  /** Whether a name is one of the publication that is not revoked. */
  isOwn(name: Name): boolean;
}

/** The records of a repository for others to read and write. Those of its own names are never dropped to make room, whoever brings them. */
export function keptRecords(repository: Repository): KeptRecords {
  const { names } = repository;
  const isOwn = ownNameTest(repository);
  return {
    isOwn,
    get: (name) => names.get(name),
    put: (record) => (isOwn(record.name) ? names.putOwn(record) : names.put(record)),
  };
}

/** The mastheads are read again when there is a new one. */
function ownNameTest(repository: Repository): (name: Name) => boolean {
  let version = 0;
  let own: readonly Name[] = [];
  return (name) => {
    const newest = repository.mastheads().length;
    if (newest !== version) {
      own = ownNames(repository).flatMap((each) => (each.state === 'revoked' ? [] : [each.name]));
      version = newest;
    }
    return own.some((each) => each.equals(name));
  };
}
