import { formatInstant } from '../trust/instant.ts';
import type { Signer } from '../trust/proof.ts';
import { signToBytes } from '../trust/sign-document.ts';
import { MANIFEST_CONTEXT, type Manifest } from './manifest.ts';
import { requireManifest } from './parse-manifest.ts';
import { requireEntries, requirePeriod, requireSequence } from './rules.ts';

type Given =
  | 'publication'
  | 'masthead'
  | 'sequence'
  | 'previous'
  | 'mirrors'
  | 'articles'
  | 'categories'
  | 'log';

/** What a manifest is made of. */
export interface ManifestParts extends Pick<Manifest, Given> {
  issued: Date;
  expires: Date;
  /** The entries of the edition's root but `manifest.json` and `log`, in any order. */
  entries: readonly { name: string; cid: string }[];
}

/**
 * A manifest, not signed yet.
 *
 * @throws {OvnError} `malformed` or `refused` when no reader would take it.
 */
export function buildManifest({ issued, expires, entries, ...given }: ManifestParts): Manifest {
  const manifest = requireManifest({
    '@context': MANIFEST_CONTEXT,
    format: 'ovn-manifest/1',
    ...given,
    issued: formatInstant(issued),
    expires: formatInstant(expires),
    entries: entries.map(({ name, cid }) => ({ name, cid })).sort((a, b) => (a.name < b.name ? -1 : 1)),
  });
  requireSequence(manifest);
  requirePeriod(manifest);
  requireEntries(manifest);
  return manifest;
}

/** Signs a manifest with edition keys and gives its final bytes: manifest.json. */
export function signManifest(manifest: Manifest, signers: readonly Signer[]): Uint8Array {
  return signToBytes(manifest, signers).bytes;
}
