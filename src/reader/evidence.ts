import * as v from 'valibot';
import { canonicalBytes, parseCanonical } from '../bundle/canonical-json.ts';
import { COUNT, INSTANT, RAW_CID, requireShape } from '../trust/shape.ts';
import { BASE64, fromBase64, toBase64 } from './base64.ts';
import { LIMITS } from './limits.ts';

/** What an evidence file says it is. */
export const EVIDENCE_FORMAT = 'ovn-evidence/1';
const MAX_DEPTH = 3;

/**
 * What two signed documents show together:
 *
 * - `equivocation`: two manifests that cannot both be of one history;
 * - `rollback`: a manifest, and an older one that was offered after it;
 * - `masthead-fork`: two mastheads of one version;
 * - `fork`: two checkpoints of which neither log is a beginning of the other;
 * - `log-contradiction`: a manifest, and a checkpoint of a log with an entry that says otherwise.
 */
export const EVIDENCE_KINDS = [
  'equivocation',
  'rollback',
  'masthead-fork',
  'fork',
  'log-contradiction',
] as const;
export type EvidenceKind = (typeof EVIDENCE_KINDS)[number];

/** What makes two documents a contradiction, where they do not by themselves. */
export interface EvidenceProof {
  /** Hashes of an inclusion or a consistency proof. */
  hashes: readonly Uint8Array[];
  /** `fork`: the root that the longer log had at the size of the shorter. */
  root?: Uint8Array;
  /** `log-contradiction`: the entry, and its place. */
  entry?: Uint8Array;
  index?: number;
}

/** Two documents that a reader refused together, to be shown to others. */
export interface Evidence {
  kind: EvidenceKind;
  publication: string;
  /** Bytes of the versions that the signatures are judged by, version 1 first. */
  mastheads: readonly Uint8Array[];
  /** As received: what was known, and what was refused. */
  documents: readonly [Uint8Array, Uint8Array];
  proof?: EvidenceProof;
  /** When it was refused: UTC, whole seconds. */
  foundAt: string;
}

const EVIDENCE = v.strictObject({
  format: v.literal(EVIDENCE_FORMAT),
  kind: v.picklist(EVIDENCE_KINDS),
  publication: RAW_CID,
  mastheads: v.pipe(v.array(BASE64), v.minLength(1)),
  documents: v.strictTuple([BASE64, BASE64]),
  proof: v.exactOptional(
    v.strictObject({
      hashes: v.pipe(v.array(BASE64), v.maxLength(64)),
      root: v.exactOptional(BASE64),
      entry: v.exactOptional(BASE64),
      index: v.exactOptional(COUNT),
    }),
  ),
  foundAt: INSTANT,
});

/**
 * The bytes of an evidence file: canonical JSON.
 *
 * @throws {OvnError} `malformed` or `limit` when they would not be read as this evidence.
 */
export function formatEvidence({ mastheads, documents, proof, ...facts }: Evidence): Uint8Array {
  const bytes = canonicalBytes({
    format: EVIDENCE_FORMAT,
    ...facts,
    mastheads: mastheads.map(toBase64),
    documents: documents.map(toBase64),
    ...(proof === undefined ? {} : { proof: formatProof(proof) }),
  });
  parseEvidence(bytes);
  return bytes;
}

/**
 * Reads an evidence file strictly. Nothing is known yet of what it proves.
 *
 * @throws {OvnError} `limit` or `malformed`.
 */
export function parseEvidence(bytes: Uint8Array): Evidence {
  const value = parseCanonical(bytes, { limit: LIMITS.evidence, maxDepth: MAX_DEPTH });
  const { format: _, mastheads, documents, proof, ...facts } = requireShape(EVIDENCE, value, 'evidence');
  return {
    ...facts,
    mastheads: mastheads.map(fromBase64),
    documents: [fromBase64(documents[0]), fromBase64(documents[1])],
    ...(proof === undefined ? {} : { proof: parseProof(proof) }),
  };
}

function formatProof({ hashes, root, entry, index }: EvidenceProof): object {
  return {
    hashes: hashes.map(toBase64),
    ...(root === undefined ? {} : { root: toBase64(root) }),
    ...(entry === undefined ? {} : { entry: toBase64(entry) }),
    ...(index === undefined ? {} : { index }),
  };
}

type ProofDocument = NonNullable<v.InferOutput<typeof EVIDENCE>['proof']>;

function parseProof({ hashes, root, entry, index }: ProofDocument): EvidenceProof {
  return {
    hashes: hashes.map(fromBase64),
    ...(root === undefined ? {} : { root: fromBase64(root) }),
    ...(entry === undefined ? {} : { entry: fromBase64(entry) }),
    ...(index === undefined ? {} : { index }),
  };
}
