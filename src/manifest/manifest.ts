import type { LogState } from '../log/empty-tree.ts';
import type { Proof } from '../trust/proof.ts';

/** JSON-LD contexts of a manifest: those of article.json. */
export const MANIFEST_CONTEXT = [
  'https://schema.org',
  'https://w3id.org/security/data-integrity/v2',
] as const;

/** How long a manifest is current, in days, unless said otherwise. */
export const MANIFEST_DAYS = 30;

/**
 * The signed index of an edition (docs/format.md, "Manifest"): what its root directory must hold, and for how
 * long it is current.
 */
export interface Manifest {
  '@context': readonly [string, string];
  format: 'ovn-manifest/1';
  publication: ManifestPublication;
  /** The newest masthead when this was signed. */
  masthead: { version: number; cid: string };
  /** 1 for the first edition, then one more each time. */
  sequence: number;
  /** CID of the manifest before; present exactly when `sequence` is above 1. */
  previous?: string;
  /** UTC, whole seconds. */
  issued: string;
  expires: string;
  /** Where else the publication can be had: URLs and multiaddrs. */
  mirrors?: string[];
  articles: { cid: string; count: number };
  /** By slug. Read it with `Object.hasOwn`: `constructor` is a slug too. */
  categories: Record<string, ManifestCategory>;
  /** Every entry of the edition's root but `manifest.json` and `log`, sorted by name. */
  entries: ManifestEntry[];
  log: LogState;
  proof?: Proof[];
}

export interface ManifestPublication {
  /** CID (raw) of masthead 1. */
  id: string;
  name: string;
  tagline: string;
  /** BCP 47 */
  language: string;
  url?: string;
}

export interface ManifestCategory {
  name: string;
  /** CID of the directory `categories/<slug>`: what pinning the category keeps. */
  cid: string;
  /** Number of articles. */
  count: number;
  /** The newest `dateModified` among its articles, as written. */
  updated: string;
}

export interface ManifestEntry {
  name: string;
  cid: string;
}
