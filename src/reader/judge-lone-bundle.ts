import { parseArticle } from '../bundle/article-json.ts';
import { everNamed } from '../trust/authorised-keys.ts';
import { firstFailed } from '../trust/check.ts';
import { requireDeskAtEntry } from '../trust/desk-at-entry.ts';
import { judgeArticle } from '../trust/judge-article.ts';
import type { VerifiedMastheads } from '../trust/masthead-chain.ts';
import { verifyProofs } from '../trust/verify-proofs.ts';
import type { Records } from './judge-bundle-record.ts';
import { requireSameBytes } from './judge-mastheads.ts';
import { judgeByLog, type Standing } from './judge-record.ts';
import type { Finding } from './ledger.ts';
import type { OfferedBundle } from './offered.ts';
import { refusal } from './refusal.ts';

/** A bundle that is offered without the edition around it, and holds by its own mastheads. */
export interface LoneBundle extends OfferedBundle {
  /** Bytes of the mastheads that it brings, version 1 first. */
  mastheads: readonly Uint8Array[];
  /** Index of its entry in the log, where it brings a proof of that. */
  entry: number | undefined;
}

/** A chain of mastheads that was accepted. */
export interface KnownMastheads {
  /** Bytes of the versions, version 1 first. */
  files: readonly Uint8Array[];
  chain: VerifiedMastheads;
}

/** What a reader knows of a publication, one of whose bundles is offered alone. */
export interface KnownPublication {
  /** The longest chain: remembered, or of the edition at hand. */
  mastheads: KnownMastheads;
  /** Of the edition at hand. */
  records: Records | undefined;
  now: Date;
}

/**
 * That the mastheads which a bundle brings are the known ones, as far as both go: who once had a masthead key could else sign
 * others for a bundle of his own.
 *
 * @returns how many versions both have.
 * @throws {Contradiction} where there are two of one version.
 */
export function requireKnownMastheads({ mastheads }: LoneBundle, { files }: KnownMastheads): number {
  requireSameBytes(files, mastheads);
  return Math.min(mastheads.length, files.length);
}

/**
 * What is known of a bundle that is offered alone. The log at hand decides; without one, the newest known masthead does, which
 * may have revoked a key that the bundle's own mastheads still name.
 *
 * @throws {OvnError} `refused`, `malformed` or `limit`.
 */
export function judgeLoneBundle(
  bundle: LoneBundle,
  { mastheads: { files, chain }, records, now }: KnownPublication,
): Finding<Standing> {
  if (records !== undefined) return judgeByLog(bundle, records);
  if (files.length > bundle.mastheads.length) requireStillSigned(bundle, chain, now);
  return { value: { listed: false }, detail: NO_EDITION, result: 'not-checked' };
}

/** What is said where there is no log to look a bundle up in. */
export const NO_EDITION = 'no edition of its publication is at hand';

function requireStillSigned({ document, entry }: LoneBundle, chain: VerifiedMastheads, now: Date): void {
  const article = parseArticle(document);
  if (entry !== undefined) {
    requireDeskAtEntry(article, chain, entry, now);
    return;
  }
  const failed = firstFailed(judgeArticle(article, chain, now));
  if (failed === undefined) return;
  const { version, revoked = [] } = chain.newest.masthead;
  const signed = verifyProofs(article, { authorised: everNamed(chain, 'desk'), now });
  const gone = revoked.find(({ id }) => signed.has(id));
  if (gone === undefined) throw refusal(`by masthead ${version}, which is known: ${failed.detail}`);
  throw refusal(
    `signed by ${gone.id}, which masthead ${version} revokes; whether it was logged before that, only an edition or a copy with its proof can tell`,
  );
}
