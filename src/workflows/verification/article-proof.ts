import type { CID } from 'multiformats/cid';
import type { SignedArticle } from '../../bundle/article-json.ts';
import { ENTRY_LIMIT } from '../../log/entry-bundle.ts';
import { type ProvenEntry, TLOG_PROOF_LIMIT, verifyTlogProof } from '../../log/tlog-proof.ts';
import { NO_WITNESSES } from '../../log/witness-policy.ts';
import { type Check, skipChecks } from '../../trust/check.ts';
import { requireDeskAtEntry } from '../../trust/desk-at-entry.ts';
import { logIdentity } from '../../trust/log-identity.ts';
import type { VerifiedMastheads } from '../../trust/masthead-chain.ts';
import type { DirectoryEntry } from '../../unixfs/directory.ts';
import { requireRevision } from '../logs/prove-revision.ts';
import { type JudgedBundle, judgeBundle } from './bundle.ts';
import { requireEntry } from './entries.ts';
import { checkAsync, type Evidence, refusal } from './judging.ts';

/** Names in the root of an article with its proof (docs/format.md, "Article with proof"). */
export const ARTICLE_PROOF = {
  bundle: 'bundle',
  entry: 'entry.json',
  masthead: 'masthead',
  proof: 'proof.tlog-proof',
} as const;

/** Whether a directory with these names is meant to be an article with its proof. */
export function isArticleProof(names: ReadonlySet<string>): boolean {
  return names.has(ARTICLE_PROOF.proof) && names.has(ARTICLE_PROOF.bundle);
}

/** What was found out of an article with its proof. */
export interface JudgedArticleProof extends JudgedBundle {
  /** Of the bundle, where there is one. */
  bundle?: CID;
  /** Only where the proof holds: the directory of its mastheads, and where in the log the article is. */
  proof?: { mastheads: CID; entry: number };
}

const PROOF_CHECKS = ['masthead-history', 'log-inclusion', 'key-at-entry'] as const;

/**
 * Judges the bundle as it is judged alone, and then, by mastheads that may be newer than its own, that it was logged and
 * who might sign it there. A later correction or retraction would not be seen, and that is said.
 */
export async function judgeArticleProof(root: CID, evidence: Evidence): Promise<JudgedArticleProof> {
  const checks: Check[] = [];
  const entries = await checkAsync(
    checks,
    'proof-structure',
    () => readEntries(root, evidence),
    (found) => found.map(({ name }) => name).join(', '),
  );
  if (entries === undefined) return { checks };
  const bundle = requireEntry(entries, ARTICLE_PROOF.bundle);
  const judged = await judgeBundle(bundle, evidence);
  checks.push(...judged.checks);
  const { article, mastheads: own } = judged;
  if (article === undefined || own === undefined) {
    skipChecks(checks, PROOF_CHECKS, 'the bundle is not genuine');
    return { checks, bundle };
  }
  const mastheads = await judgeMastheads(checks, entries, own, evidence);
  if (mastheads === undefined) skipChecks(checks, PROOF_CHECKS.slice(1), 'no masthead chain');
  if (mastheads === undefined) return { checks, bundle };
  const proven = await judgeEntry(checks, { entries, bundle, article, mastheads }, evidence);
  const proof = proven && { mastheads: requireEntry(entries, ARTICLE_PROOF.masthead), entry: proven.index };
  return { checks, bundle, article, mastheads, ...(proof && { proof }) };
}

/** What is judged against the log. */
interface Claim {
  entries: readonly DirectoryEntry[];
  bundle: CID;
  article: SignedArticle;
  mastheads: VerifiedMastheads;
}

async function judgeEntry(
  checks: Check[],
  claim: Claim,
  evidence: Evidence,
): Promise<ProvenEntry | undefined> {
  const { article, mastheads } = claim;
  const proven = await checkAsync(
    checks,
    'log-inclusion',
    () => requireLogged(claim, evidence),
    ({ index, checkpoint }) => `entry ${index} of ${checkpoint.size} of the log ${checkpoint.origin}`,
  );
  if (proven === undefined) {
    skipChecks(checks, ['key-at-entry'], 'where it was logged is not known');
    return undefined;
  }
  await checkAsync(
    checks,
    'key-at-entry',
    async () => requireDeskAtEntry(article, mastheads, proven.index, evidence.now),
    () => 'its desk keys are not revoked for that entry, as far as these mastheads say',
  );
  const detail =
    'inclusion alone was checked, not all of the log: whether a later correction or retraction exists is not known';
  skipChecks(checks, ['log-fold'], detail);
  return proven;
}

async function readEntries(root: CID, evidence: Evidence): Promise<DirectoryEntry[]> {
  const entries = await evidence.directory(root);
  const missing = new Set<string>(Object.values(ARTICLE_PROOF));
  for (const { name } of entries)
    if (!missing.delete(name)) throw refusal(`${name} does not belong to an article with its proof`);
  for (const name of missing) throw refusal(`${name} is missing`);
  return entries;
}

/** The chain that the proof is judged by goes on from the bundle's own. */
function judgeMastheads(
  checks: Check[],
  entries: readonly DirectoryEntry[],
  own: VerifiedMastheads,
  evidence: Evidence,
): Promise<VerifiedMastheads | undefined> {
  const read = async (): Promise<VerifiedMastheads> => {
    const chain = await evidence.mastheads(requireEntry(entries, ARTICLE_PROOF.masthead));
    const other = own.versions.find(({ cid }, at) => chain.versions[at]?.cid !== cid);
    if (other === undefined) return chain;
    throw refusal(`masthead ${other.masthead.version} of the bundle is not in masthead/`);
  };
  const tell = ({ versions }: VerifiedMastheads) =>
    `${versions.length} masthead${versions.length === 1 ? '' : 's'}, ${versions.length - own.versions.length} of them newer than the bundle`;
  return checkAsync(checks, 'masthead-history', read, tell);
}

async function requireLogged(
  { entries, bundle, article, mastheads }: Claim,
  evidence: Evidence,
): Promise<ProvenEntry> {
  const entry = await evidence.file(requireEntry(entries, ARTICLE_PROOF.entry), ENTRY_LIMIT);
  const proof = await evidence.file(requireEntry(entries, ARTICLE_PROOF.proof), TLOG_PROOF_LIMIT);
  const proven = verifyTlogProof(proof, entry, logIdentity(mastheads.newest.masthead), NO_WITNESSES);
  const { identifier, revision } = article;
  requireRevision(entry, { article: identifier, revision, cid: bundle.toString() });
  return proven;
}
