import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Article } from '../../article/article.ts';
import type { ArticleDocument } from '../../article/document.ts';
import { parseSource } from '../../article/parse-source.ts';
import { withRelease } from '../../article/release.ts';
import { normaliseSource, SOURCE_LIMIT } from '../../article/source-text.ts';
import { buildBundle } from '../../bundle/build-bundle.ts';
import { canonicalBytes, canonicalize } from '../../bundle/canonical-json.ts';
import { OvnError } from '../../errors.ts';
import type { Repository } from '../../repo/repository.ts';
import { listSources, locate, readFileLimited, sourcePath } from '../../repo/source-files.ts';
import type { SourceRecord } from '../../repo/source-index.ts';
import { rawCid } from '../../unixfs/hash.ts';
import { gatherMedia } from '../publishing/bundles.ts';
import { digestSource } from '../publishing/digest.ts';
import { inspectMedia } from '../publishing/media.ts';

/** Where the source of a recovered article is. */
export interface KnownSource {
  path: string;
  /** What it was made from, where the file says what is published: it is not due again. */
  record: SourceRecord | undefined;
}

/** A file in a source's place in a bundle that is made only to be compared. */
const NO_FILE = { link: { cid: rawCid(new Uint8Array(0)), size: 0 }, size: 0 };

/** What a source decides of its article.json. The rest is of the program, the edition or the revision. */
const COMPARED = [
  'identifier',
  'status',
  'headline',
  'description',
  'categories',
  'author',
  'datePublished',
  'dateModified',
  'inLanguage',
  'articleBody',
  'citation',
  'license',
  'correction',
] as const;

/**
 * Finds the sources of articles whose source is not recorded, by what they say. A source that says exactly what is published
 * is noted as the one it was made from, so that the next publication does not make the article anew; any other is due.
 *
 * @param published article.json by article id.
 */
export async function findSources(
  repository: Repository,
  published: ReadonlyMap<string, ArticleDocument>,
): Promise<Map<string, KnownSource>> {
  const found = new Map<string, KnownSource>();
  const { articlesDir } = repository;
  const paths = existsSync(articlesDir) ? listSources(repository, [articlesDir]) : [];
  for (const path of paths) {
    const read = readSource(repository, path);
    const document = read === undefined ? undefined : published.get(read.article.id);
    if (read === undefined || document === undefined || found.has(document.identifier)) continue;
    found.set(document.identifier, { path, record: await recordOf(repository, path, read, document) });
  }
  return found;
}

/** Where the source of an article would be written, were it restored: a place that no file has. */
export function vacantSource({ dir, articlesDir }: Repository, id: string): string {
  const name = id.replaceAll('/', '-');
  for (let copy = 1; ; copy++) {
    const file = join(articlesDir, `${name}${copy === 1 ? '' : `-${copy}`}.md`);
    if (!existsSync(file)) return sourcePath(dir, file);
  }
}

interface ReadSource {
  article: Article;
  text: string;
  stat: SourceRecord['stat'];
}

/** Nothing for a source that cannot be published as it is: the next publication says why. */
function readSource({ dir, settings }: Repository, path: string): ReadSource | undefined {
  return unlessItHasErrors(() => {
    const { bytes, stat } = readFileLimited(locate(dir, path), SOURCE_LIMIT, path);
    const text = normaliseSource(bytes, path);
    const { language, categories = {} } = settings;
    const today = '9999-12-31';
    const input = { language, categoryNames: categories, today, allowFuture: true, file: path, text };
    const { article } = parseSource(input);
    return article === undefined ? undefined : { article, text, stat };
  });
}

async function recordOf(
  { dir }: Repository,
  path: string,
  { article: written, text, stat }: ReadSource,
  document: ArticleDocument,
): Promise<SourceRecord | undefined> {
  const article = withRelease(written, document);
  try {
    const { loaded, findings } = inspectMedia(dir, path, article);
    if (findings.some(({ severity }) => severity === 'error')) return undefined;
    const originals = loaded.map((file) => ({ ...file, variants: [] }));
    const media = await gatherMedia({ article, media: originals }, dir, []);
    const { publication } = document;
    const shared = { publication, style: NO_FILE, masthead: NO_FILE.link };
    const made = await buildBundle({ ...shared, article, source: path, media, revision: 1 }, (draft) => ({
      document: draft,
      bytes: canonicalBytes(draft),
    }));
    if (whatItSays(made.document) !== whatItSays(document)) return undefined;
    const digest = digestSource(text, loaded);
    const files = loaded.map((file) => ({ path: file.path, stat: file.stat }));
    return { path, articleId: article.id, digest, stat, media: files };
  } catch (error) {
    if (error instanceof OvnError) return undefined;
    throw error;
  }
}

function whatItSays(document: ArticleDocument): string {
  const members = Object.fromEntries(
    COMPARED.filter((name) => document[name] !== undefined).map((name) => [name, document[name]]),
  );
  // Variants are made from the pictures, and say nothing that these do not.
  const media = document.files.filter(
    ({ path, variantOf }) => path.startsWith('media/') && variantOf === undefined,
  );
  return canonicalize({ ...members, media });
}

function unlessItHasErrors<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof OvnError) return undefined;
    throw error;
  }
}
