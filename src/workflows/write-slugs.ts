import { parseSource } from '../article/parse-source.ts';
import { normaliseSource, SOURCE_LIMIT, splitSource } from '../article/source-text.ts';
import { writeSlug } from '../article/write-slug.ts';
import { OvnError } from '../errors.ts';
import type { Repository } from '../repo/repository.ts';
import { listSources, locate, readFileLimited, replaceFile } from '../repo/source-files.ts';
import { lockPaper } from './lock-paper.ts';

/** A source that gets a slug. */
export interface WrittenSlug {
  source: string;
  slug: string;
  /** All of the source, with it. */
  text: string;
}

/**
 * The slugs for sources whose file name and headline make none, each in the front matter of its text. Sources with other errors are
 * left as they are: publishing names them.
 */
export function proposeSlugs(repository: Repository, paths: readonly string[], now: Date): WrittenSlug[] {
  const written: WrittenSlug[] = [];
  for (const source of listSources(repository, paths.length === 0 ? [repository.articlesDir] : paths)) {
    const file = locate(repository.dir, source);
    const bytes = Buffer.from(readFileLimited(file, SOURCE_LIMIT, source).bytes);
    const slug = proposeSlug(repository, source, bytes, now);
    const text = slug === undefined ? undefined : writeSlug(bytes.toString('utf8'), slug);
    if (slug !== undefined && text !== undefined) written.push({ source, slug, text });
  }
  return written;
}

/** Writes them into the sources, while nobody else changes any. */
export async function writeSlugs(
  { repository, lock }: Parameters<typeof lockPaper>[0],
  paths: readonly string[],
  now: Date,
): Promise<WrittenSlug[]> {
  await using _lock = await lockPaper({ repository, lock });
  const written = proposeSlugs(repository, paths, now);
  for (const { source, text } of written) replaceFile(locate(repository.dir, source), text);
  return written;
}

function proposeSlug(
  { settings }: Repository,
  file: string,
  bytes: Uint8Array,
  now: Date,
): string | undefined {
  try {
    const text = normaliseSource(bytes, file);
    // A slug that is there and wrong is the author's: a second one beside it would not help.
    if (/^slug\s*:/m.test(splitSource(text)?.yaml ?? '')) return undefined;
    const { proposedSlug } = parseSource({
      file,
      text,
      language: settings.language,
      categoryNames: settings.categories ?? {},
      today: now.toISOString().slice(0, 10),
      allowFuture: true,
    });
    return proposedSlug;
  } catch (error) {
    if (error instanceof OvnError) return undefined;
    throw error;
  }
}
