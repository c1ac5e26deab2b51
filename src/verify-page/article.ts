import { parseCanonical } from './canonical.ts';
import type { Place } from './evidence.ts';
import { Refused } from './failure.ts';
import { cid, count, just, listOf, matching, object, positive, requireShape, text } from './shape.ts';
import { requireFile, type Store, type StoredFile } from './store.ts';

/** article.json, as far as the page looks at it. */
export interface Article {
  publication: { id: string; masthead: number; name: string };
  identifier: string;
  revision: number;
  previous?: string;
  status: 'published' | 'retracted';
  headline: string;
  articleBody: string;
  /** Of a retraction that withholds the text: all earlier revisions. */
  withheld?: number[];
  correction?: { kind: string }[];
  datePublished: string;
  dateModified: string;
  categories: { slug: string; name: string }[];
  files: { path: string; cid: string; size: number }[];
  proof: unknown;
}

const ARTICLE_LIMIT = 8 * 1024 * 1024;
const MAX_DEPTH = 16;
const CONTEXT = '["https://schema.org","https://w3id.org/security/data-integrity/v2"]';

/** What a retraction that withholds may not bring back. */
const TEXTUAL = ['description', 'author', 'wordCount', 'citation', 'license'];

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
  'withheld?': listOf(positive, { least: 1 }),
  'correction?': listOf(object({ kind: text })),
  categories: listOf(object({ slug: matching(/^[a-z0-9-]{1,80}$/), name: text }), { least: 1 }),
  files: listOf(
    object({ path: matching(/^(?:[a-z]+\.[a-z]+|media\/[a-z0-9-]+\.[a-z0-9]+)$/), cid, size: count }),
  ),
});

/** Reads the article in a bundle, which says that it is the one that belongs there. Nothing is known yet of who signed it. */
export async function readArticle(
  { path, id, revision }: Place,
  store: Store,
): Promise<{ article: Article; file: StoredFile }> {
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
  requireRetraction(article);
  return { article, file };
}

/** What it says of its retraction fits together, and a text that is withheld is not there (docs/format.md, section 6). */
function requireRetraction(article: Article): void {
  const { status, correction = [], withheld, revision } = article;
  const isRetracted = correction.some(({ kind }) => kind === 'retraction');
  if ((status === 'retracted') !== isRetracted)
    throw new Refused(`it says ${status}, and its corrections do not`);
  if (withheld === undefined) return;
  const all = Array.from({ length: revision - 1 }, (_, at) => at + 1);
  if (!isRetracted || withheld.join() !== all.join())
    throw new Refused('it withholds other revisions than all before it');
  const left = leftOf(article);
  if (left !== undefined) throw new Refused(`it withholds its text, and has ${left}`);
}

/** What of a text that is withheld is there, by its name. */
function leftOf(article: Article): string | undefined {
  const { articleBody, correction = [], files } = article;
  if (articleBody !== '') return 'one';
  return (
    TEXTUAL.find((member) => Object.hasOwn(article, member)) ??
    correction.find(({ kind }) => kind !== 'retraction')?.kind ??
    files.find(({ path }) => path !== 'index.html' && path !== 'style.css')?.path
  );
}
