import { CID } from 'multiformats/cid';
import { CHANGES_PATH, maySeeChanges, renderChanges } from '../../article/changes-page.ts';
import type { BundleFile } from '../../article/document.ts';
import { PAGE_TEMPLATE, renderPage } from '../../article/page.ts';
import { ARTICLE_JSON_LIMIT, parseArticle, type SignedArticle } from '../../bundle/article-json.ts';
import { OvnError } from '../../errors.ts';
import { type Check, firstFailed, skipChecks } from '../../trust/check.ts';
import { judgeArticle } from '../../trust/judge-article.ts';
import { tellChain, type VerifiedMastheads } from '../../trust/masthead-chain.ts';
import { type DirectoryEntry, resolvePath } from '../../unixfs/directory.ts';
import { requireEntry } from './entries.ts';
import { checkAsync, type Evidence, refusal } from './judging.ts';

/** What every bundle's directory holds; beside it `media` where the article shows something, and `changes.html`. */
const ALWAYS = ['article.json', 'index.html', 'masthead', 'style.css'];
const PAGE_LIMIT = 32 * 1024 * 1024;
const REST = ['masthead-chain', 'publication', 'signature', 'key-authorised', 'files', 'page'] as const;

/** What was found out about one bundle. */
export interface JudgedBundle {
  checks: Check[];
  /** Only where nothing failed. */
  article?: SignedArticle;
  mastheads?: VerifiedMastheads;
}

/** Every check that a bundle alone allows: is it genuine for the publication that it names? */
export async function judgeBundle(root: CID, evidence: Evidence): Promise<JudgedBundle> {
  const checks: Check[] = [];
  const entries = await checkAsync(checks, 'structure', () => readBundle(root, evidence), tellEntries);
  if (entries === undefined) return refused(checks, 'the bundle cannot be read');
  const article = await checkAsync(
    checks,
    'canonical',
    async () => parseArticle(await evidence.file(requireEntry(entries, 'article.json'), ARTICLE_JSON_LIMIT)),
    ({ identifier, revision }) => `article.json is canonical: ${identifier}, revision ${revision}`,
  );
  if (article === undefined) return refused(checks, 'article.json cannot be read');
  const mastheads = await judgeSignature(checks, entries, article, evidence);
  await judgeFiles(checks, entries, article, evidence);
  await judgePage(checks, entries, article, evidence);
  await judgeChanges(checks, entries, article, evidence);
  if (mastheads === undefined || firstFailed(checks) !== undefined) return { checks };
  return { checks, article, mastheads };
}

async function readBundle(root: CID, evidence: Evidence): Promise<DirectoryEntry[]> {
  const entries = await evidence.directory(root);
  const names = new Set(entries.map(({ name }) => name));
  for (const name of ALWAYS) if (!names.delete(name)) throw refusal(`${name} is missing`);
  names.delete('media');
  names.delete(CHANGES_PATH);
  for (const name of names) throw refusal(`${name} does not belong into a bundle`);
  return entries;
}

async function judgeSignature(
  checks: Check[],
  entries: DirectoryEntry[],
  article: SignedArticle,
  evidence: Evidence,
): Promise<VerifiedMastheads | undefined> {
  const mastheads = await checkAsync(
    checks,
    'masthead-chain',
    () => readOwnMastheads(entries, article, evidence),
    tellChain,
  );
  if (mastheads === undefined)
    skipChecks(checks, ['publication', 'signature', 'key-authorised'], 'no masthead chain');
  else checks.push(...judgeArticle(article, mastheads, evidence.now));
  return mastheads;
}

/** A bundle carries the versions that were there when it was signed: no more, no fewer. */
async function readOwnMastheads(
  entries: DirectoryEntry[],
  { publication }: SignedArticle,
  evidence: Evidence,
): Promise<VerifiedMastheads> {
  const mastheads = await evidence.mastheads(requireEntry(entries, 'masthead'));
  if (mastheads.versions.length !== publication.masthead) {
    throw refusal(
      `signed under masthead ${publication.masthead}, but masthead/ holds ${mastheads.versions.length}`,
    );
  }
  return mastheads;
}

async function judgeFiles(
  checks: Check[],
  entries: DirectoryEntry[],
  article: SignedArticle,
  evidence: Evidence,
): Promise<void> {
  await checkAsync(
    checks,
    'files',
    async () => {
      const present = await listFiles(entries, evidence);
      for (const file of article.files) await requireFile(present, file, evidence);
      for (const path of present.keys()) throw refusal(`${path} is not listed in article.json`);
    },
    () => `${article.files.length} files, each as article.json names it`,
  );
}

/** Every file that the signature must name: all but article.json itself and masthead/, which the publication's id binds. */
async function listFiles(entries: DirectoryEntry[], evidence: Evidence): Promise<Map<string, CID>> {
  const files = new Map<string, CID>();
  for (const { name, cid } of entries)
    if (name === 'index.html' || name === 'style.css' || name === CHANGES_PATH) files.set(name, cid);
  const media = entries.find(({ name }) => name === 'media');
  if (media === undefined) return files;
  for (const { name, cid } of await evidence.directory(media.cid)) files.set(`media/${name}`, cid);
  return files;
}

async function requireFile(present: Map<string, CID>, file: BundleFile, evidence: Evidence): Promise<void> {
  const cid = present.get(file.path);
  if (cid === undefined) throw refusal(`${file.path} is missing`);
  if (cid.toString() !== file.cid) throw refusal(`${file.path} is ${cid}, article.json says ${file.cid}`);
  const size = await evidence.fileSize(cid);
  if (size !== file.size) throw refusal(`${file.path} has ${size} bytes, article.json says ${file.size}`);
  present.delete(file.path);
}

/** The page says what the signed article says: it is made anew and compared. Another template's page is bound by its hash alone. */
async function judgePage(
  checks: Check[],
  entries: DirectoryEntry[],
  article: SignedArticle,
  evidence: Evidence,
): Promise<void> {
  if (article.template !== PAGE_TEMPLATE) {
    skipChecks(checks, ['page'], `template ${article.template} is not one that this program renders`);
    return;
  }
  await checkAsync(
    checks,
    'page',
    async () => {
      const page = await evidence.file(requireEntry(entries, 'index.html'), PAGE_LIMIT);
      const { proof: _proof, ...unsigned } = article;
      const files = article.files.filter(({ role }) => role === 'image' || role === 'changes');
      const expected = Buffer.from(renderPage({ ...unsigned, files }), 'utf8');
      if (!expected.equals(page)) throw refusal('index.html is not the rendering of article.json');
    },
    () => 'index.html is the rendering of article.json',
  );
}

/** The page of differences is made anew where the revision before is at hand; else its hash alone binds it. */
async function judgeChanges(
  checks: Check[],
  entries: DirectoryEntry[],
  article: SignedArticle,
  evidence: Evidence,
): Promise<void> {
  if (!article.files.some(({ role }) => role === 'changes')) return;
  if (article.template !== PAGE_TEMPLATE) {
    skipChecks(checks, ['changes'], `template ${article.template} is not one that this program renders`);
    return;
  }
  const before = await readPrevious(article, evidence);
  if (before === undefined) {
    skipChecks(checks, ['changes'], `revision ${article.revision - 1} is not at hand to compare with`);
    return;
  }
  await checkAsync(
    checks,
    'changes',
    async () => {
      const page = await evidence.file(requireEntry(entries, CHANGES_PATH), PAGE_LIMIT);
      if (before.identifier !== article.identifier || before.revision !== article.revision - 1)
        throw refusal(`"previous" is ${before.identifier}, revision ${before.revision}`);
      if (!maySeeChanges(before, article)) throw refusal(`${CHANGES_PATH} shows what is withheld`);
      const expected = Buffer.from(renderChanges(before, article), 'utf8');
      if (!expected.equals(page)) throw refusal(`${CHANGES_PATH} is not the rendering of the differences`);
    },
    () => `${CHANGES_PATH} shows what is different from revision ${before.revision}`,
  );
}

/** article.json of the revision before; nothing where not all of it is held. It is bound by the signed "previous". */
async function readPrevious(
  { previous }: SignedArticle,
  evidence: Evidence,
): Promise<SignedArticle | undefined> {
  if (previous === undefined) return undefined;
  try {
    const link = await resolvePath(CID.parse(previous), ['article.json'], evidence.read);
    return link === undefined ? undefined : parseArticle(await evidence.file(link.cid, ARTICLE_JSON_LIMIT));
  } catch (error) {
    if (error instanceof OvnError && error.code === 'not-found') return undefined;
    throw error;
  }
}

function tellEntries(entries: DirectoryEntry[]): string {
  return entries.map(({ name }) => name).join(', ');
}

function refused(checks: Check[], reason: string): JudgedBundle {
  const named = new Set(checks.map(({ name }) => name));
  skipChecks(checks, [...(named.has('canonical') ? [] : ['canonical']), ...REST], reason);
  return { checks };
}
