import { authorityAt, authorityOf, requireEnough, signaturesOf } from './authority.ts';
import { judgeBundles } from './category.ts';
import { requireCategories } from './edition-categories.ts';
import type { Evidence } from './evidence.ts';
import { Disowned, Refused } from './failure.ts';
import type { Fold } from './fold.ts';
import { MANIFEST_LIMIT, type Manifest, parseManifest, requireManifest } from './manifest.ts';
import { listEarlier, listNewest, type PlacedBundle } from './places.ts';
import { counted, type Report } from './report.ts';
import { requireFile } from './store.ts';

/** Earlier manifests that are read, the newest first. */
const MOST_MANIFESTS = 1000;

/** Judges all that an edition holds, once its manifest holds: earlier manifests, articles, revisions, categories. */
export async function judgeContents(report: Report, manifest: Manifest, evidence: Evidence): Promise<void> {
  const collecting = { ...evidence, disowned: [] };
  await judgeHistory(report, manifest, collecting);
  const { store, fold } = evidence;
  const newest = await report.check(
    'articles',
    () => listArticles(manifest, evidence),
    (all) => `${counted(all.length, 'article')}, each in its place`,
  );
  const hasEarlier = manifest.entries.some(({ name }) => name === 'revisions');
  const earlier = hasEarlier
    ? await report.check(
        'revisions',
        () => listEarlier(store, ['revisions']),
        (all) => counted(all.length, 'earlier revision'),
      )
    : [];
  if (newest === undefined || earlier === undefined) return;
  if (fold !== undefined) {
    await report.check(
      'log-articles',
      () => requireLogged(fold, newest, earlier),
      () => 'articles and earlier revisions are those that the log has: none dropped, none hidden',
    );
  }
  const judged = await judgeBundles(report, [...newest, ...earlier], collecting);
  if (judged === undefined) return;
  await report.check(
    'categories',
    () => requireCategories(manifest, newest, earlier, judged, evidence),
    (count) => `${count} ${count === 1 ? 'category' : 'categories'}, each with exactly its articles`,
  );
}

async function listArticles({ articles }: Manifest, { store }: Evidence): Promise<PlacedBundle[]> {
  const newest = await listNewest(store, ['articles'], 'articles');
  if (newest.length === articles.count) return newest;
  throw new Refused(`articles/ holds ${newest.length}; the manifest says ${articles.count}`);
}

/** Every earlier manifest is there, signed, and the one that the next one names; the log has it as that edition. */
async function judgeHistory(report: Report, manifest: Manifest, evidence: Evidence): Promise<void> {
  const last = Math.max(1, manifest.sequence - MOST_MANIFESTS);
  await report.check(
    'manifest-history',
    async () => {
      let expected = manifest.previous;
      for (let sequence = manifest.sequence - 1; sequence >= last; sequence--) {
        expected = await requireEarlier(sequence, expected, evidence);
      }
      return manifest.sequence - last;
    },
    (count) => `${counted(count, 'earlier manifest')}, each named by the next`,
  );
  if (last > 1) report.skip('older-manifests', `${last - 1} older manifests are not read here`);
}

async function requireEarlier(
  sequence: number,
  expected: string | undefined,
  evidence: Evidence,
): Promise<string | undefined> {
  const { store, mastheads, fold, now } = evidence;
  const folders = [Math.floor(sequence / 10_000), Math.floor(sequence / 100)].map(String);
  const file = await requireFile(store, ['manifests', ...folders, `${sequence}.json`], MANIFEST_LIMIT);
  if (file.cid !== expected) throw new Refused(`manifest ${sequence} is ${file.cid}, not ${expected}`);
  const earlier = parseManifest(file);
  if (earlier.sequence !== sequence) throw new Refused(`manifest ${sequence} says it is ${earlier.sequence}`);
  requireManifest(earlier, mastheads);
  const logged = fold?.editions[sequence - 1];
  if (logged !== undefined && logged.cid !== file.cid)
    throw new Refused(`the log has ${logged.cid} as edition ${sequence}`);
  const position = fold &&
    logged && { index: logged.index, mastheads: fold.mastheads.map(({ index }) => index) };
  const authority =
    position === undefined
      ? authorityOf(mastheads, earlier.masthead.version)
      : authorityAt(mastheads, position);
  const signed = await signaturesOf(earlier, 'edition', authority, now);
  try {
    requireEnough(signed, 'edition', authority);
  } catch (error) {
    if (!(error instanceof Disowned)) throw error;
    evidence.disowned?.push(`edition ${sequence}`);
  }
  return earlier.previous;
}

/** The article trees are the fold of the log. */
function requireLogged(
  { articles }: Fold,
  newest: readonly PlacedBundle[],
  earlier: readonly PlacedBundle[],
): void {
  const places = new Map(newest.map(({ id, cid }) => [id, cid]));
  const revisions = new Map(earlier.map(({ id, revision, cid }) => [`${id} ${revision}`, cid]));
  for (const [id, { revisions: logged, withheld }] of articles) {
    for (const [at, { cid, kind }] of logged.entries()) {
      const number = at + 1;
      const isNewest = number === logged.length;
      const found = isNewest ? places.get(id) : revisions.get(`${id} ${number}`);
      const name = `revision ${number} of ${id} (${kind})`;
      if (found === undefined && !withheld.has(number))
        throw new Refused(`the log has ${name}, which is not here`);
      if (found !== undefined && withheld.has(number)) throw new Refused(`${name} was withheld, and is here`);
      if (found !== undefined && found !== cid) throw new Refused(`${name} is ${found}; the log says ${cid}`);
      (isNewest ? places : revisions).delete(isNewest ? id : `${id} ${number}`);
    }
  }
  for (const place of [...places.keys(), ...revisions.keys()])
    throw new Refused(`${place} is not in the log`);
}
