import { judgeBundle } from './bundle.ts';
import { judgeCategory, listCategory } from './category.ts';
import { judgeContents } from './edition.ts';
import { type Ground, judgeMastheads } from './edition-index.ts';
import type { Evidence } from './evidence.ts';
import { Refused } from './failure.ts';
import type { Manifest } from './manifest.ts';
import type { Question } from './question.ts';
import { readTheRest } from './read-the-rest.ts';
import type { Report } from './report.ts';
import type { Source } from './source.ts';
import type { Store } from './store.ts';
import type { Facts } from './verdict.ts';

/** Most blocks that are read to the end of an edition. */
const MOST_BLOCKS = 50_000;

/** Judges all of an edition, once its manifest holds. */
export async function judgeWhole(
  report: Report,
  { gateway }: Source,
  manifest: Manifest,
  evidence: Evidence,
  facts: Facts,
): Promise<void> {
  facts.what = `Edition ${manifest.sequence}`;
  await judgeContents(report, manifest, evidence);
  reportPage(report);
  const { root } = evidence.store;
  if (gateway === undefined || root === undefined) return;
  await report.check(
    'blocks',
    () => readTheRest(root, gateway, MOST_BLOCKS),
    (count) =>
      count > MOST_BLOCKS
        ? `the first ${MOST_BLOCKS} blocks hash to their CIDs`
        : `all ${count} blocks hash to their CIDs`,
  );
}

/** Judges one category of an edition. */
export async function judgeOneCategory(
  report: Report,
  path: readonly string[],
  manifest: Manifest,
  evidence: Evidence,
  facts: Facts,
): Promise<void> {
  const slug = path[1] ?? '';
  const listed = Object.hasOwn(manifest.categories, slug) ? manifest.categories[slug] : undefined;
  if (listed === undefined) {
    report.miss('category', `the manifest lists no category ${slug}`);
    return;
  }
  facts.what = `Category ${listed.name}`;
  facts.cid = listed.cid;
  await judgeCategory(report, path, evidence, { slug, ...listed });
  reportPage(report);
}

/** Judges one revision of one article. */
export async function judgeOne(
  report: Report,
  path: readonly string[],
  evidence: Evidence,
  facts: Facts,
): Promise<void> {
  if (!(await isThere(report, path, evidence))) return;
  const judged = await judgeBundle(report, { path, ...placeOf(path) }, evidence);
  reportPage(report);
  if (judged === undefined) return;
  const { article, cid } = judged;
  const state = article.status === 'retracted' ? ', retracted' : '';
  facts.what = `${article.headline} (${article.identifier}, revision ${article.revision}${state})`;
  facts.name ??= article.publication.name;
  if (cid !== undefined) facts.cid = cid;
}

/** A bundle or a category without its edition: judged by its own chain of mastheads, and in no list. */
export async function judgeAlone(
  report: Report,
  kind: 'bundle' | 'category',
  facts: Facts,
  question: Question,
  { store, now }: Ground,
): Promise<void> {
  const folder = await report.check(
    'structure',
    () => (kind === 'bundle' ? [] : findMastheads(store)),
    () => `one ${kind === 'bundle' ? 'article' : kind}, judged by the mastheads that it carries`,
  );
  const mastheads =
    folder && (await judgeMastheads(report, store, [...folder, 'masthead'], 1, facts, question));
  if (mastheads === undefined) return;
  const evidence: Evidence = { store, mastheads, fold: undefined, now, lengths: new Map() };
  report.skip('listed', 'without an edition nothing says whether it is the newest');
  if (kind === 'bundle') await judgeOne(report, [], evidence, facts);
  else await judgeCategory(report, [], evidence);
}

/** The bundle of a category that carries the most mastheads: the chain that all of them are judged by. */
async function findMastheads(store: Store): Promise<string[]> {
  let [most, longest] = [0, undefined as string[] | undefined];
  for (const { path } of await listCategory(store, [])) {
    const size = (await store.list([...path, 'masthead']))?.size ?? 0;
    if (size > most) [most, longest] = [size, path];
  }
  if (longest === undefined) throw new Refused('it holds no article');
  return longest;
}

/** What was never published is no falsehood; what the log has and the edition has not was dropped. */
async function isThere(report: Report, path: readonly string[], { store, fold }: Evidence): Promise<boolean> {
  if (store.root === undefined || (await store.cidAt(path)) !== undefined) return true;
  const { id = '', revision } = placeOf(path);
  const logged = fold?.articles.get(id);
  const isLogged =
    logged?.revisions[(revision ?? 1) - 1] !== undefined && !logged.withheld.has(revision ?? 0);
  if (isLogged && path[0] !== 'categories')
    report.fail('article', `the log has ${id}, and ${path.join('/')} is missing`);
  else report.miss('article', `there is no ${path.join('/')} in this edition`);
  return false;
}

/** What the place of a bundle says of it: `articles/<id>`, `revisions/<id>/<n>`, and the same below a category. */
function placeOf(path: readonly string[]): { id?: string; revision?: number } {
  const at = path.findIndex((name) => /^\d{4}$/.test(name));
  if (at === -1) return {};
  const id = path.slice(at, at + 4).join('/');
  const revision = path[at + 4];
  return revision === undefined ? { id } : { id, revision: Number(revision) };
}

function reportPage(report: Report): void {
  report.skip(
    'page',
    'pages are not made anew from their text here; each is bound by its hash, which is signed',
  );
}
