import * as v from 'valibot';
import { parseCanonical } from '../bundle/canonical-json.ts';
import type { Proof } from '../trust/proof.ts';
import {
  CID_TEXT,
  COUNT,
  DIRECTORY_CID,
  INSTANT,
  POSITIVE,
  RAW_CID,
  requireShape,
  SLUG,
} from '../trust/shape.ts';
import { MANIFEST_CONTEXT, type Manifest, type ManifestCategory } from './manifest.ts';

/** Largest manifest.json that is read, in bytes: one block, so that its CID is always that of its bytes. */
export const MANIFEST_LIMIT = 1024 * 1024;
const MAX_DEPTH = 8;

const [SCHEMA_ORG, DATA_INTEGRITY] = MANIFEST_CONTEXT;
const SHA256_BASE64 = /^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/;

const CATEGORY = v.looseObject({ name: v.string(), cid: DIRECTORY_CID, count: COUNT, updated: v.string() });
/** Not `v.record`, which passes over the slug `constructor`. */
const CATEGORIES = v.pipe(
  v.custom<Record<string, ManifestCategory>>((value) => typeof value === 'object' && value !== null),
  v.check((categories) => !Array.isArray(categories), 'not an object'),
  v.check(
    (categories) => Object.keys(categories).every((slug) => v.is(SLUG, slug)),
    'a name that is no slug',
  ),
  v.check((categories) => Object.values(categories).every((each) => v.is(CATEGORY, each)), 'no category'),
);

/** Unknown members are kept, signed as they are, and ignored. */
export const MANIFEST: v.GenericSchema<unknown, Manifest> = v.looseObject({
  '@context': v.strictTuple([v.literal(SCHEMA_ORG), v.literal(DATA_INTEGRITY)]),
  format: v.literal('ovn-manifest/1'),
  publication: v.looseObject({
    id: RAW_CID,
    name: v.string(),
    tagline: v.string(),
    language: v.string(),
    url: v.exactOptional(v.pipe(v.string(), v.regex(/^https?:\/\//))),
  }),
  masthead: v.looseObject({ version: POSITIVE, cid: RAW_CID }),
  sequence: POSITIVE,
  previous: v.exactOptional(RAW_CID),
  issued: INSTANT,
  expires: INSTANT,
  mirrors: v.exactOptional(v.array(v.pipe(v.string(), v.regex(/^(?:https?:\/\/|\/)[\x21-\x7e]+$/)))),
  articles: v.looseObject({ cid: DIRECTORY_CID, count: COUNT }),
  categories: CATEGORIES,
  entries: v.array(v.looseObject({ name: v.string(), cid: CID_TEXT })),
  log: v.looseObject({ origin: v.string(), size: COUNT, root: v.pipe(v.string(), v.regex(SHA256_BASE64)) }),
  proof: v.exactOptional(v.array(v.custom<Proof>(() => true))),
});

/**
 * Reads canonical JSON within the limits of a manifest.
 *
 * @throws {OvnError} `limit` or `malformed`.
 */
export function parseManifestJson(bytes: Uint8Array): unknown {
  return parseCanonical(bytes, { limit: MANIFEST_LIMIT, maxDepth: MAX_DEPTH });
}

/**
 * The value itself, once it has the shape of a manifest. Nothing is known yet of its signatures.
 *
 * @throws {OvnError} `malformed`, naming the member that is wrong.
 */
export function requireManifest(value: unknown): Manifest {
  return requireShape(MANIFEST, value, 'manifest');
}
