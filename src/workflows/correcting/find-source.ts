import { existsSync } from 'node:fs';
import type { Article, ParsedSource } from '../../article/article.ts';
import { parseSource } from '../../article/parse-source.ts';
import { normaliseSource, SOURCE_LIMIT } from '../../article/source-text.ts';
import { OvnError } from '../../errors.ts';
import type { StoredArticle } from '../../repo/article-row.ts';
import type { Repository } from '../../repo/repository.ts';
import { listSources, locate, readFileLimited } from '../../repo/source-files.ts';

/** A source that gets a correction. */
export interface SourceToCorrect {
  /** As the index names it. */
  source: string;
  /** As it lies on disk, with its byte order mark and its own ends of lines. */
  text: string;
  isThere: boolean;
}

/** The source of an article: where it was published from, else where it was moved to; nothing where it is gone. */
export function findSource(
  repository: Repository,
  { id, source }: StoredArticle,
): SourceToCorrect | undefined {
  if (existsSync(locate(repository.dir, source))) return readSource(repository, source);
  if (!existsSync(repository.articlesDir)) return undefined;
  for (const other of listSources(repository, [repository.articlesDir])) {
    const found = readSource(repository, other);
    if (tryParse(repository, other, found.text)?.id === id) return found;
  }
  return undefined;
}

/** @throws {OvnError} `source`, with the findings, when the source has errors. */
export function parseForCorrection(repository: Repository, source: string, text: string): Article {
  const { article, findings } = parse(repository, source, text);
  if (article !== undefined) return article;
  throw new OvnError('source', `${source} has errors; it stays as it is`, {
    findings,
    hint: 'Mend what is named above and run it again.',
  });
}

/** What keeps a source from being published as it is. */
export function heldBackSource(
  repository: Repository,
  source: string,
  text: string,
  releasedUntil: number,
): ParsedSource['held'] {
  return parse(repository, source, text, releasedUntil).held;
}

function tryParse(repository: Repository, source: string, text: string): Article | undefined {
  try {
    return parse(repository, source, text).article;
  } catch (error) {
    if (error instanceof OvnError) return undefined;
    throw error;
  }
}

function parse({ settings }: Repository, file: string, text: string, releasedUntil?: number): ParsedSource {
  return parseSource({
    file,
    text: normaliseSource(Buffer.from(text, 'utf8'), file),
    language: settings.language,
    categoryNames: settings.categories ?? {},
    today: '9999-12-31',
    allowFuture: true,
    ...(releasedUntil === undefined ? {} : { releasedUntil }),
  });
}

/** @throws {OvnError} `source` for bytes that are not UTF-8, and as readFileLimited does. */
function readSource({ dir }: Repository, source: string): SourceToCorrect {
  const bytes = Buffer.from(readFileLimited(locate(dir, source), SOURCE_LIMIT, source).bytes);
  normaliseSource(bytes, source);
  return { source, text: bytes.toString('utf8'), isThere: true };
}
