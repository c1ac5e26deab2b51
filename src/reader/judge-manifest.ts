import { OvnError } from '../errors.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { readManifest, type VerifiedManifest } from '../manifest/read-manifest.ts';
import { areEnough } from '../trust/authorised-keys.ts';
import { readMastheads, type VerifiedMastheads } from '../trust/masthead-chain.ts';
import type { Chains } from './judge-mastheads.ts';
import { revokedAt, versionAt } from './keys-at-entry.ts';
import type { Finding } from './ledger.ts';
import type { AcceptOptions, Offered } from './offered.ts';
import { refusal } from './refusal.ts';

/** A manifest that holds, and the mastheads that say so. */
export interface JudgedManifest {
  verified: VerifiedManifest;
  /** Up to the version that it was judged by: its time's. */
  mastheads: VerifiedMastheads;
}

/**
 * Rule 4, the manifest: signed by the edition keys, of this publication, well formed (TUF 1.0.34, sections 5.4.2 and
 * 5.6; its one document is timestamp, snapshot and targets, so that nothing can be mixed).
 *
 * One whose `edition` entry is known is judged by the newest masthead logged before that entry; any other by the newest
 * known. An older edition named by its CID may be of a masthead that was replaced since: without a later log nobody can
 * say whether its keys signed before that.
 */
export function judgeManifest(
  { manifest: bytes }: Offered,
  claimed: Manifest,
  chains: Chains,
  options: AcceptOptions,
): Finding<JudgedManifest> {
  const logged = options.later?.fold.editions[claimed.sequence - 1];
  const [first, ...others] = authorities(chains, options, logged?.index);
  const value =
    others.length === 0
      ? judgeBy(first, bytes, options.now)
      : judgeByAny([first, ...others], bytes, options.now);
  requireNotDisowned(value, chains, logged?.index ?? claimed.log.size);
  const { verified, mastheads } = value;
  const version = mastheads.newest.masthead.version;
  const detail = `manifest ${verified.cid} of sequence ${claimed.sequence}, signed under masthead ${version}`;
  if (mastheads === first) return { value, detail };
  const doubt = `${detail}; whether before its keys were replaced, only a later log says`;
  return { value, detail: doubt, result: 'not-checked' };
}

type Authorities = readonly [VerifiedMastheads, ...VerifiedMastheads[]];

/** The mastheads that may speak for a manifest, the one that settles it first. */
function authorities(
  { known, offered, files }: Chains,
  { later, namedBy }: AcceptOptions,
  index: number | undefined,
): Authorities {
  if (later !== undefined && index !== undefined) {
    return [readMastheads(files.slice(0, versionAt(later.fold, index)))];
  }
  return namedBy === 'cid' && offered !== known ? [known, offered] : [known];
}

function judgeBy(mastheads: VerifiedMastheads, bytes: Uint8Array, now: Date): JudgedManifest {
  return { verified: readManifest(bytes, mastheads, now), mastheads };
}

/** By the first that authorises it. */
function judgeByAny([first, ...others]: Authorities, bytes: Uint8Array, now: Date): JudgedManifest {
  try {
    return judgeBy(first, bytes, now);
  } catch (error) {
    const [next, ...rest] = others;
    if (!(error instanceof OvnError) || next === undefined) throw error;
    return judgeByAny([next, ...rest], bytes, now);
  }
}

/** A revoked key's signatures count only for entries before the one it was revoked from. */
function requireNotDisowned({ verified, mastheads }: JudgedManifest, { known }: Chains, index: number): void {
  const revoked = revokedAt(known, index);
  const signers = (verified.manifest.proof ?? []).map(
    ({ verificationMethod }) => verificationMethod.split('#')[0] ?? '',
  );
  const counted = new Set(signers.filter((did) => !revoked.has(did)));
  if (areEnough(mastheads, 'edition', counted)) return;
  const gone = signers.filter((did) => revoked.has(did));
  throw refusal(`it is entry ${index} of the log, and ${gone.join(', ')} is revoked from before it on`);
}
