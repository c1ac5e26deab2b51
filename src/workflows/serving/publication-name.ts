import { formatName, nameOfKey } from '../../node/names/name.ts';
import type { Repository } from '../../repo/repository.ts';
import { rawKeyOf } from '../../trust/did-key.ts';
import { chainOf } from '../keys/record-masthead.ts';

/** The IPNS name of a publication, `k51…`: that of the first key that its masthead names for it. */
export function publicationName(repository: Repository): string | undefined {
  const newest = chainOf(repository).versions.at(-1);
  const did = newest?.masthead.roles.name.keys[0]?.id;
  return did === undefined ? undefined : formatName(nameOfKey(rawKeyOf(did)));
}
