import { sha256, toHex } from './bytes.ts';
import { parseCanonical } from './canonical.ts';
import { Refused } from './failure.ts';
import {
  count,
  instant,
  just,
  listOf,
  matching,
  object,
  positive,
  requireShape,
  type Shape,
} from './shape.ts';
import { rawKeyOf, verifyProofs } from './signature.ts';
import { requireFile, type Store } from './store.ts';

export interface RoleKey {
  id: string;
  categories?: string[];
}

export interface Role {
  keys: RoleKey[];
  threshold: number;
}

export interface Masthead {
  version: number;
  expires: string;
  origin: string;
  roles: Record<'masthead' | 'edition' | 'desk' | 'log' | 'name', Role>;
  revoked?: { id: string; fromEntry: number }[];
  proof: unknown[];
}

/** A chain of mastheads that holds. */
export interface Mastheads {
  /** CID of masthead 1. */
  publication: string;
  origin: string;
  /** Version n stands in place n - 1. */
  versions: { masthead: Masthead; cid: string }[];
  newest: Masthead;
}

const MASTHEAD_LIMIT = 256 * 1024;
const MAX_DEPTH = 8;
const MOST_VERSIONS = 1024;

const didKey: Shape = (value) =>
  typeof value === 'string' && rawKeyOf(value) !== undefined ? undefined : ' is no did:key of a sound key';
const keys = (members: Record<string, Shape>) =>
  object(
    {
      keys: listOf(object({ id: didKey, ...members }, { closed: true }), { least: 1, most: 100 }),
      threshold: positive,
    },
    { closed: true },
  );
const slugs = listOf(matching(/^[a-z0-9-]{1,80}$/), { least: 1 });
const role = keys({});

/** Unknown members are refused: who does not know a rule must not judge by half of it. */
const MASTHEAD = object(
  {
    format: just('ovn-masthead/1'),
    version: positive,
    expires: instant,
    origin: matching(/^[a-z0-9](?:[a-z0-9./-]{0,253}[a-z0-9])?$/),
    roles: object(
      { masthead: role, edition: role, desk: keys({ 'categories?': slugs }), log: role, name: role },
      { closed: true },
    ),
    'revoked?': listOf(object({ id: didKey, fromEntry: count }, { closed: true }), { least: 1 }),
    proof: listOf(() => undefined, { least: 1 }),
  },
  { closed: true },
);

/**
 * Follows the chain of mastheads in a folder from version 1 (docs/format.md, rules 4 to 9).
 *
 * @param least how many there must be at least; on plain hosting exactly so many are looked at.
 */
export async function readMastheads(store: Store, folder: readonly string[], least = 1): Promise<Mastheads> {
  const size = await countVersions(store, folder, least);
  const versions: Mastheads['versions'] = [];
  for (let version = 1; version <= size; version++) {
    const { bytes, cid } = await requireFile(store, [...folder, `${version}.json`], MASTHEAD_LIMIT);
    const value = parseCanonical(bytes, MASTHEAD_LIMIT, MAX_DEPTH);
    const masthead = requireShape<Masthead>(MASTHEAD, value, `masthead ${version}`);
    await requireMasthead(masthead, version, versions.at(-1)?.masthead);
    versions.push({ masthead, cid });
  }
  const [first, newest] = [versions[0], versions.at(-1)];
  if (first === undefined || newest === undefined) throw new Refused('there is no masthead');
  const { origin } = first.masthead;
  return { publication: first.cid, origin, versions, newest: newest.masthead };
}

/** In a folder are exactly `1.json` to `<n>.json`. */
async function countVersions(store: Store, folder: readonly string[], least: number): Promise<number> {
  const names = await store.list(folder);
  const size = names?.size ?? least;
  if (size > MOST_VERSIONS || size < least)
    throw new Refused(`${size} mastheads; ${least} or more belong there`);
  for (const name of names?.keys() ?? []) {
    if (!/^[1-9]\d*\.json$/.test(name) || Number.parseInt(name, 10) > size) {
      throw new Refused(`${name} has no place among ${size} mastheads`);
    }
  }
  return size;
}

async function requireMasthead(masthead: Masthead, version: number, before?: Masthead): Promise<void> {
  const { roles, revoked = [], origin } = masthead;
  if (masthead.version !== version) throw new Refused(`masthead ${version} says it is ${masthead.version}`);
  for (const [name, { keys, threshold }] of Object.entries(roles)) {
    const ids = keys.map(({ id }) => id);
    if (threshold > ids.length) throw new Refused(`masthead ${version}: not enough ${name} keys`);
    requireDistinct(version, ids);
    for (const { categories = [] } of keys) requireDistinct(version, categories);
    const gone = revoked.find(({ id }) => ids.includes(id));
    if (gone !== undefined) throw new Refused(`masthead ${version}: ${gone.id} is revoked and a ${name} key`);
  }
  requireDistinct(
    version,
    revoked.map(({ id }) => id),
  );
  if (before === undefined) await requireOwnOrigin(masthead);
  else if (origin !== before.origin) throw new Refused(`masthead ${version} has another origin`);
  for (const { id, fromEntry } of before?.revoked ?? []) {
    const kept = revoked.some((each) => each.id === id && each.fromEntry === fromEntry);
    if (!kept) throw new Refused(`masthead ${version} takes the revocation of ${id} back`);
  }
  await requireSigned(
    masthead,
    before === undefined ? [roles.masthead] : [before.roles.masthead, roles.masthead],
  );
}

/** TUF, root role: signed by the threshold of the version before and of its own, and by nobody else. */
async function requireSigned(masthead: Masthead, roles: readonly Role[]): Promise<void> {
  const authorised = new Set(roles.flatMap(({ keys }) => keys.map(({ id }) => id)));
  const signed = await verifyProofs(masthead, authorised, undefined);
  const what = `masthead ${masthead.version}`;
  if (signed.size !== masthead.proof.length) throw new Refused(`${what} is signed by a key without the role`);
  for (const { keys, threshold } of roles) {
    const found = keys.filter(({ id }) => signed.has(id)).length;
    if (found < threshold) throw new Refused(`${what} has ${found} of ${threshold} signatures`);
  }
}

/** An origin made from a key is made from the first log key of masthead 1. */
async function requireOwnOrigin({ origin, roles }: Masthead): Promise<void> {
  const key = rawKeyOf(roles.log.keys[0]?.id ?? '');
  const own = key && `ovn.log/${toHex(await sha256(key)).slice(0, 16)}`;
  if (origin.startsWith('ovn.log/') && origin !== own)
    throw new Refused('the origin is not that of the log key');
}

function requireDistinct(version: number, texts: readonly string[]): void {
  if (new Set(texts).size < texts.length) throw new Refused(`masthead ${version} has something twice`);
}
