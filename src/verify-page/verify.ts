import { requireEdition } from './authority.ts';
import { type Evidence, judgeBundle } from './bundle.ts';
import { judgeCategory, listCategory } from './category.ts';
import { isCid } from './cid.ts';
import { judgeContents, readTheRest } from './edition.ts';
import { NotChecked, Refused } from './failure.ts';
import type { FetchBytes } from './fetch-bytes.ts';
import { askForRoot, Gateway, type GatewayAddress } from './gateway.ts';
import { readLog } from './log.ts';
import { MANIFEST_LIMIT, type Manifest, parseManifest, requireEntries, requireManifest } from './manifest.ts';
import { type Mastheads, readMastheads } from './masthead.ts';
import { type Place, parseWhat, type Question, withRoot } from './question.ts';
import { counted, type Report } from './report.ts';
import { BlockStore, FileStore, requireFile, type Store } from './store.ts';
import { readLinks } from './unixfs.ts';
import type { Facts } from './verdict.ts';

/** Most blocks that are read to the end of an edition. */
const MOST_BLOCKS = 50_000;
const FILE_LIMIT = 64 * 1024 * 1024;

/** What the checks begin from. */
export interface Start {
  question: Question;
  place: Place;
  now: Date;
  fetch: FetchBytes;
}

interface Source {
  store: Store;
  gateway: Gateway | undefined;
}

/** Does every check that the question asks for, in order, and reports each of them. */
export async function verify(report: Report, start: Start): Promise<Facts> {
  const facts: Facts = { isConfirmed: false, isExpired: false };
  try {
    await answer(report, facts, start);
  } catch (error) {
    if (error instanceof NotChecked) report.miss('blocks', error.message);
    else if (error instanceof Refused) report.fail('blocks', error.message);
    else throw error;
  }
  return facts;
}

async function answer(
  report: Report,
  facts: Facts,
  { question: asked, place, now, fetch }: Start,
): Promise<void> {
  const question = withRoot(asked);
  const path = parseWhat(question.what);
  if (path === undefined) {
    report.miss('what', `"${question.what}" is no article, no category and no address of one`);
    return;
  }
  const source = await report.check(
    'source',
    () => openSource(question, place, fetch),
    ({ store }) =>
      store.root === undefined
        ? `files of plain hosting at ${place.folder}; every file is hashed`
        : `blocks below ${store.root}; every block is hashed`,
  );
  if (source === undefined) return;
  const { store } = source;
  if (store.root !== undefined) facts.edition = store.root;
  const kind = await report.check(
    'root',
    () => kindOf(store, path),
    (found) => `it holds ${NAMES[found]}`,
  );
  if (kind === undefined) return;
  if (kind !== 'edition') {
    await judgeAlone(report, kind, facts, question, { store, now });
    return;
  }
  const index = await judgeIndex(report, facts, question, { store, now });
  if (index === undefined) return;
  const { manifest, evidence } = index;
  if (path.length === 0) await judgeWhole(report, source, manifest, evidence, facts);
  else if (path.length === 2) await judgeOneCategory(report, path, manifest, evidence, facts);
  else await judgeOne(report, path, evidence, facts);
}

const NAMES = { edition: 'an edition', bundle: 'one article', category: 'a category' };

/** Blocks of a gateway, else the files of whatever server the page came from. */
async function openSource(question: Question, place: Place, fetch: FetchBytes): Promise<Source> {
  const address = question.gateway === '' ? place.gateway : parseGateway(question.gateway);
  if (question.root !== '' && !isCid(question.root))
    throw new NotChecked(`"${question.root}" is no CID to begin from`);
  if (question.gateway !== '' && question.root === '' && place.root === undefined) {
    throw new NotChecked('another gateway must be told what to send: give the CID to begin from');
  }
  const gateway = new Gateway(address, fetch);
  const read = (cid: string) => gateway.read(cid);
  if (question.root !== '') return { store: new BlockStore(question.root, read), gateway };
  if (place.root !== undefined) {
    const above = new BlockStore(place.root, read);
    const root = await above.cidAt(place.path);
    if (root === undefined) throw new Refused(`${place.path.join('/')} is missing below ${place.root}`);
    return { store: new BlockStore(root, read), gateway };
  }
  const root = await askForRoot(place.folder, fetch);
  if (root === undefined) return { store: new FileStore(place.folder, fetch), gateway: undefined };
  return { store: new BlockStore(root, read), gateway };
}

function parseGateway(text: string): GatewayAddress {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol))
    throw new NotChecked(`"${text}" is no address of a gateway`);
  return { base: `${url.origin}${url.pathname}`.replace(/\/(?:ipfs\/?)?$/, ''), isSubdomain: false };
}

async function kindOf(store: Store, path: readonly string[]): Promise<keyof typeof NAMES> {
  const names = await store.list([]);
  if (names === undefined) {
    if (path.length > 0 && path.length !== 2) return 'edition';
    throw new NotChecked(
      'on plain hosting folders have no hashes: name one article to check, or use a gateway or "ovn verify"',
    );
  }
  if (names.has('manifest.json')) return 'edition';
  if (path.length > 0) throw new NotChecked(`there is no edition that could hold ${path.join('/')}`);
  return names.has('article.json') ? 'bundle' : 'category';
}

interface Ground {
  store: Store;
  now: Date;
}

/** A bundle or a category without its edition: judged by its own chain of mastheads, and in no list. */
async function judgeAlone(
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

/** Mastheads, manifest and log of an edition. */
async function judgeIndex(
  report: Report,
  facts: Facts,
  question: Question,
  { store, now }: Ground,
): Promise<{ manifest: Manifest; evidence: Evidence } | undefined> {
  const found = await report.check(
    'manifest',
    async () => {
      const file = await requireFile(store, ['manifest.json'], MANIFEST_LIMIT);
      return { cid: file.cid, manifest: parseManifest(file) };
    },
    ({ cid, manifest }) => `manifest ${manifest.sequence}, ${cid}`,
  );
  if (found === undefined) return undefined;
  const { manifest, cid } = found;
  const mastheads = await judgeMastheads(
    report,
    store,
    ['masthead'],
    manifest.masthead.version,
    facts,
    question,
  );
  if (mastheads === undefined) return undefined;
  await report.check(
    'manifest-rules',
    () => requireManifest(manifest, mastheads),
    () => 'publication, masthead, sequence, period, entries and log fit together',
  );
  const signed = await report.check(
    'manifest-signature',
    () => requireEdition(manifest, mastheads, 'newest', now),
    (keys) => `signed by the edition key ${keys}`,
  );
  if (signed === undefined) return undefined;
  const { name } = manifest.publication;
  const { sequence, issued, expires } = manifest;
  Object.assign(facts, { name, sequence, issued, expires, manifest: cid, signedBy: signed });
  await checkRoot(report, store, manifest);
  checkExpiry(report, manifest, facts, now);
  const fold = await readLog(report, store, manifest, mastheads);
  report.skip(
    'witnesses',
    'this page knows no witnesses: lines of others on the checkpoint are not looked at',
  );
  return { manifest, evidence: { store, mastheads, fold, now, lengths: new Map() } };
}

async function judgeMastheads(
  report: Report,
  store: Store,
  folder: readonly string[],
  least: number,
  facts: Facts,
  { id }: Question,
): Promise<Mastheads | undefined> {
  const mastheads = await report.check(
    'masthead-chain',
    () => readMastheads(store, folder, least),
    ({ versions }) => `${counted(versions.length, 'masthead')}, signed in turn`,
  );
  if (mastheads === undefined) return undefined;
  const { publication } = mastheads;
  facts.publication = publication;
  facts.isConfirmed = id === publication;
  if (facts.isConfirmed)
    report.pass('publication-confirmed', `${publication}, as in the address of this page`);
  else if (id === '')
    report.skip('publication-confirmed', `${publication}: no id in the address of this page confirms it`);
  else report.fail('publication-confirmed', `it is of ${publication}; you asked for ${id}`);
  return mastheads;
}

/** The root holds what the manifest lists; on plain hosting, the files of it that a page is made of do. */
async function checkRoot(report: Report, store: Store, manifest: Manifest): Promise<void> {
  const names = await store.list([]);
  if (names !== undefined) {
    await report.check(
      'root-entries',
      () => requireEntries(names, manifest),
      () => 'the root holds exactly what the manifest lists',
    );
    return;
  }
  await report.check(
    'root-files',
    async () => {
      const files = manifest.entries.filter(({ cid }) => cid.startsWith('bafkrei'));
      await Promise.all(files.map((entry) => requireSame(store, entry)));
      return files.map(({ name }) => name).join(', ');
    },
    (list) => `${list} are those that the manifest lists`,
  );
  report.skip('root-entries', 'the folders that the manifest lists have no hashes on plain hosting');
}

async function requireSame(store: Store, { name, cid }: { name: string; cid: string }): Promise<void> {
  const file = await requireFile(store, [name], FILE_LIMIT);
  if (file.cid !== cid) throw new Refused(`${name} is ${file.cid}; the manifest says ${cid}`);
}

/** Age refuses nothing. */
function checkExpiry(report: Report, { expires }: Manifest, facts: Facts, now: Date): void {
  facts.isExpired = now.getTime() >= Date.parse(expires);
  if (facts.isExpired) report.skip('current', `expired ${expires}: genuine, but not confirmed as current`);
  else
    report.pass(
      'current',
      `until ${expires}, if your clock is right; whether there is a newer edition is not seen here`,
    );
}

async function judgeWhole(
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
    () => readTheRest(root, (cid) => linksOf(gateway, cid), MOST_BLOCKS),
    (count) =>
      count > MOST_BLOCKS
        ? `the first ${MOST_BLOCKS} blocks hash to their CIDs`
        : `all ${count} blocks hash to their CIDs`,
  );
}

async function linksOf(gateway: Gateway, cid: string): Promise<Iterable<string>> {
  if (gateway.has(cid)) return [];
  return readLinks(cid, await gateway.read(cid));
}

async function judgeOneCategory(
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

async function judgeOne(
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
