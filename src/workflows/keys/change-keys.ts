import { OvnError } from '../../errors.ts';
import { MASTHEAD_DAYS, ROLES, type RoleName } from '../../trust/masthead.ts';
import type { VerifiedMastheads } from '../../trust/masthead-chain.ts';
import type { MastheadChange } from '../../trust/next-masthead.ts';
import { changeMasthead, type MastheadEffects, type MastheadReport } from './change-masthead.ts';

const DAY_MS = 86_400_000;

export interface KeyChangeOptions {
  dryRun: boolean;
}

/** Adds a key to a role: a new one of this keyring, or with `did` one whose private half is somebody else's. */
export function addKey(
  { role, did, categories }: { role: RoleName; did?: string | undefined; categories: string[] },
  effects: MastheadEffects,
  options: KeyChangeOptions,
): Promise<MastheadReport> {
  const limits = categories.length === 0 ? {} : { categories: [...new Set(categories)] };
  return changeMasthead(
    async (_mastheads, makeKey) => {
      if (role !== 'desk' && categories.length > 0) {
        throw new OvnError('usage', 'only a desk key can be limited to categories');
      }
      return [{ kind: 'add-key', role, key: { id: did ?? (await makeKey(role)), ...limits } }];
    },
    effects,
    options,
  );
}

/**
 * Puts a new key in the place of one, with its limits. The old one stays in the keyring, and what it signed stays
 * valid.
 *
 * @param wanted a role with one key, or a did:key.
 */
export function rotateKey(
  wanted: string,
  effects: MastheadEffects,
  options: KeyChangeOptions,
): Promise<MastheadReport> {
  return changeMasthead(
    async (mastheads, makeKey) => {
      const changes: MastheadChange[] = [];
      for (const { role, id } of findNamed(mastheads, wanted)) {
        const old = mastheads.newest.masthead.roles[role].keys.find((key) => key.id === id);
        const key = { ...old, id: await makeKey(role) };
        changes.push({ kind: 'add-key', role, key }, { kind: 'remove-key', role, id });
      }
      return changes;
    },
    effects,
    options,
  );
}

/** Takes a key out of its roles: what the log has of it before stays valid, and it signs nothing more. */
export function retireKey(
  did: string,
  effects: MastheadEffects,
  options: KeyChangeOptions,
): Promise<MastheadReport> {
  return changeMasthead(async (mastheads) => removals(findNamed(mastheads, did)), effects, options);
}

/**
 * Takes a key out of its roles, and disowns what it signed from an entry of the log on. A key that was retired can be
 * revoked as well.
 *
 * @param fromEntry index of the log's entry, from 0.
 */
export function revokeKey(
  { did, fromEntry }: { did: string; fromEntry: number },
  effects: MastheadEffects,
  options: KeyChangeOptions,
): Promise<MastheadReport> {
  return changeMasthead(
    async (mastheads) => {
      const size = effects.repository.events.count();
      if (fromEntry > size) {
        throw new OvnError(
          'usage',
          `the log has ${size} entries: there is none from ${fromEntry} on to disown`,
        );
      }
      requireKnown(mastheads, did);
      const named = rolesNaming(mastheads, did);
      return [...removals(named), { kind: 'revoke-key', id: did, fromEntry }];
    },
    effects,
    options,
  );
}

/** Limits a desk key to categories; to none: lets it sign for all. */
export function limitKey(
  { did, categories }: { did: string; categories: string[] },
  effects: MastheadEffects,
  options: KeyChangeOptions,
): Promise<MastheadReport> {
  const limits = categories.length === 0 ? {} : { categories: [...new Set(categories)] };
  return changeMasthead(async () => [{ kind: 'limit-key', id: did, ...limits }], effects, options);
}

/** Sets how many keys of a role must sign. */
export function setThreshold(
  { role, threshold }: { role: RoleName; threshold: number },
  effects: MastheadEffects,
  options: KeyChangeOptions,
): Promise<MastheadReport> {
  return changeMasthead(async () => [{ kind: 'set-threshold', role, threshold }], effects, options);
}

/** Makes the masthead good for so many days from now on; 5 years where nothing is said. */
export function extendMasthead(
  { days = MASTHEAD_DAYS }: { days?: number | undefined },
  effects: MastheadEffects,
  options: KeyChangeOptions,
): Promise<MastheadReport> {
  const expires = new Date(effects.now.getTime() + days * DAY_MS);
  return changeMasthead(async () => [{ kind: 'extend', expires }], effects, options);
}

interface NamedKey {
  role: RoleName;
  id: string;
}

/** The key that a role (with one key) or a did:key names, in each role that it has. */
function findNamed(mastheads: VerifiedMastheads, wanted: string): NamedKey[] {
  const role = ROLES.find((name) => name === wanted);
  if (role === undefined) {
    const named = rolesNaming(mastheads, wanted);
    if (named.length > 0) return named;
    throw new OvnError('not-found', `the masthead names no key ${wanted}`, {
      hint: 'ovn masthead show says whom it names.',
    });
  }
  const keys = mastheads.newest.masthead.roles[role].keys;
  if (keys.length > 1) {
    const ids = keys.map(({ id }) => id).join(', ');
    throw new OvnError('usage', `the masthead names several ${role} keys: ${ids}`, {
      hint: 'Name one by its did:key.',
    });
  }
  return keys.map(({ id }) => ({ role, id }));
}

function rolesNaming({ newest }: VerifiedMastheads, did: string): NamedKey[] {
  const { roles } = newest.masthead;
  return ROLES.filter((role) => roles[role].keys.some(({ id }) => id === did)).map((role) => ({
    role,
    id: did,
  }));
}

function removals(named: readonly NamedKey[]): MastheadChange[] {
  return named.map(({ role, id }) => ({ kind: 'remove-key', role, id }));
}

function requireKnown({ versions }: VerifiedMastheads, did: string): void {
  const known = versions.some(({ masthead }) =>
    ROLES.some((role) => masthead.roles[role].keys.some(({ id }) => id === did)),
  );
  if (known) return;
  throw new OvnError('not-found', `no masthead ever named ${did}: it has signed nothing that counts`);
}
