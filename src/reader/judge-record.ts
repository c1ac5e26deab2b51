import type { LogFold } from '../log/fold.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { requireRoot } from '../manifest/root-entries.ts';
import { tellSome } from '../trust/tell-some.ts';
import { judgeBundleRecord, type Records } from './judge-bundle-record.ts';
import type { Finding } from './ledger.ts';
import type { Looked, LookedEdition, OfferedBundle } from './offered.ts';
import { refusal } from './refusal.ts';

/** Where what is looked at stands. */
export interface Standing {
  /** Whether it is the newest of its kind in the edition that was offered. */
  listed: boolean;
  /** CID of the newest revision of an article, where that is another one. */
  supersededBy?: string;
}

/** What is looked at, and by what it is judged; `records` are absent where there is no log. */
export interface Sight {
  looked: Looked;
  manifest: Manifest;
  records: Records | undefined;
  /** Whether an article that is not the newest revision, in the log at hand, is refused. */
  requireCurrent: boolean;
}

const NO_LOG = 'the manifest is from before there was a log';

/**
 * Rule 10, what is looked at: the edition's root holds exactly what the manifest lists, and its articles are exactly what
 * the log tells, each in the revision that was logged last, signed by keys that might sign there (RFC 9162 has no such rule:
 * a certificate log is searched, this one is replayed).
 */
export async function judgeRecord({
  looked,
  manifest,
  records,
  requireCurrent,
}: Sight): Promise<Finding<Standing>> {
  if (looked.kind === 'article') {
    const finding = judgeArticle(looked.bundle, records);
    if (requireCurrent && !finding.value.listed) throw refusal(`not current: ${finding.detail}`);
    return finding;
  }
  if (looked.kind === 'nothing') {
    return { value: { listed: true }, detail: 'no article was looked at', result: 'not-checked' };
  }
  requireRoot(looked.root, manifest);
  const value = { listed: true };
  if (records === undefined) return { value, detail: NO_LOG, result: 'not-checked' };
  const { count, disowned } = await requireEdition(looked, records);
  const detail = `${count} bundles, each as it was logged; nothing that was logged is missing`;
  if (disowned.length === 0) return { value, detail };
  const doubt = `${detail}; disowned, of revoked keys: ${tellSome(disowned)}`;
  return { value, detail: doubt, result: 'not-checked' };
}

function judgeArticle(bundle: OfferedBundle, records: Records | undefined): Finding<Standing> {
  if (records !== undefined) return judgeByLog(bundle, records);
  return { value: { listed: false }, detail: NO_LOG, result: 'not-checked' };
}

/**
 * What a log says of one bundle, whether the edition with that log lists it or not.
 *
 * @throws {OvnError} as {@link judgeBundleRecord} does; `refused` for one that is disowned.
 */
export function judgeByLog(bundle: OfferedBundle, records: Records): Finding<Standing> {
  const { article, logged, supersededBy, disowned } = judgeBundleRecord(bundle, records);
  const what = `${article.identifier}, revision ${article.revision}`;
  if (disowned) throw refusal(`${what}, is disowned: the key that signed it is revoked from there or before`);
  if (logged === undefined) {
    const detail = `${what}, is not in the log of ${records.log.fold.size} entries that is at hand`;
    return { value: { listed: false }, detail, result: 'not-checked' };
  }
  const detail = `${what}, is entry ${logged.index} of the log (${logged.kind})`;
  if (supersededBy === undefined) return { value: { listed: true }, detail };
  return { value: { listed: false, supersededBy }, detail: `${detail}, superseded by ${supersededBy}` };
}

async function requireEdition(
  { bundles }: LookedEdition,
  records: Records,
): Promise<{ count: number; disowned: string[] }> {
  const newest = new Set<string>();
  const earlier = new Set<string>();
  const disowned: string[] = [];
  for await (const bundle of bundles) {
    const record = judgeBundleRecord(bundle, records);
    if (record.disowned) disowned.push(`${bundle.id}, revision ${record.article.revision}`);
    if (bundle.place === 'newest') newest.add(bundle.id);
    else earlier.add(`${bundle.id}/${bundle.place}`);
  }
  requireComplete(records.log.fold, newest, earlier);
  return { count: newest.size + earlier.size, disowned };
}

/** Nothing that was logged is missing, but what was withheld. */
function requireComplete(
  { articles }: LogFold,
  newest: ReadonlySet<string>,
  earlier: ReadonlySet<string>,
): void {
  for (const [id, history] of articles) {
    if (!newest.has(id)) throw refusal(`${id} was logged, and is not there`);
    const lost = history.earlier.find(
      ({ revision }) => !history.withheld.has(revision) && !earlier.has(`${id}/${revision}`),
    );
    if (lost !== undefined) throw refusal(`revision ${lost.revision} of ${id} was logged, and is not there`);
  }
}
