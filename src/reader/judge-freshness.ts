import type { Manifest } from '../manifest/manifest.ts';
import { isExpired } from '../trust/instant.ts';
import type { VerifiedMastheads } from '../trust/masthead-chain.ts';
import type { Finding } from './ledger.ts';
import type { NameRecord, ReaderMemory } from './memory.ts';
import type { AcceptOptions } from './offered.ts';
import { refusal } from './refusal.ts';

/** What can be out of date. */
export interface Dated {
  manifest: Manifest;
  known: VerifiedMastheads;
  name: NameRecord | undefined;
  /** Whether a newer edition is known. */
  superseded: boolean;
}

/**
 * Rule 6, freeze (TUF 1.0.34, sections 5.3.10 and 5.4.4): manifest, masthead and name record are unexpired. Age alone is no
 * falsehood: what is expired stays readable, and is only not confirmed as current. Gives whether it is fresh.
 */
export function judgeFreshness(
  memory: ReaderMemory | undefined,
  dated: Dated,
  { now, requireCurrent }: Pick<AcceptOptions, 'now' | 'requireCurrent'>,
): Finding<boolean> {
  const stale = dated.superseded ? 'a newer edition is known' : expiredOf(dated, now);
  if (stale === undefined) return { value: true, detail: `until ${dated.manifest.expires}` };
  if (requireCurrent) throw refusal(`not current: ${stale}`);
  const last = memory === undefined ? '' : `; last confirmed ${memory.seenAt}`;
  return {
    value: false,
    detail: `${stale}: genuine, but not confirmed as current${last}`,
    result: 'not-checked',
  };
}

function expiredOf({ manifest, known, name }: Dated, now: Date): string | undefined {
  const { version, expires } = known.newest.masthead;
  if (isExpired(manifest.expires, now)) return `the manifest expired ${manifest.expires}`;
  if (isExpired(expires, now)) return `masthead ${version} expired ${expires}`;
  if (name !== undefined && isExpired(name.expires, now)) return `the name record expired ${name.expires}`;
  return undefined;
}
