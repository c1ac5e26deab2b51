import { OvnError } from '../errors.ts';
import { ORIGIN_PREFIX, originOf } from '../log/origin.ts';
import { rawCid } from '../unixfs/hash.ts';
import { rawKeyOf } from './did-key.ts';
import type { Masthead, Role } from './masthead.ts';
import { parseMasthead } from './parse-masthead.ts';
import { verifyProofs } from './verify-proofs.ts';

declare const VERIFIED: unique symbol;

/** One masthead of a chain. */
export interface MastheadVersion {
  masthead: Masthead;
  /** CID (raw) of its bytes. */
  cid: string;
}

/** A chain of mastheads that holds. It comes only from {@link readMastheads}. */
export interface VerifiedMastheads {
  readonly [VERIFIED]: true;
  /** CID of masthead 1. Whether it is the publication that was meant is for the caller to compare. */
  readonly publicationId: string;
  /** Name of the log. */
  readonly origin: string;
  /** Version n at index n - 1; at least one. */
  readonly versions: readonly MastheadVersion[];
  readonly newest: MastheadVersion;
}

/** Most versions that are read. */
export const MOST_VERSIONS = 1024;

/**
 * Follows a chain of mastheads from version 1, by the rules of TUF's root role (TUF 1.0.34, section 5.3).
 * Expiry is not judged here: it costs only "current", see `expiryCheck`.
 *
 * @param files the bytes of versions 1, 2, 3 … in order.
 * @throws {OvnError} `malformed` or `limit` for bytes that are no masthead, else `refused`, naming the
 * version.
 */
export function readMastheads(files: readonly Uint8Array[]): VerifiedMastheads {
  if (files.length > MOST_VERSIONS) throw new OvnError('limit', `more than ${MOST_VERSIONS} mastheads`);
  const [bytes, ...later] = files;
  if (bytes === undefined) throw new OvnError('refused', 'there is no masthead');
  let newest = readFirst(bytes);
  const versions = [newest];
  for (const next of later) {
    newest = readNext(newest, next);
    versions.push(newest);
  }
  const publicationId = versions[0]?.cid ?? newest.cid;
  const chain = { publicationId, origin: newest.masthead.origin, versions, newest };
  return chain as unknown as VerifiedMastheads;
}

/** Says of a chain that it holds, in words for people. */
export function tellChain({ versions: { length } }: VerifiedMastheads): string {
  return `${length} masthead${length === 1 ? '' : 's'}, signed in turn`;
}

function readFirst(bytes: Uint8Array): MastheadVersion {
  return named(1, () => {
    const masthead = parseMasthead(bytes);
    requireVersion(masthead, 1);
    requireOwnOrigin(masthead);
    requireSignatures(masthead, [masthead.roles.masthead]);
    return { masthead, cid: rawCid(bytes).toString() };
  });
}

function readNext({ masthead: before }: MastheadVersion, bytes: Uint8Array): MastheadVersion {
  return named(before.version + 1, () => {
    const masthead = parseMasthead(bytes);
    requireSuccessor(before, masthead);
    requireSignatures(masthead, [before.roles.masthead, masthead.roles.masthead]);
    return { masthead, cid: rawCid(bytes).toString() };
  });
}

/**
 * What must hold between a masthead and the next one, signatures apart.
 *
 * @throws {OvnError} `refused`.
 */
export function requireSuccessor(before: Masthead, next: Masthead): void {
  requireVersion(next, before.version + 1);
  requireSameOrigin(before, next);
  requireRevocationsKept(before, next);
}

/** Says of which version an error speaks. */
function named<T>(version: number, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof OvnError)) throw error;
    throw new OvnError(error.code, `masthead ${version}: ${error.message}`, { cause: error });
  }
}

/** TUF 5.3.5: versions without gaps. */
function requireVersion({ version }: Masthead, expected: number): void {
  if (version !== expected) throw refusal(`version ${version} stands in its place`);
}

/**
 * An origin made from a key is made from this publication's first log key, so that nobody takes another's.
 */
function requireOwnOrigin({ origin, roles }: Masthead): void {
  if (!origin.startsWith(ORIGIN_PREFIX)) return;
  const first = roles.log.keys[0]?.id ?? '';
  if (origin !== originOf(rawKeyOf(first))) throw refusal('the origin is not that of the first log key');
}

function requireSameOrigin(before: Masthead, { origin }: Masthead): void {
  if (origin !== before.origin) throw refusal(`the origin changed from ${before.origin} to ${origin}`);
}

/** The list only grows, and what it says of a key stays. */
function requireRevocationsKept(before: Masthead, { revoked = [] }: Masthead): void {
  const now = new Map(revoked.map(({ id, fromEntry }) => [id, fromEntry]));
  const lost = before.revoked?.find(({ id, fromEntry }) => now.get(id) !== fromEntry);
  if (lost !== undefined) throw refusal(`the revocation of ${lost.id} is gone or changed`);
}

/**
 * TUF 5.3.4: signed by the threshold of every role given. Nobody else signs: a masthead's CID is part of what
 * is compared.
 */
function requireSignatures(masthead: Masthead, roles: readonly Role[]): void {
  const authorised = new Set(roles.flatMap(({ keys }) => keys.map(({ id }) => id)));
  const signed = verifyProofs(masthead, { authorised, now: 'timeless' });
  if (signed.size !== masthead.proof?.length) throw refusal('signed by a key that does not hold the role');
  for (const { keys, threshold } of roles) {
    const count = keys.filter(({ id }) => signed.has(id)).length;
    if (count < threshold) throw refusal(`${count} of the ${threshold} signatures that are needed`);
  }
}

function refusal(message: string): OvnError {
  return new OvnError('refused', message);
}
