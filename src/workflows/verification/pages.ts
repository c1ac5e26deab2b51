import { CID } from 'multiformats/cid';
import { CHANGES_PATH, maySeeChanges, renderChanges } from '../../article/changes-page.ts';
import { PAGE_TEMPLATE, renderPage } from '../../article/page.ts';
import { ARTICLE_JSON_LIMIT, parseArticle, type SignedArticle } from '../../bundle/article-json.ts';
import { isSameArticle } from '../../bundle/same-article.ts';
import { OvnError } from '../../errors.ts';
import { type Check, skipChecks } from '../../trust/check.ts';
import { type DirectoryEntry, resolvePath } from '../../unixfs/directory.ts';
import { requireEntry } from './entries.ts';
import { checkAsync, type Evidence, refusal } from './judging.ts';

const PAGE_LIMIT = 32 * 1024 * 1024;

/**
 * The page says what the signed article says: it is made anew and compared. Another template's page is bound by its hash alone, and so
 * is one that a theme has laid out; a theme that is but a style changes nothing of it.
 */
export async function judgePage(
  checks: Check[],
  entries: DirectoryEntry[],
  article: SignedArticle,
  evidence: Evidence,
): Promise<void> {
  if (article.template !== PAGE_TEMPLATE) {
    skipChecks(checks, ['page'], `template ${article.template} is not one that this program renders`);
    return;
  }
  await checkRendering(
    checks,
    'page',
    article,
    async () => {
      const page = await evidence.file(requireEntry(entries, 'index.html'), PAGE_LIMIT);
      const { proof: _proof, ...unsigned } = article;
      const files = article.files.filter(({ role }) => role === 'image' || role === 'changes');
      const expected = Buffer.from(renderPage({ ...unsigned, files }), 'utf8');
      return expected.equals(page);
    },
    {
      same: 'index.html is the rendering of article.json',
      other: 'index.html is not the rendering of article.json',
    },
  );
}

/** The page of differences is made anew where the revision before is at hand; else its hash alone binds it. */
export async function judgeChanges(
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
  await checkRendering(
    checks,
    'changes',
    article,
    async () => {
      const page = await evidence.file(requireEntry(entries, CHANGES_PATH), PAGE_LIMIT);
      if (before.identifier !== article.identifier || before.revision !== article.revision - 1)
        throw refusal(`"previous" is ${before.identifier}, revision ${before.revision}`);
      if (!maySeeChanges(before, article)) throw refusal(`${CHANGES_PATH} shows what is withheld`);
      // A new rendering keeps the very page of the revision that was changed.
      if (isSameArticle(before, article)) return true;
      const expected = Buffer.from(renderChanges(before, article), 'utf8');
      return expected.equals(page);
    },
    {
      same: `${CHANGES_PATH} shows what is different from revision ${before.revision}`,
      other: `${CHANGES_PATH} is not the rendering of the differences`,
    },
  );
}

/** Compares a file with its rendering. What a theme may have laid out, and looks otherwise, is bound by its hash alone. */
async function checkRendering(
  checks: Check[],
  name: string,
  { theme }: SignedArticle,
  isSame: () => Promise<boolean>,
  tell: { same: string; other: string },
): Promise<void> {
  const found: Check[] = [];
  let isLaidOut = false;
  const compare = async (): Promise<void> => {
    if (await isSame()) return;
    if (theme === undefined) throw refusal(tell.other);
    isLaidOut = true;
  };
  await checkAsync(found, name, compare, () => tell.same);
  if (isLaidOut)
    skipChecks(checks, [name], `laid out by the theme ${theme}, which this program does not render`);
  else checks.push(...found);
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
