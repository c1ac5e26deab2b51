/** What of Digital Bazaar's untyped packages the foreign verifier uses. */
declare module '@digitalbazaar/data-integrity' {
  export class DataIntegrityProof {
    constructor(options: { cryptosuite: unknown });
  }
}

declare module '@digitalbazaar/eddsa-jcs-2022-cryptosuite' {
  export function createVerifyCryptosuite(): unknown;
}

declare module '@digitalbazaar/ed25519-multikey' {
  export function from(key: object): Promise<{ export(options: { publicKey: true }): Promise<object> }>;
}

declare module 'jsonld-signatures' {
  interface Verification {
    verified: boolean;
    results?: { verified: boolean; error?: Error }[];
    error?: unknown;
  }
  const signatures: {
    verify(document: object, options: object): Promise<Verification>;
    purposes: { AssertionProofPurpose: new () => unknown };
  };
  export default signatures;
}
