import { type Name, nameOfKey } from '../../node/names/name.ts';
import { listKeys } from '../../repo/keyring.ts';
import type { Repository } from '../../repo/repository.ts';
import { rawKeyOf } from '../../trust/did-key.ts';
import { stateOfKey } from '../../trust/key-state.ts';
import type { VerifiedMastheads } from '../../trust/masthead-chain.ts';
import { chainOf } from '../keys/record-masthead.ts';

/** A name that the mastheads of a publication give it, or once gave it. */
export interface OwnName {
  name: Name;
  /** did:key of its key. */
  did: string;
  state: 'current' | 'retired' | 'revoked';
  /** The first version of the masthead that names the key no more; absent while it does. */
  endedIn?: number;
}

/** All names of a publication: the current ones first, as the masthead has them; then the former ones, newest first. */
export function namesOf(mastheads: VerifiedMastheads): OwnName[] {
  const { versions } = mastheads;
  const dids = versions.toReversed().flatMap(({ masthead }) => masthead.roles.name.keys.map(({ id }) => id));
  return [...new Set(dids)].map((did) => {
    const { state } = stateOfKey(mastheads, 'name', did);
    const last = versions.findLastIndex(({ masthead }) =>
      masthead.roles.name.keys.some(({ id }) => id === did),
    );
    const ended = versions[last + 1]?.masthead.version;
    const known = state === 'unnamed' ? 'retired' : state;
    const name = nameOfKey(rawKeyOf(did));
    return { name, did, state: known, ...(ended === undefined ? {} : { endedIn: ended }) };
  });
}

/** The names of the publication of a repository. */
export function ownNames(repository: Repository): OwnName[] {
  return namesOf(chainOf(repository));
}

/** Those of them whose key is in the keyring. */
export function heldNames(repository: Repository): OwnName[] {
  const held = new Set(
    listKeys(repository.keysDir)
      .filter(({ role }) => role === 'name')
      .map(({ did }) => did),
  );
  return ownNames(repository).filter(({ did }) => held.has(did));
}
