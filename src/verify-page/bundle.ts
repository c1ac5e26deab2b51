import { deskSignatures, type Position, requireDesk } from './authority.ts';
import { parseCanonical } from './canonical.ts';
import { NotChecked, Refused } from './failure.ts';
import type { Fold, LoggedArticle } from './fold.ts';
import type { Mastheads } from './masthead.ts';
import { counted, Report } from './report.ts';
import { cid, count, just, listOf, matching, object, positive, requireShape, text } from './shape.ts';
import { requireFile, type Store } from './store.ts';
import { type DagLink, linkToDirectory, linkToFile } from './unixfs.ts';

export interface Article {
  publication: { id: string; masthead: number; name: string };
  identifier: string;
  revision: number;
  previous?: string;
  status: 'published' | 'retracted';
  headline: string;
  datePublished: string;
  dateModified: string;
  categories: { slug: string; name: string }[];
  files: { path: string; cid: string; size: number }[];
  proof: unknown;
}

/** Where a bundle stands in an edition: what it must say of itself. Nothing of it is known of a bundle alone. */
export interface Place {
  path: readonly string[];
  id?: string;
  revision?: number;
}

/** What bundles are judged by. */
export interface Evidence {
  store: Store;
  mastheads: Mastheads;
  fold: Fold | undefined;
  now: Date;
  /** Files that were read already, by CID: their length. */
  lengths: Map<string, Promise<number>>;
}

export interface JudgedBundle {
  article: Article;
  cid: string | undefined;
}

const ARTICLE_LIMIT = 8 * 1024 * 1024;
const FILE_LIMIT = 64 * 1024 * 1024;
const MAX_DEPTH = 16;
const CONTEXT = '["https://schema.org","https://w3id.org/security/data-integrity/v2"]';

/** Unknown members are kept, signed as they are, and ignored. */
const ARTICLE = object({
  '@context': (value) => (JSON.stringify(value) === CONTEXT ? undefined : ' is another'),
  '@type': just('NewsArticle'),
  format: just('ovn-article/1'),
  template: positive,
  publication: object({ id: cid, masthead: positive, name: text, tagline: text }),
  identifier: matching(/^\d{4}\/\d{2}\/\d{2}\/[a-z0-9-]{1,80}$/),
  revision: positive,
  'previous?': cid,
  status: just('published', 'retracted'),
  headline: text,
  datePublished: text,
  dateModified: text,
  inLanguage: text,
  encodingFormat: just('text/markdown'),
  articleBody: text,
  categories: listOf(object({ slug: matching(/^[a-z0-9-]{1,80}$/), name: text }), { least: 1 }),
  files: listOf(
    object({ path: matching(/^(?:[a-z]+\.[a-z]+|media\/[a-z0-9-]+\.[a-z0-9]+)$/), cid, size: count }),
  ),
});

/** Judges one revision of one article, rule by rule (docs/format.md, rules 10 to 17). */
export async function judgeBundle(
  report: Report,
  place: Place,
  evidence: Evidence,
): Promise<JudgedBundle | undefined> {
  const { store, mastheads, fold } = evidence;
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
  const logged = fold?.articles.get(article.identifier);
  const position = fold && logged && positionOf(fold, logged, article);
  await checkSignature(report, article, position, evidence);
  await checkLog(report, place, article, own, evidence);
  return { article, cid: own };
}

async function checkSignature(
  report: Report,
  article: Article,
  position: Position | undefined,
  { mastheads, now }: Evidence,
): Promise<void> {
  const signed = await report.check(
    'signature',
    () => deskSignatures(article, mastheads, position, now),
    (keys) => (keys.size === 0 ? 'none by a key that may sign' : [...keys].join(', ')),
  );
  if (signed === undefined) return;
  await report.check(
    'key-authorised',
    () => requireDesk(article, signed, mastheads, position),
    (slugs) => `desk key for ${slugs}${position === undefined ? '' : ', by the order of the log'}`,
  );
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

async function readArticle({ path, id, revision }: Place, store: Store) {
  const file = await requireFile(store, [...path, 'article.json'], ARTICLE_LIMIT);
  const value = parseCanonical(file.bytes, ARTICLE_LIMIT, MAX_DEPTH);
  const article = requireShape<Article>(ARTICLE, value, 'article.json');
  if (id !== undefined && article.identifier !== id) throw new Refused(`it says it is ${article.identifier}`);
  if (revision !== undefined && article.revision !== revision) {
    throw new Refused(`it says it is revision ${article.revision}`);
  }
  if (article.revision > 1 && article.previous === undefined)
    throw new Refused('it names no revision before it');
  const isSorted = article.files.every(
    (each, at) => at === 0 || (article.files[at - 1]?.path ?? '') < each.path,
  );
  if (!isSorted) throw new Refused('its files are not in order, or one is there twice');
  return { article, file };
}

/** The folder holds the files that are signed, and nothing else. */
async function checkStructure(
  report: Report,
  { path }: Place,
  { files }: Article,
  store: Store,
): Promise<void> {
  if (store.root === undefined) {
    report.skip('structure', 'what else lies in its folder cannot be seen on plain hosting');
    return;
  }
  await report.check(
    'structure',
    async () => {
      const rest = new Set((await store.list(path))?.keys());
      const media = rest.delete('media') ? await store.list([...path, 'media']) : new Map<string, string>();
      for (const name of media?.keys() ?? []) rest.add(`media/${name}`);
      for (const name of ['article.json', 'masthead', ...files.map((file) => file.path)]) rest.delete(name);
      for (const name of rest) throw new Refused(`${name} was not signed`);
    },
    () => 'it holds the files that were signed, and nothing else',
  );
}

function requirePublication({ publication }: Article, mastheads: Mastheads): void {
  if (publication.id !== mastheads.publication) throw new Refused(`it says it is of ${publication.id}`);
}

/** The mastheads in the bundle are the first ones of the chain, as many as there were when it was signed. */
async function requireOwnMastheads(
  { path }: Place,
  { publication }: Article,
  evidence: Evidence,
): Promise<DagLink[]> {
  const { store, mastheads } = evidence;
  const folder = [...path, 'masthead'];
  const names = await store.list(folder);
  const size = publication.masthead;
  if (names !== undefined && names.size !== size)
    throw new Refused(`${names.size} mastheads; it was signed under ${size}`);
  const links: DagLink[] = [];
  for (let version = 1; version <= size; version++) {
    const name = `${version}.json`;
    const file = names === undefined ? await requireFile(store, [...folder, name], ARTICLE_LIMIT) : undefined;
    const found = file?.cid ?? names?.get(name);
    if (found !== mastheads.versions[version - 1]?.cid)
      throw new Refused(`masthead ${version} is another: ${found}`);
    links.push({ name, cid: found ?? '', size: file?.bytes.length ?? 0 });
  }
  return links;
}

/** Every file is read, and is the one that was signed. */
async function requireFiles({ path }: Place, { files }: Article, evidence: Evidence): Promise<DagLink[]> {
  return Promise.all(
    files.map(async (file) => {
      const names = [...path, ...file.path.split('/')];
      const link = await linkAt(names, file.size, evidence);
      if (link.cid !== file.cid) throw new Refused(`${file.path} is ${link.cid}; signed is ${file.cid}`);
      if (link.length !== file.size) throw new Refused(`${file.path} has another length than was signed`);
      return { name: file.path, cid: link.cid, size: link.size };
    }),
  );
}

async function linkAt(path: readonly string[], limit: number, { store, lengths }: Evidence) {
  const most = Math.min(Math.max(limit, 1), FILE_LIMIT);
  const known = await store.cidAt(path);
  if (known === undefined) {
    const { bytes } = await requireFile(store, path, most);
    return { ...(await linkToFile('', bytes)), length: bytes.length };
  }
  const length = lengths.get(known) ?? requireFile(store, path, most).then(({ bytes }) => bytes.length);
  lengths.set(known, length);
  return { cid: known, size: 0, length: await length };
}

/** On plain hosting the CID of a bundle is computed from its files, as far as they all came. */
async function bundleCid(
  { bytes }: { bytes: Uint8Array<ArrayBuffer> },
  files: DagLink[] | undefined,
  versions: DagLink[] | undefined,
): Promise<string | undefined> {
  if (files === undefined || versions === undefined) return undefined;
  const media = files.filter(({ name }) => name.startsWith('media/'));
  const entries = files.filter(({ name }) => !name.includes('/'));
  entries.push(await linkToFile('article.json', bytes), await linkToDirectory('masthead', versions));
  const inFolder = media.map((link) => ({ ...link, name: link.name.slice('media/'.length) }));
  if (inFolder.length > 0) entries.push(await linkToDirectory('media', inFolder));
  return (await linkToDirectory('', entries)).cid;
}

function positionOf(fold: Fold, { revisions }: LoggedArticle, { revision }: Article) {
  const index = revisions[revision - 1]?.index;
  return index === undefined ? undefined : { index, mastheads: fold.mastheads.map((each) => each.index) };
}

async function checkLog(
  report: Report,
  place: Place,
  article: Article,
  own: string | undefined,
  { fold }: Evidence,
): Promise<void> {
  if (fold === undefined) {
    report.skip('log-inclusion', 'no log that is read to its end is at hand');
    return;
  }
  await report.check(
    'log-inclusion',
    () => requireLogged(place, article, own, fold),
    ({ index, kind, newest }) =>
      `entry ${index} of ${fold.size} in the log: ${kind}${newest === article.revision ? '' : `; superseded by revision ${newest}`}`,
  );
}

/** The log has this revision, by its CID; where the newest is to stand, none after it; and says of a retraction what it says. */
function requireLogged(
  { path, revision }: Place,
  article: Article,
  own: string | undefined,
  { articles }: Fold,
) {
  const logged = articles.get(article.identifier);
  const entry = logged?.revisions[article.revision - 1];
  if (own === undefined) throw new NotChecked('not all of its files came');
  if (logged === undefined || entry === undefined) throw new Refused('the log does not have this revision');
  if (entry.cid !== own) throw new Refused(`the log has ${entry.cid} as this revision, not ${own}`);
  const newest = logged.revisions.length;
  if (path.length > 0 && revision === undefined && newest !== article.revision) {
    throw new Refused(
      `the log has revision ${newest} of it (${logged.revisions.at(-1)?.kind}), which is hidden here`,
    );
  }
  const isNewest = article.revision === newest;
  const isRetracted = isNewest ? logged.isRetracted : entry.kind === 'retraction';
  // Whether an earlier new rendering is of a retraction is for the revision before it to say.
  if (isRetracted !== (article.status === 'retracted') && (isNewest || entry.kind !== 'rerender')) {
    throw new Refused(`it says it is ${article.status}; the log says ${entry.kind}`);
  }
  return { ...entry, newest };
}
