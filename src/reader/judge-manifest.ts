import { OvnError } from '../errors.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { readManifest, type VerifiedManifest } from '../manifest/read-manifest.ts';
import { areEnough } from '../trust/authorised-keys.ts';
import { authorityAt, readKeyHistory, revokedAt } from '../trust/key-history.ts';
import type { Masthead } from '../trust/masthead.ts';
import type { VerifiedMastheads } from '../trust/masthead-chain.ts';
import type { Chains } from './judge-mastheads.ts';
import type { Finding } from './ledger.ts';
import type { AcceptOptions, Offered } from './offered.ts';
import { refusal } from './refusal.ts';

/** A manifest that holds, and the mastheads that say so. */
export interface JudgedManifest {
  verified: VerifiedManifest;
  /** The masthead that it was judged by: its time's. */
  masthead: Masthead;
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
  const { known } = chains;
  const [first, ...others] = authorities(chains, options, logged?.index);
  const value = judgeByAny([first, ...others], bytes, known, options.now);
  const { verified, masthead } = value;
  requireNotDisowned(value, known, logged?.index ?? claimed.log.size);
  const detail = `manifest ${verified.cid} of sequence ${claimed.sequence}, signed under masthead ${masthead.version}`;
  if (masthead === first) return { value, detail };
  const doubt = `${detail}; whether before its keys were replaced, only a later log says`;
  return { value, detail: doubt, result: 'not-checked' };
}

type Authorities = readonly [Masthead, ...Masthead[]];

/** The mastheads that may speak for a manifest, the one that settles it first. */
function authorities(
  { known, offered }: Chains,
  { later, namedBy }: AcceptOptions,
  index: number | undefined,
): Authorities {
  if (later !== undefined && index !== undefined) {
    const before = later.fold.mastheads.filter((logged) => logged.index < index);
    return [authorityAt(readKeyHistory(known, before), index).masthead];
  }
  const newest = known.newest.masthead;
  return namedBy === 'cid' && offered !== known ? [newest, offered.newest.masthead] : [newest];
}

/** By the first that authorises it. Who was revoked since is asked afterwards. */
function judgeByAny(
  [masthead, ...others]: Authorities,
  bytes: Uint8Array,
  known: VerifiedMastheads,
  now: Date,
): JudgedManifest {
  try {
    return { verified: readManifest(bytes, known, now, { masthead, revoked: new Set() }), masthead };
  } catch (error) {
    const [next, ...rest] = others;
    if (!(error instanceof OvnError) || next === undefined) throw error;
    return judgeByAny([next, ...rest], bytes, known, now);
  }
}

/** A revoked key's signatures count only for entries before the one it was revoked from. */
function requireNotDisowned(
  { verified, masthead }: JudgedManifest,
  known: VerifiedMastheads,
  index: number,
): void {
  const revoked = revokedAt(known, index);
  const signers = (verified.manifest.proof ?? []).map(
    ({ verificationMethod }) => verificationMethod.split('#')[0] ?? '',
  );
  if (areEnough(known, 'edition', new Set(signers), { at: { masthead, revoked } })) return;
  const gone = signers.filter((did) => revoked.has(did));
  throw refusal(`it is entry ${index} of the log, and ${gone.join(', ')} is revoked from before it on`);
}
