import { DataIntegrityProof } from '@digitalbazaar/data-integrity';
import { from } from '@digitalbazaar/ed25519-multikey';
import { createVerifyCryptosuite } from '@digitalbazaar/eddsa-jcs-2022-cryptosuite';
import signatures from 'jsonld-signatures';

/**
 * Whether Digital Bazaar's verifier of W3C Data Integrity accepts every proof of a document. It was written
 * by others from the same specification; it knows nothing of who is authorised.
 */
export async function foreignVerify(document: object): Promise<boolean> {
  const { verified, results = [] } = await signatures.verify(document, {
    suite: new DataIntegrityProof({ cryptosuite: createVerifyCryptosuite() }),
    purpose: new signatures.purposes.AssertionProofPurpose(),
    documentLoader: loadDidKey,
  });
  // Its `verified` is true as soon as one of several proofs is good.
  return verified && results.length > 0 && results.every((result) => result.verified);
}

/** Resolves did:key, and nothing else: tests go to no network. */
async function loadDidKey(url: string): Promise<{ documentUrl: string; document: object }> {
  const [did = '', fragment] = url.split('#');
  if (!did.startsWith('did:key:')) throw new Error(`the foreign verifier asked for ${url}`);
  const document = fragment === undefined ? controllerOf(did) : await methodOf(did, fragment);
  return { documentUrl: url, document };
}

async function methodOf(did: string, multibase: string): Promise<object> {
  const described = {
    type: 'Multikey',
    id: `${did}#${multibase}`,
    controller: did,
    publicKeyMultibase: multibase,
  };
  const key = await from({ '@context': 'https://w3id.org/security/multikey/v1', ...described });
  return { ...(await key.export({ publicKey: true })), controller: did };
}

function controllerOf(did: string): object {
  return {
    '@context': 'https://www.w3.org/ns/did/v1',
    id: did,
    assertionMethod: [`${did}#${did.slice('did:key:'.length)}`],
  };
}
