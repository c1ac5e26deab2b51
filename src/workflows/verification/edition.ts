import type { CID } from 'multiformats/cid';
import { manifestPath } from '../../edition/layout.ts';
import type { ReplayedLog } from '../../log/replay.ts';
import { MANIFEST_LIMIT, parseManifestJson, requireManifest } from '../../manifest/parse-manifest.ts';
import { judgeManifest, readManifest, type VerifiedManifest } from '../../manifest/read-manifest.ts';
import { requireRoot } from '../../manifest/root-entries.ts';
import type { Check } from '../../trust/check.ts';
import { authorityNamed } from '../../trust/key-history.ts';
import { tellChain, type VerifiedMastheads } from '../../trust/masthead-chain.ts';
import { type DirectoryEntry, resolvePath } from '../../unixfs/directory.ts';
import type { JudgeProgress } from './bundles.ts';
import { judgeContents } from './contents.ts';
import { requireEntry } from './entries.ts';
import { checkAsync, type Evidence, refusal } from './judging.ts';
import { judgeKeyOrder } from './key-order.ts';
import { judgeLog } from './log.ts';
import { judgeLoggedArticles } from './logged-articles.ts';
import { judgeRerendered } from './rerendered.ts';
import { judgeThemes } from './themes.ts';

export interface JudgedEdition {
  checks: Check[];
  manifest?: VerifiedManifest;
  /** What its log says, where that holds. */
  replayed?: ReplayedLog;
}

/** What an edition says of itself, where nothing failed so far. */
export interface JudgedDocuments {
  root: CID;
  entries: DirectoryEntry[];
  mastheads: VerifiedMastheads;
  manifest: VerifiedManifest;
}

/** Every check that a whole edition allows. */
export async function judgeEdition(
  root: CID,
  evidence: Evidence,
  onProgress?: JudgeProgress,
): Promise<JudgedEdition> {
  const checks: Check[] = [];
  const documents = await judgeDocuments(checks, root, evidence);
  if (documents === undefined) return { checks };
  const { entries, mastheads, manifest } = documents;
  await judgeHistory(checks, documents, evidence);
  const replayed = await judgeLogOf(checks, documents, evidence);
  const contents = await judgeContents(checks, entries, manifest.manifest, evidence, onProgress);
  if (contents !== undefined) await judgeThemes(checks, entries, contents.judged, evidence);
  if (replayed === undefined || contents === undefined) return { checks, manifest };
  const { fold } = replayed;
  const { placed, judged } = contents;
  const bundles = [...placed.newest, ...placed.earlier];
  await judgeLoggedArticles(checks, fold, placed.newest, judged);
  await judgeRerendered(checks, fold, bundles, evidence);
  await judgeKeyOrder(checks, { root, mastheads, fold }, bundles, evidence);
  return { checks, manifest, replayed };
}

/** The root, the chain of mastheads and the manifest; nothing where one of them cannot be read or does not hold. */
export async function judgeDocuments(
  checks: Check[],
  root: CID,
  evidence: Evidence,
): Promise<JudgedDocuments | undefined> {
  const entries = await checkAsync(
    checks,
    'structure',
    () => evidence.directory(root),
    (found) => `${found.length} entries`,
  );
  if (entries === undefined) return undefined;
  const mastheads = await checkAsync(
    checks,
    'masthead-chain',
    () => evidence.mastheads(requireEntry(entries, 'masthead')),
    tellChain,
  );
  if (mastheads === undefined) return undefined;
  const manifest = await judgeIndex(checks, entries, mastheads, evidence);
  return manifest === undefined ? undefined : { root, entries, mastheads, manifest };
}

/** The log as a whole; gives what its entries say. */
export function judgeLogOf(
  checks: Check[],
  { entries, mastheads, manifest }: JudgedDocuments,
  evidence: Evidence,
): Promise<ReplayedLog | undefined> {
  const log = entries.find(({ name }) => name === 'log')?.cid;
  return judgeLog(checks, { manifest: manifest.manifest, log, mastheads }, evidence);
}

/** The manifest, and that the root holds exactly what it lists. */
async function judgeIndex(
  checks: Check[],
  entries: DirectoryEntry[],
  mastheads: VerifiedMastheads,
  evidence: Evidence,
): Promise<VerifiedManifest | undefined> {
  const bytes = await checkAsync(
    checks,
    'manifest',
    () => evidence.file(requireEntry(entries, 'manifest.json'), MANIFEST_LIMIT),
    () => `manifest ${requireEntry(entries, 'manifest.json')}`,
  );
  if (bytes === undefined) return undefined;
  const { checks: rules, verified } = judgeManifest(bytes, mastheads, evidence.now);
  checks.push(...rules);
  if (verified === undefined) return undefined;
  await checkAsync(
    checks,
    'root-entries',
    async () =>
      requireRoot(
        entries.map(({ name, cid }) => ({ name, cid: cid.toString() })),
        verified.manifest,
      ),
    () => 'the root holds exactly what the manifest lists',
  );
  return verified;
}

/**
 * Every earlier manifest is there, signed, and the one that the next one names.
 *
 * @param judged the sequence of one of which the signature, and those before it, was judged before: their places are looked at.
 */
export async function judgeHistory(
  checks: Check[],
  { root, mastheads, manifest: { manifest } }: JudgedDocuments,
  evidence: Evidence,
  judged?: { sequence: number; cids: readonly string[] },
): Promise<void> {
  await checkAsync(
    checks,
    'manifest-history',
    async () => {
      let expected = manifest.previous;
      for (let sequence = manifest.sequence - 1; sequence >= 1; sequence--) {
        const link = await resolvePath(root, ['manifests', ...manifestPath(sequence)], evidence.read);
        if (link === undefined) throw refusal(`manifest ${sequence} is missing`);
        if (link.cid.toString() !== expected)
          throw refusal(`manifest ${sequence} is ${link.cid}, not ${expected}`);
        if (sequence <= (judged?.sequence ?? 0)) {
          expected = judged?.cids[sequence - 2];
          continue;
        }
        const bytes = await evidence.file(link.cid, MANIFEST_LIMIT);
        const { masthead } = requireManifest(parseManifestJson(bytes));
        const at = authorityNamed(mastheads, masthead.version);
        const earlier = readManifest(bytes, mastheads, evidence.now, at).manifest;
        if (earlier.sequence !== sequence)
          throw refusal(`manifest ${sequence} says it is ${earlier.sequence}`);
        expected = earlier.previous;
      }
    },
    () => `${manifest.sequence - 1} earlier manifests, each named by the next`,
  );
}
