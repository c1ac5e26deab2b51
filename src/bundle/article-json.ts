import * as v from 'valibot';
import type { ArticleDocument } from '../article/document.ts';
import { OvnError } from '../errors.ts';
import { parseCanonical } from './canonical-json.ts';
import { variantProblem } from './variant-rules.ts';

/** Largest article.json that is read, in bytes: a source of 1 MiB in which every character is escaped, and room. */
export const ARTICLE_JSON_LIMIT = 8 * 1024 * 1024;
const MAX_DEPTH = 16;

const text = v.string();
const ARTICLE_ID = v.pipe(text, v.regex(/^\d{4}\/\d{2}\/\d{2}\/[a-z0-9-]{1,80}$/));
const CATEGORY_SLUG = v.pipe(text, v.regex(/^[a-z0-9-]{1,80}$/));
const CATEGORY = v.looseObject({
  slug: CATEGORY_SLUG,
  name: text,
  topic: v.optional(v.pipe(text, v.regex(/^medtop:\d{8}$/))),
});
const CID_TEXT = v.pipe(text, v.regex(/^b[a-z2-7]{50,120}$/));
const COUNT = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const POSITIVE = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
/** A path inside the bundle: a page, `style.css` or a file of `media/`. */
const FILE_PATH = v.pipe(
  text,
  v.regex(/^(?:changes\.html|index\.html|style\.css|media\/[a-z0-9-]+\.[a-z0-9]+)$/),
);

const FILE = v.looseObject({
  path: FILE_PATH,
  cid: CID_TEXT,
  size: COUNT,
  type: text,
  role: v.picklist(['page', 'changes', 'style', 'image']),
  source: v.optional(v.array(text)),
  alt: v.optional(text),
  width: v.optional(COUNT),
  height: v.optional(COUNT),
  caption: v.optional(text),
  credit: v.optional(text),
  lead: v.optional(v.literal(true)),
  variantOf: v.optional(FILE_PATH),
});

/** Unknown members of an article are kept and ignored (design, "Canonical JSON"). */
const ARTICLE = v.looseObject({
  '@context': v.strictTuple([
    v.literal('https://schema.org'),
    v.literal('https://w3id.org/security/data-integrity/v2'),
  ]),
  '@type': v.literal('NewsArticle'),
  format: v.literal('ovn-article/1'),
  template: POSITIVE,
  theme: v.optional(CID_TEXT),
  publication: v.looseObject({
    id: CID_TEXT,
    masthead: POSITIVE,
    name: text,
    tagline: text,
    url: v.optional(text),
  }),
  identifier: ARTICLE_ID,
  revision: POSITIVE,
  previous: v.optional(CID_TEXT),
  status: v.picklist(['published', 'retracted']),
  headline: text,
  description: v.optional(text),
  articleSection: v.pipe(v.array(text), v.minLength(1)),
  categories: v.pipe(v.array(CATEGORY), v.minLength(1)),
  author: v.optional(v.array(v.looseObject({ '@type': v.literal('Person'), name: text }))),
  datePublished: text,
  dateModified: text,
  inLanguage: text,
  encodingFormat: v.literal('text/markdown'),
  articleBody: text,
  wordCount: v.optional(COUNT),
  citation: v.optional(
    v.array(v.looseObject({ '@type': v.literal('CreativeWork'), name: text, url: v.optional(text) })),
  ),
  license: v.optional(text),
  correction: v.optional(
    v.array(
      v.looseObject({
        '@type': v.literal('CorrectionComment'),
        kind: v.picklist(['correction', 'clarification', 'update', 'retraction']),
        datePublished: text,
        text,
      }),
    ),
  ),
  withheld: v.optional(v.array(POSITIVE)),
  files: v.array(FILE),
  proof: v.array(v.unknown()),
});

/** An article.json as received: canonical, and of the shape that the format demands. Nothing is known yet of its proof. */
export type SignedArticle = ArticleDocument & { proof: unknown[] };

/**
 * Reads article.json strictly: size and depth limits, canonical bytes, then the shape.
 *
 * @throws {OvnError} `malformed` or `limit`, saying which member is wrong.
 */
export function parseArticle(bytes: Uint8Array): SignedArticle {
  const value = parseCanonical(bytes, { limit: ARTICLE_JSON_LIMIT, maxDepth: MAX_DEPTH });
  const result = v.safeParse(ARTICLE, value, { abortEarly: true });
  if (!result.success) throw new OvnError('malformed', `article.json: ${describe(result.issues[0])}`);
  const article = value as SignedArticle;
  checkRevision(article);
  checkFiles(article);
  checkVariants(article);
  checkRetraction(article);
  return article;
}

function describe(issue: v.BaseIssue<unknown>): string {
  return `"${v.getDotPath(issue) ?? ''}" is not as the format demands (${issue.message})`;
}

function checkRevision(article: SignedArticle): void {
  if (article.revision === 1 || article.previous !== undefined) return;
  throw new OvnError('malformed', `article.json: revision ${article.revision} names no "previous"`);
}

/** What a retraction that withholds may not bring back. */
const TEXTUAL = ['description', 'author', 'wordCount', 'citation', 'license'] as const;

/** The files that it keeps, whatever role it gives them. */
const KEPT = ['index.html', 'style.css'];

/** A retraction says why; one that withholds names every earlier revision, and carries nothing of their text. */
function checkRetraction(article: SignedArticle): void {
  const { status, correction = [], withheld, revision, articleBody, files } = article;
  const told = correction.some(({ kind }) => kind === 'retraction');
  if (told !== (status === 'retracted'))
    throw new OvnError('malformed', `article.json: "status" is ${status}, and "correction" says otherwise`);
  if (withheld === undefined) return;
  const all = withheld.length === revision - 1 && withheld.every((earlier, at) => earlier === at + 1);
  if (!all || !told)
    throw new OvnError('malformed', 'article.json: "withheld" is not every revision before a retraction');
  const left = TEXTUAL.find((member) => article[member] !== undefined);
  const whole = articleBody === '' && correction.every(({ kind }) => kind === 'retraction');
  if (left !== undefined || !whole || files.some(({ path }) => !KEPT.includes(path)))
    throw new OvnError(
      'malformed',
      'article.json: more is there than the notice, though the text is withheld',
    );
}

/** `files` is sorted by path without repetition, so that a document says one thing in one way. */
function checkFiles({ files }: SignedArticle): void {
  const ordered = files.every((file, at) => at === 0 || (files[at - 1]?.path ?? '') < file.path);
  if (!ordered)
    throw new OvnError('malformed', 'article.json: "files" is not sorted by path, or repeats one');
  if (files.some(({ role, path }) => (role === 'changes') !== (path === 'changes.html')))
    throw new OvnError(
      'malformed',
      'article.json: a file that is no changes.html has the role "changes", or the other way round',
    );
}

function checkVariants({ files }: SignedArticle): void {
  const problem = variantProblem(files);
  if (problem !== undefined) throw new OvnError('malformed', `article.json: ${problem}`);
}
