import { originOf } from '../../src/log/origin.ts';
import { buildMasthead, type MastheadParts, signMasthead } from '../../src/trust/build-masthead.ts';
import { rawKeyOf } from '../../src/trust/did-key.ts';
import { readMastheads, type VerifiedMastheads } from '../../src/trust/masthead-chain.ts';
import type { Signer } from '../../src/trust/proof.ts';
import { testSigner } from './signers.ts';

/** One key a role, as `init` makes them. */
export const KEYS = {
  masthead: testSigner('masthead'),
  edition: testSigner('edition'),
  desk: testSigner('desk'),
  log: testSigner('log'),
  name: testSigner('name'),
} satisfies Record<string, Signer>;

export const ORIGIN = originOf(rawKeyOf(KEYS.log.did));

/** Parts of masthead 1 with one key a role; tests overlay what they are about. */
export function mastheadParts(over: Partial<MastheadParts> = {}): MastheadParts {
  const one = ({ did }: Signer) => [{ id: did }];
  return {
    version: 1,
    expires: new Date('2030-01-01T00:00:00Z'),
    origin: ORIGIN,
    keys: {
      masthead: one(KEYS.masthead),
      edition: one(KEYS.edition),
      desk: one(KEYS.desk),
      log: one(KEYS.log),
      name: one(KEYS.name),
    },
    ...over,
  };
}

/** Bytes of a masthead with one key a role, signed. */
export function mastheadBytes(
  over: Partial<MastheadParts> = {},
  signers: readonly Signer[] = [KEYS.masthead],
): Uint8Array {
  return signMasthead(buildMasthead(mastheadParts(over)), signers);
}

/** The verified chain of one masthead. */
export function mastheads(over: Partial<MastheadParts> = {}): VerifiedMastheads {
  return readMastheads([mastheadBytes(over)]);
}
