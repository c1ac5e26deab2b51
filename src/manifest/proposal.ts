import * as v from 'valibot';
import { canonicalBytes, canonicalize, parseCanonical } from '../bundle/canonical-json.ts';
import { OvnError } from '../errors.ts';
import type { PartlySigned } from '../trust/countersign.ts';
import type { Masthead } from '../trust/masthead.ts';
import { readMastheads, requireSuccessor, type VerifiedMastheads } from '../trust/masthead-chain.ts';
import { MASTHEAD } from '../trust/parse-masthead.ts';
import { requireShape } from '../trust/shape.ts';
import type { Manifest } from './manifest.ts';
import { requireManifest } from './parse-manifest.ts';

/** Largest proposal that is read, in bytes: a few thousand articles whose text it holds. */
export const PROPOSAL_LIMIT = 64 * 1024 * 1024;
const MAX_DEPTH = 20;

/** An article.json, as far as signing it needs to know; signed with all that it has. */
export interface ProposedArticle {
  publication: { id: string; masthead: number };
  identifier: string;
  revision: number;
  headline: string;
  categories: readonly { slug: string }[];
}

/** How the proposed publication was called, so that finishing it makes the same one. */
export interface ProposedCall {
  /** Below the repository's folder; none: all articles. */
  paths: string[];
  future: boolean;
}

/** What waits for signatures: the next masthead, articles of the next edition, or its manifest. */
export type ProposedDocument =
  | { kind: 'masthead'; masthead: PartlySigned<Masthead> }
  | { kind: 'articles'; articles: PartlySigned<ProposedArticle>[]; call: ProposedCall }
  /** `articles` are those that were signed elsewhere: they are parts of what the manifest lists. */
  | {
      kind: 'manifest';
      manifest: PartlySigned<Manifest>;
      articles: PartlySigned<ProposedArticle>[];
      call: ProposedCall;
    };

/** A document on its way between machines, with the mastheads that say whose signatures it needs. */
export type Proposal = ProposedDocument & { mastheads: VerifiedMastheads };

const PROOF = v.looseObject({ verificationMethod: v.string() });
const ARTICLE = v.looseObject({
  publication: v.looseObject({ id: v.string(), masthead: v.number() }),
  identifier: v.string(),
  revision: v.number(),
  headline: v.string(),
  categories: v.array(v.looseObject({ slug: v.string() })),
  proof: v.exactOptional(v.array(PROOF)),
});
const CALL = v.strictObject({ paths: v.array(v.string()), future: v.boolean() });
const HEAD = { format: v.literal('ovn-proposal/1'), mastheads: v.array(v.looseObject({})) };
const FILE = v.variant('kind', [
  v.strictObject({ ...HEAD, kind: v.literal('masthead'), masthead: v.looseObject({}) }),
  v.strictObject({ ...HEAD, kind: v.literal('articles'), articles: v.array(ARTICLE), call: CALL }),
  v.strictObject({
    ...HEAD,
    kind: v.literal('manifest'),
    manifest: v.looseObject({}),
    articles: v.array(ARTICLE),
    call: CALL,
  }),
]);

/** A proposal as a file: canonical JSON (docs/format.md, "Proposal"). */
export function formatProposal({ mastheads, ...document }: Proposal): Uint8Array {
  const versions = mastheads.versions.map(({ masthead }) => masthead);
  return canonicalBytes({ format: 'ovn-proposal/1', ...document, mastheads: versions });
}

/**
 * Reads a proposal: its mastheads are a chain that holds, and what it proposes has the shape it must have. Its
 * signatures are judged where they are counted.
 *
 * @throws {OvnError} `limit` or `malformed` when it is no proposal; `refused` when its mastheads do not hold.
 */
export function parseProposal(bytes: Uint8Array): Proposal {
  const file = readFile(bytes);
  const mastheads = readMastheads(file.mastheads.map((each) => canonicalBytes(each)));
  switch (file.kind) {
    case 'masthead': {
      const masthead = requireShape(MASTHEAD, file.masthead, 'masthead');
      requireSuccessor(mastheads.newest.masthead, masthead);
      return { kind: 'masthead', mastheads, masthead };
    }
    case 'articles':
      return { kind: 'articles', mastheads, articles: articlesOf(file.articles), call: file.call };
    case 'manifest': {
      const manifest = requireManifest(file.manifest);
      requireNewest(manifest, mastheads);
      return { kind: 'manifest', mastheads, manifest, articles: articlesOf(file.articles), call: file.call };
    }
  }
}

/** The document without its signatures: what two proposals of the same thing have in common. */
export function unsignedText(document: { proof?: unknown }): string {
  const { proof: _proof, ...unsigned } = document;
  return canonicalize(unsigned);
}

function readFile(bytes: Uint8Array): v.InferOutput<typeof FILE> {
  const value = parseCanonical(bytes, { limit: PROPOSAL_LIMIT, maxDepth: MAX_DEPTH });
  const result = v.safeParse(FILE, value, { abortEarly: true });
  if (result.success) return value as v.InferOutput<typeof FILE>;
  const [issue] = result.issues;
  throw new OvnError('malformed', `not a proposal: "${v.getDotPath(issue) ?? ''}": ${issue.message}`);
}

function articlesOf(articles: readonly object[]): PartlySigned<ProposedArticle>[] {
  return articles as PartlySigned<ProposedArticle>[];
}

function requireNewest({ masthead, publication }: Manifest, mastheads: VerifiedMastheads): void {
  const { newest, publicationId } = mastheads;
  if (masthead.cid === newest.cid && publication.id === publicationId) return;
  throw new OvnError('refused', 'the manifest is not of the mastheads that the proposal carries');
}
