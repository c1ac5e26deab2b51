import { listKeys } from '../../repo/keyring.ts';
import type { Repository } from '../../repo/repository.ts';
import { type KeyState, stateOfKey } from '../../trust/key-state.ts';
import { ROLES, type RoleName } from '../../trust/masthead.ts';
import { chainOf } from './record-masthead.ts';

/** A key of the keyring, or one that the masthead names and somebody else has. */
export type ListedKey = {
  role: RoleName;
  id: string;
  /** Whether a passphrase is needed to read it. */
  encrypted: boolean;
  /** Whether it is in this keyring. */
  held: boolean;
} & KeyState;

/** Every key that is here or may sign, role by role; reads no key. */
export function listHeldKeys(repository: Repository): ListedKey[] {
  const mastheads = chainOf(repository);
  const held = listKeys(repository.keysDir);
  return ROLES.flatMap((role) => {
    const here = held.filter((key) => key.role === role);
    const elsewhere = mastheads.newest.masthead.roles[role].keys.filter(
      ({ id }) => !here.some(({ did }) => did === id),
    );
    const keys = [
      ...here.map(({ did, encrypted }) => ({ role, id: did, encrypted, held: true })),
      ...elsewhere.map(({ id }) => ({ role, id, encrypted: false, held: false })),
    ];
    return keys.map((key) => ({ ...key, ...stateOfKey(mastheads, role, key.id) }));
  });
}
