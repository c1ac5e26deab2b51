import { OvnError } from '../errors.ts';
import { EMPTY_TREE_ROOT } from '../log/empty-tree.ts';
import { areEnough } from '../trust/authorised-keys.ts';
import type { Authority } from '../trust/key-history.ts';
import type { VerifiedMastheads } from '../trust/masthead-chain.ts';
import type { Manifest } from './manifest.ts';
import { UNLISTED } from './root-entries.ts';

/** A name that is one path segment on every system, and no way out of a directory. */
const ENTRY_NAME = /^(?!\.{1,2}$)[A-Za-z0-9._-]{1,255}$/;

/** The manifest is of the publication whose masthead is at hand. */
export function requirePublication({ publication }: Manifest, { publicationId }: VerifiedMastheads): void {
  if (publication.id === publicationId) return;
  throw refusal(`it is of ${publication.id}; the masthead is of ${publicationId}`);
}

/** It names a masthead of the chain, by version and CID. */
export function requireMasthead({ masthead }: Manifest, { versions }: VerifiedMastheads): void {
  const named = versions[masthead.version - 1];
  if (named === undefined) throw refusal(`masthead ${masthead.version} is not at hand`);
  if (named.cid !== masthead.cid)
    throw refusal(`masthead ${masthead.version} is ${named.cid}, not ${masthead.cid}`);
}

/** It does not name a masthead that the log has only behind it. */
export function requireLoggedMasthead({ masthead }: Manifest, at: Authority | undefined): void {
  if (at === undefined || masthead.version <= at.masthead.version) return;
  throw refusal(`it names masthead ${masthead.version}, which the log has only behind it`);
}

/**
 * As many edition keys as the masthead demands signed: the newest one, or the one that the log has before it.
 *
 * @param signed distinct edition keys whose signature fits.
 */
export function requireAuthority(
  mastheads: VerifiedMastheads,
  signed: ReadonlySet<string>,
  at?: Authority,
): string {
  const { roles, version } = at?.masthead ?? mastheads.newest.masthead;
  const { keys, threshold } = roles.edition;
  if (areEnough(mastheads, 'edition', signed, { at })) return `${signed.size} of ${keys.length} edition keys`;
  throw refusal(`signed by ${signed.size} edition keys; masthead ${version} demands ${threshold}`);
}

/** `previous` is there exactly when there is a manifest before. */
export function requireSequence({ sequence, previous }: Manifest): void {
  if (sequence === 1 && previous !== undefined) throw refusal('the first manifest names a previous one');
  if (sequence > 1 && previous === undefined) throw refusal(`manifest ${sequence} names no previous one`);
}

/** It was issued before it expires. Instants of one form order as texts. */
export function requirePeriod({ issued, expires }: Manifest): void {
  if (issued >= expires) throw refusal(`it expires ${expires}, not after it was issued (${issued})`);
}

/** `entries` has safe names in one order, none twice. */
export function requireEntries({ entries }: Manifest): void {
  let before = '';
  for (const { name } of entries) {
    if (!ENTRY_NAME.test(name)) throw refusal(`the entry ${JSON.stringify(name)} is no safe name`);
    if (UNLISTED.includes(name)) throw refusal(`it lists ${name}, which has no place among the entries`);
    if (name <= before) throw refusal(`the entry ${name} is not in order, or there twice`);
    before = name;
  }
}

/** `log` is the masthead's, and a log of nothing has the root of nothing. */
export function requireLog({ log }: Manifest, { origin }: VerifiedMastheads): void {
  if (log.origin !== origin) throw refusal(`the log is ${log.origin}; the masthead says ${origin}`);
  if ((log.size === 0) !== (log.root === EMPTY_TREE_ROOT)) throw refusal('the log’s root is not of its size');
}

function refusal(message: string): OvnError {
  return new OvnError('refused', message);
}
