import { authorisedKeys } from '../trust/authorised-keys.ts';
import { type Check, requirePassed, runCheck, skipChecks } from '../trust/check.ts';
import { isExpired } from '../trust/instant.ts';
import { judgeSignature } from '../trust/judge-signature.ts';
import type { Authority } from '../trust/key-history.ts';
import type { VerifiedMastheads } from '../trust/masthead-chain.ts';
import { rawCid } from '../unixfs/hash.ts';
import type { Manifest } from './manifest.ts';
import { parseManifestJson, requireManifest } from './parse-manifest.ts';
import {
  requireAuthority,
  requireEntries,
  requireLog,
  requireLoggedMasthead,
  requireMasthead,
  requirePeriod,
  requirePublication,
  requireSequence,
} from './rules.ts';

declare const VERIFIED: unique symbol;

/** A manifest that holds. It comes only from {@link judgeManifest} and {@link readManifest}. */
export interface VerifiedManifest {
  readonly [VERIFIED]: true;
  readonly manifest: Manifest;
  /** CID (raw) of its bytes: the identity of its sequence. */
  readonly cid: string;
  /** Whether it was unexpired at the `now` that it was judged by. */
  readonly current: boolean;
}

/** What the rules say of a manifest: every check in order, and the manifest when none failed. */
export interface ManifestJudgement {
  checks: Check[];
  verified: VerifiedManifest | undefined;
}

/** Checks that need the manifest's content, in the order in which they are reported. */
const CONTENT_CHECKS = [
  'publication',
  'masthead-version',
  'signature',
  'key-authorised',
  'sequence',
  'period',
  'entries',
  'log',
];

/**
 * Judges the bytes of a manifest: checks `canonical`, `format`, `publication`, `masthead-version`,
 * `signature`, `key-authorised`, `sequence`, `period`, `entries`, `log`. Expiry is no refusal: see `current`,
 * and `expiryCheck`. What the manifest links to is not looked at.
 *
 * @param mastheads the newest ones known; a manifest is judged by the newest of them, unless `at` says otherwise.
 * @param at who may sign where the log records this edition: of a manifest that has an `edition` entry.
 */
export function judgeManifest(
  bytes: Uint8Array,
  mastheads: VerifiedMastheads,
  now: Date,
  at?: Authority,
): ManifestJudgement {
  const checks: Check[] = [];
  const manifest = readShape(checks, bytes);
  if (manifest === undefined) skipChecks(checks, CONTENT_CHECKS, 'not a manifest');
  else judgeContent(checks, manifest, mastheads, now, at);
  if (manifest === undefined || checks.some(({ result }) => result !== 'pass'))
    return { checks, verified: undefined };
  const current = !isExpired(manifest.expires, now);
  const verified = { manifest, cid: rawCid(bytes).toString(), current } as unknown as VerifiedManifest;
  return { checks, verified };
}

/**
 * The manifest, when every rule holds.
 *
 * @throws {OvnError} `refused`, with the first rule that does not.
 */
export function readManifest(
  bytes: Uint8Array,
  mastheads: VerifiedMastheads,
  now: Date,
  at?: Authority,
): VerifiedManifest {
  const { checks, verified } = judgeManifest(bytes, mastheads, now, at);
  requirePassed(checks, 'manifest');
  if (verified === undefined) throw new Error('a manifest without a failed check is verified');
  return verified;
}

function readShape(checks: Check[], bytes: Uint8Array): Manifest | undefined {
  const value = runCheck(
    checks,
    'canonical',
    () => parseManifestJson(bytes),
    () => `${bytes.length} bytes of canonical JSON`,
  );
  if (value !== undefined)
    return runCheck(
      checks,
      'format',
      () => requireManifest(value),
      ({ format }) => format,
    );
  skipChecks(checks, ['format'], 'not canonical');
  return undefined;
}

function judgeContent(
  checks: Check[],
  manifest: Manifest,
  mastheads: VerifiedMastheads,
  now: Date,
  at: Authority | undefined,
): void {
  const { publication, masthead, sequence, issued, expires, entries, log } = manifest;
  const rule = (name: string, apply: () => void, detail: string) =>
    runCheck(checks, name, apply, () => detail);
  rule('publication', () => requirePublication(manifest, mastheads), publication.id);
  const requireNamed = (): void => {
    requireMasthead(manifest, mastheads);
    requireLoggedMasthead(manifest, at);
  };
  rule('masthead-version', requireNamed, `masthead ${masthead.version}`);
  const authorised = authorisedKeys(mastheads, 'edition', { at });
  judgeSignature(checks, manifest, { authorised, now }, (signed) => requireAuthority(mastheads, signed, at));
  rule('sequence', () => requireSequence(manifest), `${sequence}`);
  rule('period', () => requirePeriod(manifest), `${issued} to ${expires}`);
  rule('entries', () => requireEntries(manifest), `${entries.length} entries`);
  rule('log', () => requireLog(manifest, mastheads), `${log.origin}, ${log.size} entries`);
}
