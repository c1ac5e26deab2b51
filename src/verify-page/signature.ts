import { type Bytes, concat, fromBase58, sha256, toHex, toUtf8 } from './bytes.ts';
import { canonicalize } from './canonical.ts';
import { Refused } from './failure.ts';
import { anything, instant, just, listOf, matching, object, requireShape } from './shape.ts';

interface Proof {
  '@context'?: unknown;
  verificationMethod: string;
  expires?: string;
  proofValue: string;
}

const DID_KEY = /^did:key:(z6Mk[1-9A-HJ-NP-Za-km-z]{44})$/;

/** y coordinates of the points of small order, little-endian: under such a key one signature fits many messages. */
const SMALL_ORDER: ReadonlySet<string> = new Set([
  `ec${'ff'.repeat(30)}7f`,
  `01${'00'.repeat(31)}`,
  '00'.repeat(32),
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
]);

/** Exactly the members that the suite defines and the format uses (docs/format.md, section 4). */
const PROOFS = listOf(
  object(
    {
      '@context?': anything,
      type: just('DataIntegrityProof'),
      cryptosuite: just('eddsa-jcs-2022'),
      verificationMethod: matching(/^did:key:(z[1-9A-HJ-NP-Za-km-z]+)#\1$/),
      proofPurpose: just('assertionMethod'),
      'expires?': instant,
      proofValue: matching(/^z[1-9A-HJ-NP-Za-km-z]{64,88}$/),
    },
    { closed: true },
  ),
  { least: 1, most: 64 },
);

/** The 32 bytes of the Ed25519 key that a did:key names; `undefined` where it names none that can be trusted. */
export function rawKeyOf(did: string): Bytes | undefined {
  const bytes = fromBase58(DID_KEY.exec(did)?.[1] ?? '', 34);
  if (bytes?.[0] !== 0xed || bytes[1] !== 0x01) return undefined;
  const raw = bytes.slice(2);
  return isSound(raw) ? raw : undefined;
}

/** Whether it is the Ed25519 signature of a message (RFC 8032). */
export async function isSigned(message: Bytes, signature: Bytes, rawKey: Bytes): Promise<boolean> {
  const key = await crypto.subtle.importKey('raw', rawKey, { name: 'Ed25519' }, false, ['verify']);
  return crypto.subtle.verify({ name: 'Ed25519' }, key, signature, message);
}

/**
 * Checks the proofs of a document (eddsa-jcs-2022). One by an authorised key that does not fit refuses it, whatever
 * the others say; those of other keys count for nothing.
 *
 * @param authorised did:keys.
 * @param now by which `expires` is judged; `undefined` where no proof may carry one.
 * @returns the distinct authorised keys that signed.
 */
export async function verifyProofs(
  { proof, ...unsigned }: { proof?: unknown; '@context'?: unknown },
  authorised: ReadonlySet<string>,
  now: Date | undefined,
): Promise<Set<string>> {
  const proofs = requireShape<Proof[]>(PROOFS, proof, 'proof');
  requireOrder(proofs);
  const context = canonicalText(unsigned['@context']);
  const documentHash = await sha256(toUtf8(canonicalize(unsigned)));
  const signed = new Set<string>();
  for (const { proofValue, ...options } of proofs) {
    if (canonicalText(options['@context']) !== context) throw new Refused('a proof has another "@context"');
    const did = options.verificationMethod.slice(0, options.verificationMethod.indexOf('#'));
    if (!authorised.has(did)) continue;
    requireUnexpired(options.expires, now);
    const message = concat([await sha256(toUtf8(canonicalize(options))), documentHash]);
    const [signature, key] = [fromBase58(proofValue, 64), rawKeyOf(did)];
    const fits = signature !== undefined && key !== undefined && (await isSigned(message, signature, key));
    if (!fits) throw new Refused(`the signature of ${did} does not fit`);
    signed.add(did);
  }
  return signed;
}

function isSound(raw: Bytes): boolean {
  const y = raw.slice();
  y[31] = (y[31] ?? 0) & 0x7f;
  const isReduced = y[31] !== 0x7f || !y.subarray(1, 31).every((byte) => byte === 0xff) || (y[0] ?? 0) < 0xed;
  return isReduced && !SMALL_ORDER.has(toHex(y));
}

function requireOrder(proofs: readonly Proof[]): void {
  const methods = proofs.map(({ verificationMethod }) => verificationMethod);
  const isAscending = methods.every((method, at) => at === 0 || (methods[at - 1] ?? '') < method);
  if (!isAscending) throw new Refused('proofs are not in order, or a key is there twice');
}

function requireUnexpired(expires: string | undefined, now: Date | undefined): void {
  if (expires === undefined) return;
  if (now === undefined) throw new Refused('a proof that expires has no place here');
  if (now.getTime() >= Date.parse(expires)) throw new Refused(`a proof expired ${expires}`);
}

function canonicalText(value: unknown): string | undefined {
  return value === undefined ? undefined : canonicalize(value);
}
