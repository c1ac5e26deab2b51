import type { CID } from 'multiformats/cid';
import { OvnError } from '../../errors.ts';
import type { Check } from '../../trust/check.ts';
import { expiryCheck } from '../../trust/instant.ts';
import { readIfDirectory } from '../../unixfs/directory.ts';
import { countDag, type DagSize, measureDag } from '../measure-dag.ts';
import { isArticleProof, judgeArticleProof } from './article-proof.ts';
import { type JudgedBundle, judgeBundle } from './bundle.ts';
import type { JudgeProgress } from './bundles.ts';
import { judgeCategory, judgePartOfCategory } from './category.ts';
import { judgeEdition } from './edition.ts';
import { isHeldWhole } from './held-bundles.ts';
import { checkAsync, type Evidence } from './judging.ts';
import { judgePart } from './part.ts';
import type { Judged, JudgedPlace } from './standing.ts';

/**
 * Judges what lies below a CID by itself. Bundle, category and edition are told apart by what they hold.
 *
 * @throws {OvnError} `refused` for what is none of them.
 */
export async function judgeRoot(cid: CID, evidence: Evidence, onProgress?: JudgeProgress): Promise<Judged> {
  const names = new Set((await readIfDirectory(cid, evidence.read))?.map(({ name }) => name));
  if (names.has('article.json') && (await isPartly(cid, evidence)))
    throw new OvnError('not-held', `not all of ${cid} is held`, { hint: evidence.rest ?? '' });
  if (names.has('article.json')) return asBundle(cid, await judgeBundle(cid, evidence));
  if (isArticleProof(names)) {
    // An article that brings the proof that it was logged stands for its bundle.
    const proven = await judgeArticleProof(cid, evidence);
    return asBundle(proven.bundle ?? cid, proven, proven.proof);
  }
  if (names.has('manifest.json')) return judgeAsEdition(cid, evidence, onProgress);
  if (names.has('feed.json')) {
    const isPart = await isPartly(cid, evidence);
    const judged = await (isPart ? judgePartOfCategory : judgeCategory)(cid, evidence, onProgress);
    await judgeWhole(judged.checks, cid, evidence);
    return { kind: 'category', root: cid.toString(), isPart, ...judged };
  }
  throw new OvnError('refused', `${cid} is no bundle, no category and no edition of OpenVoiceNews`);
}

function asBundle(
  cid: CID,
  { checks, article, mastheads }: JudgedBundle,
  proof?: JudgedPlace['proof'],
): Judged {
  const root = cid.toString();
  if (article === undefined || mastheads === undefined)
    return { kind: 'bundle', root, isPart: false, checks };
  const { publicationId: publication } = mastheads;
  const { identifier: id } = article;
  const bundles = [{ id, cid, ...(proof && { proof }) }];
  return { kind: 'bundle', root, isPart: false, checks, publication, article: id, bundles };
}

async function judgeAsEdition(
  cid: CID,
  evidence: Evidence,
  onProgress: JudgeProgress | undefined,
): Promise<Judged> {
  const isPart = await isPartly(cid, evidence);
  const judge = isPart ? judgePart : judgeEdition;
  const { checks, manifest: held, replayed } = await judge(cid, evidence, onProgress);
  const root = cid.toString();
  if (held === undefined) return { kind: 'edition', root, isPart, checks };
  const { manifest, cid: named } = held;
  await judgeWhole(checks, cid, evidence);
  checks.push(expiryCheck('expiry', manifest.expires, evidence.now));
  const judged: Judged = {
    kind: 'edition',
    root,
    isPart,
    checks,
    publication: manifest.publication.id,
    manifest: named,
  };
  return replayed === undefined ? judged : { ...judged, replayed };
}

/** Whether some of it is missing that need not be at hand. What cannot be read at all is found by the checks. */
async function isPartly(root: CID, evidence: Evidence): Promise<boolean> {
  if (evidence.rest === undefined) return false;
  try {
    return !(await isHeldWhole(root, evidence));
  } catch (error) {
    if (error instanceof OvnError && error.code !== 'interrupted') return true;
    throw error;
  }
}

/** Nothing that the root reaches is missing, the pages among it that no rule reads; but for what others hold. */
async function judgeWhole(checks: Check[], root: CID, { read, signal, rest }: Evidence): Promise<void> {
  const found: Check[] = [];
  const count = rest === undefined ? measureDag : countDag;
  const size = await checkAsync<DagSize & { missing?: number }>(
    found,
    'whole',
    () => count(root, read, signal),
    ({ blocks }) => `all ${blocks} blocks are here`,
  );
  const missing = size?.missing ?? 0;
  if (size === undefined || missing === 0) checks.push(...found);
  else {
    const detail = `${size.blocks} blocks are held, and ${missing} that they lead to are not. ${rest}`;
    checks.push({ name: 'whole', result: 'not-checked', detail });
  }
}
