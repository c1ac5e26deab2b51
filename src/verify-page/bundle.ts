import { type Article, readArticle } from './article.ts';
import { type Authority, authorityAt, requireEnough, signaturesOf } from './authority.ts';
import { bundleCid, checkStructure, requireFiles, requireOwnMastheads } from './bundle-files.ts';
import { checkLog, positionOf } from './bundle-log.ts';
import type { Evidence, Place } from './evidence.ts';
import { Disowned, NotChecked, Refused } from './failure.ts';
import type { Mastheads } from './masthead.ts';
import { counted, Report } from './report.ts';

export interface JudgedBundle {
  article: Article;
  cid: string | undefined;
}

/** Judges one revision of one article, rule by rule (docs/format.md, rules 10 to 17). */
export async function judgeBundle(
  report: Report,
  place: Place,
  evidence: Evidence,
): Promise<JudgedBundle | undefined> {
  const { store, mastheads } = evidence;
  const found = await report.check(
    'article',
    () => readArticle(place, store),
    ({ article }) => `“${article.headline}”, ${article.identifier}, revision ${article.revision}`,
  );
  if (found === undefined) return undefined;
  const { article, file } = found;
  await checkStructure(report, place, article, store);
  await report.check(
    'publication',
    () => requirePublication(article, mastheads),
    () => mastheads.publication,
  );
  const versions = await report.check(
    'bundle-mastheads',
    () => requireOwnMastheads(place, article, evidence),
    (links) => `it carries ${counted(links.length, 'masthead')} of the publication`,
  );
  const links = await report.check(
    'files',
    () => requireFiles(place, article, evidence),
    (each) => `${counted(each.length, 'file')}, each with the hash that was signed`,
  );
  const own =
    store.root === undefined ? await bundleCid(file, links, versions) : await store.cidAt(place.path);
  await checkSignature(report, article, evidence);
  await checkLog(report, place, article, own, evidence);
  return { article, cid: own };
}

/** The same of one among many: says nothing but what is wrong. */
export async function requireBundle(place: Place, evidence: Evidence): Promise<JudgedBundle> {
  const report = new Report();
  const judged = await judgeBundle(report, place, evidence);
  const { failed, missed } = report;
  const where = place.path.join('/');
  if (failed !== undefined) throw new Refused(`${where}: ${failed.name}: ${failed.detail}`);
  if (missed !== undefined || judged === undefined) throw new NotChecked(`${where}: ${missed?.detail}`);
  return judged;
}

async function checkSignature(report: Report, article: Article, evidence: Evidence): Promise<void> {
  const position = positionOf(article, evidence.fold);
  const authority = authorityAt(evidence.mastheads, position);
  const signed = await report.check(
    'signature',
    () => signaturesOf(article, 'desk', authority, evidence.now),
    (keys) => (keys.size === 0 ? 'none by a key that may sign' : [...keys].join(', ')),
  );
  if (signed === undefined) return;
  const slugs = article.categories.map(({ slug }) => slug);
  await report.check(
    'key-authorised',
    () => requireDesk(article, signed, authority, evidence),
    () => `desk key for ${slugs.join(', ')}${position === undefined ? '' : ', by the order of the log'}`,
  );
}

function requireDesk(
  { identifier, revision, categories, publication }: Article,
  signed: ReadonlySet<string>,
  authority: Authority,
  { disowned }: Evidence,
): void {
  const newest = Math.max(...authority.speaking.map(({ version }) => version));
  if (publication.masthead > newest)
    throw new Refused(`it names masthead ${publication.masthead}, after its place in the log`);
  try {
    const slugs = categories.map(({ slug }) => slug);
    requireEnough(signed, 'desk', authority, slugs);
  } catch (error) {
    if (!(error instanceof Disowned) || disowned === undefined) throw error;
    disowned.push(`revision ${revision} of ${identifier}`);
  }
}

function requirePublication({ publication }: Article, mastheads: Mastheads): void {
  if (publication.id !== mastheads.publication) throw new Refused(`it says it is of ${publication.id}`);
}
