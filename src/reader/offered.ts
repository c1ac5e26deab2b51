import type { ReplayedLog } from '../log/replay.ts';
import type { TileReader } from '../log/tile-reader.ts';
import type { WitnessPolicy } from '../log/witness-policy.ts';
import type { NameRecord } from './memory.ts';
import type { VerifiedLog } from './verified-log.ts';

/** An edition as a stranger hands it over. Nothing in it is trusted. */
export interface Offered {
  /** Bytes of `masthead/1.json`, `masthead/2.json` … in order. */
  mastheads: readonly Uint8Array[];
  /** Bytes of `manifest.json`. */
  manifest: Uint8Array;
  /** Bytes of `log/checkpoint`; `undefined` where the edition has none. */
  checkpoint: Uint8Array | undefined;
  /** Reads below `log/`. */
  readTile: TileReader;
  /** The name record that led here, whose signature was verified; `undefined` where no name was asked. */
  name: NameRecord | undefined;
  looked: Looked;
}

/** What of the edition is looked at: all of it, one bundle, or nothing but its documents and its log. */
export type Looked = LookedEdition | LookedArticle | { kind: 'nothing' };

/** The whole of it. */
export interface LookedEdition {
  kind: 'edition';
  /** Entries of the edition's root. */
  root: readonly { name: string; cid: string }[];
  /** Every bundle of `articles/` and of `revisions/`. */
  bundles: Iterable<OfferedBundle> | AsyncIterable<OfferedBundle>;
}

/** One bundle, of whatever revision, whether the edition lists it or not. */
export interface LookedArticle {
  kind: 'article';
  bundle: OfferedBundle;
}

/** A bundle and its article.json, which the caller read below the bundle's CID. */
export interface OfferedBundle {
  /** Article id: that of its place where it has one. */
  id: string;
  /** CID of the directory. */
  cid: string;
  /** `newest` below `articles/`; the number below `revisions/`; `alone` where it was not found in the edition. */
  place: 'newest' | 'alone' | number;
  /** Bytes of article.json. */
  document: Uint8Array;
}

/** How a reader wants it judged. Every member must be given: nothing skips a check by leaving one out. */
export interface AcceptOptions {
  now: Date;
  /** What is named by its own CID is never refused for its age. */
  namedBy: 'name' | 'cid';
  /** The id that the reader expects. */
  expectedId: string | undefined;
  policy: WitnessPolicy;
  /** Whether too few cosignatures refuse, instead of leaving it unconfirmed. */
  demandWitnesses: boolean;
  /** Whether what is not confirmed as current is refused. */
  requireCurrent: boolean;
  /** A later log of the publication, accepted before, in which an older edition is looked up. */
  later: VerifiedLog | undefined;
  /** What the entries of its log say, where they were read before, so that they need not be read again. */
  replayed: ReplayedLog | undefined;
}
