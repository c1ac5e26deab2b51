import type { CID } from 'multiformats/cid';
import { manifestPath } from '../../edition/layout.ts';
import type { ReplayedLog } from '../../log/replay.ts';
import type { Manifest } from '../../manifest/manifest.ts';
import { MANIFEST_LIMIT, parseManifestJson, requireManifest } from '../../manifest/parse-manifest.ts';
import { judgeManifest, readManifest, type VerifiedManifest } from '../../manifest/read-manifest.ts';
import { requireRoot } from '../../manifest/root-entries.ts';
import type { Check } from '../../trust/check.ts';
import { authorityNamed } from '../../trust/key-history.ts';
import { tellChain, type VerifiedMastheads } from '../../trust/masthead-chain.ts';
import { type DirectoryEntry, resolvePath } from '../../unixfs/directory.ts';
import { type JudgedBundles, type JudgeProgress, judgeBundles } from './category.ts';
import { requireEntry } from './entries.ts';
import { checkAsync, type Evidence, refusal } from './judging.ts';
import { judgeKeyOrder } from './key-order.ts';
import { judgeLog, judgeLoggedArticles } from './log.ts';
import { listBundles, listCategory, listRevisions, type PlacedBundle } from './placed-bundles.ts';

export interface JudgedEdition {
  checks: Check[];
  manifest?: VerifiedManifest;
  /** What its log says, where that holds. */
  replayed?: ReplayedLog;
}

/** Every check that a whole edition allows. */
export async function judgeEdition(
  root: CID,
  evidence: Evidence,
  onProgress?: JudgeProgress,
): Promise<JudgedEdition> {
  const checks: Check[] = [];
  const entries = await checkAsync(
    checks,
    'structure',
    () => evidence.directory(root),
    (found) => `${found.length} entries`,
  );
  if (entries === undefined) return { checks };
  const mastheads = await checkAsync(
    checks,
    'masthead-chain',
    () => evidence.mastheads(requireEntry(entries, 'masthead')),
    tellChain,
  );
  if (mastheads === undefined) return { checks };
  const manifest = await judgeIndex(checks, entries, mastheads, evidence);
  if (manifest === undefined) return { checks };
  await judgeHistory(checks, root, manifest, mastheads, evidence);
  const log = entries.find(({ name }) => name === 'log')?.cid;
  const replayed = await judgeLog(checks, { manifest: manifest.manifest, log, mastheads }, evidence);
  const contents = await judgeContents(checks, entries, manifest.manifest, evidence, onProgress);
  if (replayed === undefined || contents === undefined) return { checks, manifest };
  const { fold } = replayed;
  const { placed, judged } = contents;
  await judgeLoggedArticles(checks, fold, placed.newest, judged);
  await judgeKeyOrder(checks, { root, mastheads, fold }, [...placed.newest, ...placed.earlier], evidence);
  return { checks, manifest, replayed };
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

/** Every earlier manifest is there, signed, and the one that the next one names. */
async function judgeHistory(
  checks: Check[],
  root: CID,
  { manifest }: VerifiedManifest,
  mastheads: VerifiedMastheads,
  evidence: Evidence,
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

async function judgeContents(
  checks: Check[],
  entries: DirectoryEntry[],
  manifest: Manifest,
  evidence: Evidence,
  onProgress: JudgeProgress | undefined,
): Promise<{ placed: PlacedArticles; judged: JudgedBundles } | undefined> {
  const placed = await checkAsync(
    checks,
    'articles',
    () => listArticles(entries, manifest, evidence),
    ({ newest, earlier }) => `${newest.length} articles, ${earlier.length} earlier revisions`,
  );
  if (placed === undefined) return undefined;
  const judged = await judgeBundles(checks, [...placed.newest, ...placed.earlier], evidence, onProgress);
  await checkAsync(
    checks,
    'categories',
    () => requireCategories(entries, manifest, placed, judged, evidence),
    (count) => `${count} categories, each with exactly its articles`,
  );
  return { placed, judged };
}

interface PlacedArticles {
  newest: PlacedBundle[];
  earlier: PlacedBundle[];
}

async function listArticles(
  entries: DirectoryEntry[],
  { articles }: Manifest,
  evidence: Evidence,
): Promise<PlacedArticles> {
  const newest = await listBundles(requireEntry(entries, 'articles'), evidence, []);
  if (newest.length !== articles.count) {
    throw refusal(`articles/ holds ${newest.length}; the manifest says ${articles.count}`);
  }
  const revisions = entries.find(({ name }) => name === 'revisions');
  return { newest, earlier: revisions === undefined ? [] : await listRevisions(revisions.cid, evidence) };
}

/** A category holds every article that says it is in it, their earlier revisions, and nothing else. */
async function requireCategories(
  entries: DirectoryEntry[],
  manifest: Manifest,
  placed: PlacedArticles,
  judged: JudgedBundles,
  evidence: Evidence,
): Promise<number> {
  const folders = await evidence.directory(requireEntry(entries, 'categories'));
  const slugs = Object.keys(manifest.categories);
  requireNamedCategories(manifest, placed, judged);
  if (folders.length !== slugs.length) {
    throw refusal(`categories/ holds ${folders.length}; the manifest lists ${slugs.length}`);
  }
  for (const { name, cid } of folders) {
    const listed = Object.hasOwn(manifest.categories, name) ? manifest.categories[name] : undefined;
    if (listed?.cid !== cid.toString())
      throw refusal(`categories/${name} is ${cid}; the manifest says ${listed?.cid}`);
    const expected = expectedBundles(name, placed, judged);
    await requireSameBundles(name, await listCategory(cid, evidence), expected.all);
    if (expected.count !== listed.count)
      throw refusal(`${name} has ${expected.count}; the manifest says ${listed.count}`);
  }
  return slugs.length;
}

/** No article may be hidden by leaving its category out. */
function requireNamedCategories(
  { categories }: Manifest,
  { newest }: PlacedArticles,
  { articles }: JudgedBundles,
): void {
  for (const { id, cid } of newest) {
    const missing = articles.get(cid.toString())?.categories.find((slug) => !Object.hasOwn(categories, slug));
    if (missing !== undefined)
      throw refusal(`${id} is in the category ${missing}, which the manifest does not list`);
  }
}

function expectedBundles(
  slug: string,
  { newest, earlier }: PlacedArticles,
  { articles }: JudgedBundles,
): { all: PlacedBundle[]; count: number } {
  const inside = newest.filter(({ cid }) => articles.get(cid.toString())?.categories.includes(slug));
  const ids = new Set(inside.map(({ id }) => id));
  return { all: [...inside, ...earlier.filter(({ id }) => ids.has(id))], count: inside.length };
}

async function requireSameBundles(
  slug: string,
  found: PlacedBundle[],
  expected: PlacedBundle[],
): Promise<void> {
  const present = new Set(found.map(placeOf));
  for (const bundle of expected) {
    if (!present.delete(placeOf(bundle)))
      throw refusal(`categories/${slug} lacks ${bundle.id} (${bundle.cid})`);
  }
  for (const place of present)
    throw refusal(`categories/${slug} holds ${place}, which is not in the edition so`);
}

function placeOf({ id, revision, cid }: PlacedBundle): string {
  return `${id}${revision === undefined ? '' : ` revision ${revision}`} ${cid}`;
}
