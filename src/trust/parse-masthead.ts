import * as v from 'valibot';
import { parseCanonical } from '../bundle/canonical-json.ts';
import type { Masthead, RoleKey } from './masthead.ts';
import type { Proof } from './proof.ts';
import { COUNT, DID_KEY, INSTANT, POSITIVE, requireShape, SLUG } from './shape.ts';

/** Largest masthead that is read, in bytes: one block. */
export const MASTHEAD_LIMIT = 256 * 1024;
const MAX_DEPTH = 8;
const MOST_KEYS = 100;

/**
 * A C2SP signed-note key name without what needs escaping: a domain, perhaps with a path, or `ovn.log/<16
 * hex>`.
 */
const ORIGIN = v.pipe(v.string(), v.maxLength(255), v.regex(/^[a-z0-9](?:[a-z0-9./-]*[a-z0-9])?$/));

const LIMITS = v.pipe(
  v.array(SLUG),
  v.minLength(1),
  v.check((slugs) => isDistinct(slugs), 'a category twice'),
);
const ROLE = roleOf(v.strictObject({ id: DID_KEY }));
const DESK_ROLE = roleOf(v.strictObject({ id: DID_KEY, categories: v.exactOptional(LIMITS) }));
const REVOKED = v.pipe(
  v.array(v.strictObject({ id: DID_KEY, fromEntry: COUNT })),
  v.minLength(1),
  v.check((revoked) => isDistinct(revoked.map(({ id }) => id)), 'a key twice'),
);
/** Judged by `verifyProofs`. */
const PROOF = v.array(v.custom<Proof>(() => true));

/**
 * The shape of a masthead, and what must hold inside one. Unknown members are refused: a reader who does not
 * know a rule must not judge by half of it.
 */
export const MASTHEAD: v.GenericSchema<unknown, Masthead> = v.pipe(
  v.strictObject({
    format: v.literal('ovn-masthead/1'),
    version: POSITIVE,
    expires: INSTANT,
    origin: ORIGIN,
    roles: v.strictObject({ masthead: ROLE, edition: ROLE, desk: DESK_ROLE, log: ROLE, name: ROLE }),
    revoked: v.exactOptional(REVOKED),
    proof: v.exactOptional(PROOF),
  }),
  v.check((masthead) => holdsNoRevokedKey(masthead), 'a revoked key still holds a role'),
);

/**
 * Reads the bytes of one masthead. Nothing is known yet of its signatures.
 *
 * @throws {OvnError} `limit` or `malformed`: not canonical, an unknown format or member, a rule of its own
 * broken.
 */
export function parseMasthead(bytes: Uint8Array): Masthead {
  const value = parseCanonical(bytes, { limit: MASTHEAD_LIMIT, maxDepth: MAX_DEPTH });
  return requireShape(MASTHEAD, value, 'masthead');
}

function roleOf<T extends RoleKey>(key: v.GenericSchema<unknown, T>) {
  return v.pipe(
    v.strictObject({
      keys: v.pipe(v.array(key), v.minLength(1), v.maxLength(MOST_KEYS)),
      threshold: POSITIVE,
    }),
    v.check(({ keys }) => isDistinct(keys.map(({ id }) => id)), 'a key is in the role twice'),
    v.check(({ keys, threshold }) => threshold <= keys.length, 'the threshold is above the number of keys'),
  );
}

function isDistinct(texts: readonly string[]): boolean {
  return new Set(texts).size === texts.length;
}

function holdsNoRevokedKey({ roles, revoked = [] }: Masthead): boolean {
  const gone = new Set(revoked.map(({ id }) => id));
  return Object.values(roles).every(({ keys }) => keys.every(({ id }) => !gone.has(id)));
}
