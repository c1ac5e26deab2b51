import * as v from 'valibot';
import { canonicalBytes, parseCanonical } from '../bundle/canonical-json.ts';
import { OvnError } from '../errors.ts';
import { type Checkpoint, parseCheckpoint } from '../log/checkpoint.ts';
import { parseNote } from '../log/note.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { parseManifestJson, requireManifest } from '../manifest/parse-manifest.ts';
import { readMastheads } from '../trust/masthead-chain.ts';
import { COUNT, DID_KEY, INSTANT, POSITIVE, RAW_CID, requireShape } from '../trust/shape.ts';
import { rawCid } from '../unixfs/hash.ts';
import { BASE64, fromBase64, toBase64 } from './base64.ts';
import { LIMITS } from './limits.ts';

/** What a memory says it is. */
export const MEMORY_FORMAT = 'ovn-memory/1';
const MAX_DEPTH = 3;

/** How the reader came to believe that the id is the publication's. */
export type Trust = 'first-use' | 'confirmed';

/** The newest name record seen. */
export interface NameRecord {
  /** did:key that signed it; absent in memories from before there were several. Numbers of two keys do not compare. */
  key?: string;
  /** Of the IPNS record. */
  sequence: number;
  /** Until when it is valid: UTC, whole seconds. */
  expires: string;
}

/** All that a reader keeps of one publication: the newest of everything that it once accepted. */
export interface ReaderMemory {
  /** CID of masthead 1. */
  publication: string;
  trust: Trust;
  /** Bytes of every version known, version 1 first. */
  mastheads: readonly Uint8Array[];
  /** Bytes of the newest manifest. */
  manifest: Uint8Array;
  /** The signed note that goes with it; absent while no log was seen. */
  checkpoint?: Uint8Array;
  /** The lowest sequence of which a log was seen. */
  logSince?: number;
  name?: NameRecord;
  /** When something was accepted last: UTC, whole seconds. */
  seenAt: string;
}

/** What the newest manifest of a memory says, with its CID. */
export interface RememberedManifest {
  manifest: Manifest;
  cid: string;
}

const NAME = v.strictObject({ key: v.exactOptional(DID_KEY), sequence: COUNT, expires: INSTANT });
const MEMORY = v.strictObject({
  format: v.literal(MEMORY_FORMAT),
  publication: RAW_CID,
  trust: v.picklist(['first-use', 'confirmed']),
  mastheads: v.pipe(v.array(BASE64), v.minLength(1)),
  sequence: POSITIVE,
  manifest: v.strictObject({ cid: RAW_CID, bytes: BASE64 }),
  checkpoint: v.exactOptional(v.string()),
  logSince: v.exactOptional(POSITIVE),
  name: v.exactOptional(NAME),
  seenAt: INSTANT,
});
type MemoryDocument = v.InferOutput<typeof MEMORY>;

/** The manifest that is remembered. It was verified before it was remembered. */
export function rememberedManifest({ manifest: bytes }: ReaderMemory): RememberedManifest {
  return { manifest: requireManifest(parseManifestJson(bytes)), cid: rawCid(bytes).toString() };
}

/** What the remembered checkpoint says. It was verified before it was remembered. */
export function rememberedCheckpoint({ checkpoint }: ReaderMemory): Checkpoint | undefined {
  return checkpoint === undefined ? undefined : parseCheckpoint(parseNote(checkpoint).text);
}

/**
 * The bytes of a memory: canonical JSON.
 *
 * @throws {OvnError} `malformed` or `limit` when they would not be read as this memory.
 */
export function formatMemory(memory: ReaderMemory): Uint8Array {
  const { mastheads, manifest, checkpoint, ...facts } = memory;
  const { manifest: content, cid } = rememberedManifest(memory);
  const bytes = canonicalBytes({
    format: MEMORY_FORMAT,
    ...facts,
    mastheads: mastheads.map(toBase64),
    sequence: content.sequence,
    manifest: { cid, bytes: toBase64(manifest) },
    ...(checkpoint === undefined ? {} : { checkpoint: Buffer.from(checkpoint).toString('utf8') }),
  });
  parseMemory(bytes);
  return bytes;
}

/**
 * Reads a memory strictly. Its documents must fit together: half of a memory would be a way around the rules.
 *
 * @throws {OvnError} `limit`, `malformed` or `refused`, saying what is wrong.
 */
export function parseMemory(bytes: Uint8Array): ReaderMemory {
  const value = parseCanonical(bytes, { limit: LIMITS.memory, maxDepth: MAX_DEPTH });
  const document = requireShape(MEMORY, value, 'memory');
  const memory = memoryOf(document);
  requireMastheads(memory);
  requireManifestOf(memory, document);
  requireCheckpointOf(memory);
  return memory;
}

function memoryOf({ format: _, sequence: __, ...document }: MemoryDocument): ReaderMemory {
  const { mastheads, manifest, checkpoint, ...facts } = document;
  return {
    ...facts,
    mastheads: mastheads.map(fromBase64),
    manifest: fromBase64(manifest.bytes),
    ...(checkpoint === undefined ? {} : { checkpoint: Buffer.from(checkpoint, 'utf8') }),
  };
}

function requireMastheads({ publication, mastheads }: ReaderMemory): void {
  const { publicationId } = readMastheads(mastheads);
  if (publicationId !== publication) throw refusal(`its masthead is of ${publicationId}, not ${publication}`);
}

function requireManifestOf(memory: ReaderMemory, { sequence, manifest: { cid } }: MemoryDocument): void {
  const { manifest, cid: found } = rememberedManifest(memory);
  if (found !== cid) throw refusal(`its manifest is ${found}, not ${cid}`);
  if (manifest.sequence !== sequence) throw refusal(`its manifest is of sequence ${manifest.sequence}`);
  if (manifest.publication.id !== memory.publication) throw refusal('its manifest is of another publication');
}

function requireCheckpointOf(memory: ReaderMemory): void {
  const checkpoint = rememberedCheckpoint(memory);
  const { log, sequence } = rememberedManifest(memory).manifest;
  if ((checkpoint?.size ?? 0) !== log.size) throw refusal('its checkpoint is not that of its manifest');
  const { logSince } = memory;
  if ((logSince === undefined) !== (checkpoint === undefined) || (logSince ?? 1) > sequence) {
    throw refusal('the sequence since which there is a log does not fit');
  }
}

function refusal(message: string): OvnError {
  return new OvnError('malformed', `memory: ${message}`);
}
