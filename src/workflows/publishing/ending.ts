import { OvnError } from '../../errors.ts';
import { signManifest } from '../../manifest/build-manifest.ts';
import type { Manifest } from '../../manifest/manifest.ts';
import type { VerifiedMastheads } from '../../trust/masthead-chain.ts';
import type { Proof, Signer } from '../../trust/proof.ts';
import { chooseSigners, requireKeys } from '../../trust/select-key.ts';

/** How a publication ends: whose signatures it takes, and whether the head moves. */
export interface Ending {
  /** Make an edition even where nothing changed. */
  always: boolean;
  /** Whether the head moves to the new edition. */
  commits: boolean;
  /** Signatures of articles that were made elsewhere; see `Desk`. */
  proofs: Record<string, Proof[]>;
  /** Told who is here before anything is made. Throws when it will come to nothing. */
  expect(mastheads: VerifiedMastheads, held: readonly Signer[]): void;
  /** The final bytes of the manifest. */
  sign(manifest: Manifest, mastheads: VerifiedMastheads, held: readonly Signer[]): Uint8Array;
}

/** The keys that are here sign, and are enough. */
export const SIGNED_HERE: Ending = {
  always: false,
  commits: true,
  proofs: {},
  expect: (mastheads, held) => void chooseEdition(mastheads, held),
  sign: (manifest, mastheads, held) => signManifest(manifest, chooseEdition(mastheads, held)),
};

function chooseEdition({ newest }: VerifiedMastheads, held: readonly Signer[]): Signer[] {
  const role = newest.masthead.roles.edition;
  const signers = chooseSigners(role, held);
  if (signers.length === role.threshold) return signers;
  requireKeys('edition', role, held);
  throw new OvnError('key', `an edition needs ${role.threshold} edition keys; ${signers.length} are here`, {
    hint: 'ovn publish --propose FILE writes the manifest for the others, who sign it with ovn sign FILE.',
  });
}
