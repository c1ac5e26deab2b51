import type { CID } from 'multiformats/cid';
import { CHANGES_PATH } from '../../article/changes-page.ts';
import type { BundleFile } from '../../article/document.ts';
import { ARTICLE_JSON_LIMIT, parseArticle, type SignedArticle } from '../../bundle/article-json.ts';
import { type Check, firstFailed, skipChecks } from '../../trust/check.ts';
import { judgeArticle } from '../../trust/judge-article.ts';
import { tellChain, type VerifiedMastheads } from '../../trust/masthead-chain.ts';
import type { DirectoryEntry } from '../../unixfs/directory.ts';
import { requireEntry } from './entries.ts';
import { checkAsync, type Evidence, refusal } from './judging.ts';
import { judgeChanges, judgePage } from './pages.ts';

/** What every bundle's directory holds; beside it `media` where the article shows something, and `changes.html`. */
const ALWAYS = ['article.json', 'index.html', 'masthead', 'style.css'];
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
  const inside = await evidence.directory(media.cid);
  if (inside.length === 0) throw refusal('media/ is empty');
  for (const { name, cid } of inside) files.set(`media/${name}`, cid);
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

function tellEntries(entries: DirectoryEntry[]): string {
  return entries.map(({ name }) => name).join(', ');
}

function refused(checks: Check[], reason: string): JudgedBundle {
  const named = new Set(checks.map(({ name }) => name));
  skipChecks(checks, [...(named.has('canonical') ? [] : ['canonical']), ...REST], reason);
  return { checks };
}
