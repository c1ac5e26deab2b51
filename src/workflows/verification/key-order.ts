import type { CID } from 'multiformats/cid';
import { ARTICLE_JSON_LIMIT, parseArticle } from '../../bundle/article-json.ts';
import { manifestPath } from '../../edition/layout.ts';
import type { LogFold } from '../../log/fold.ts';
import { MANIFEST_LIMIT } from '../../manifest/parse-manifest.ts';
import { judgeManifest } from '../../manifest/read-manifest.ts';
import { type Check, firstFailed } from '../../trust/check.ts';
import { judgeArticle } from '../../trust/judge-article.ts';
import { type Authority, authorityAt, type KeyHistory, readKeyHistory } from '../../trust/key-history.ts';
import type { VerifiedMastheads } from '../../trust/masthead-chain.ts';
import { tellSome } from '../../trust/tell-some.ts';
import { resolvePath } from '../../unixfs/directory.ts';
import { checkAsync, type Evidence, refusal } from './judging.ts';
import type { PlacedBundle } from './placed-bundles.ts';

const NAME = 'log-keys';

/** An edition whose log was replayed. */
export interface ReplayedEdition {
  root: CID;
  mastheads: VerifiedMastheads;
  fold: LogFold;
}

/**
 * Judges every signature by its place in the log: of a key that was retired, those before the masthead that removed it
 * count and no others; of a revoked one, those before its entry. What the publication itself disowns is named and
 * refuses nothing: the log is never rewritten, so it stays in there.
 */
export async function judgeKeyOrder(
  checks: Check[],
  edition: ReplayedEdition,
  bundles: readonly PlacedBundle[],
  evidence: Evidence,
): Promise<void> {
  const { mastheads } = edition;
  if (mastheads.versions.length === 1) {
    checks.push({ name: NAME, result: 'pass', detail: 'one masthead: the same keys throughout' });
    return;
  }
  const found: Check[] = [];
  const disowned = await checkAsync(
    found,
    NAME,
    () => findDisowned(edition, bundles, evidence),
    () => `every signature is of a key that could sign at its place in the log`,
  );
  if (disowned === undefined || disowned.length === 0) checks.push(...found);
  else {
    const detail = `signed by keys since revoked, and disowned: ${tellSome(disowned)}`;
    checks.push({ name: NAME, result: 'not-checked', detail });
  }
}

async function findDisowned(
  { root, mastheads, fold }: ReplayedEdition,
  bundles: readonly PlacedBundle[],
  evidence: Evidence,
): Promise<string[]> {
  const history = readKeyHistory(mastheads, fold.mastheads);
  const disowned: string[] = [];
  for (const bundle of bundles) {
    const index = indexOf(fold, bundle);
    const document = parseArticle(await readFrom(bundle.cid, ['article.json'], ARTICLE_JSON_LIMIT, evidence));
    const judge = (at: Authority): Check[] => judgeArticle(document, mastheads, evidence.now, at);
    if (isDisowned(judge, history, index, bundle.id)) disowned.push(`${bundle.id} (entry ${index})`);
  }
  for (const { sequence, index } of fold.editions) {
    const path = ['manifests', ...manifestPath(sequence)];
    const bytes = await readFrom(root, path, MANIFEST_LIMIT, evidence);
    const judge = (at: Authority): Check[] => judgeManifest(bytes, mastheads, evidence.now, at).checks;
    if (isDisowned(judge, history, index, `edition ${sequence}`)) disowned.push(`edition ${sequence}`);
  }
  return disowned;
}

/** Whether it would hold if no key were revoked, and does not so; throws where it would not hold either way. */
function isDisowned(
  judge: (at: Authority) => Check[],
  history: KeyHistory,
  index: number,
  what: string,
): boolean {
  const at = authorityAt(history, index);
  const failed = firstFailed(judge(at));
  if (failed === undefined) return false;
  if (firstFailed(judge({ ...at, revoked: new Set() })) === undefined) return true;
  throw refusal(`${what}, entry ${index}: ${failed.name}: ${failed.detail}`);
}

function indexOf({ articles }: LogFold, { id, cid }: PlacedBundle): number {
  const logged = articles.get(id);
  const found = [logged?.newest, ...(logged?.earlier ?? [])].find((each) => each?.cid === cid.toString());
  if (found === undefined) throw refusal(`${id} (${cid}) was never logged`);
  return found.index;
}

async function readFrom(
  root: CID,
  path: readonly string[],
  limit: number,
  evidence: Evidence,
): Promise<Uint8Array> {
  const link = await resolvePath(root, [...path], evidence.read);
  if (link === undefined) throw refusal(`${path.join('/')} is missing`);
  return evidence.file(link.cid, limit);
}
