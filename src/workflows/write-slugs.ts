import { parseSource } from '../article/parse-source.ts';
import { normaliseSource, SOURCE_LIMIT, splitSource } from '../article/source-text.ts';
import { writeSlug } from '../article/write-slug.ts';
import { OvnError } from '../errors.ts';
import type { Repository } from '../repo/repository.ts';
import { listSources, locate, readFileLimited, replaceFile } from '../repo/source-files.ts';

export interface WrittenSlug {
  source: string;
  slug: string;
}

/**
 * Gives a slug to every source whose file name and headline make none, by writing the proposed one into its front
 * matter. Sources with other errors are left as they are: publishing names them.
 */
export function writeSlugs(
  repository: Repository,
  paths: readonly string[],
  { dryRun, now }: { dryRun: boolean; now: Date },
): WrittenSlug[] {
  const written: WrittenSlug[] = [];
  for (const source of listSources(repository, paths.length === 0 ? [repository.articlesDir] : paths)) {
    const file = locate(repository.dir, source);
    const bytes = Buffer.from(readFileLimited(file, SOURCE_LIMIT, source).bytes);
    const slug = proposeSlug(repository, source, bytes, now);
    const text = slug === undefined ? undefined : writeSlug(bytes.toString('utf8'), slug);
    if (slug === undefined || text === undefined) continue;
    if (!dryRun) replaceFile(file, text);
    written.push({ source, slug });
  }
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
