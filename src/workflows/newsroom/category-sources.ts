import { existsSync } from 'node:fs';
import { slugOfName } from '../../article/category-names.ts';
import { fieldsOfSource } from '../../article/front-matter-edit.ts';
import { normaliseSource, SOURCE_LIMIT } from '../../article/source-text.ts';
import { writtenCategories } from '../../article/write-categories.ts';
import { type Finding, OvnError } from '../../errors.ts';
import type { Repository } from '../../repo/repository.ts';
import { listSources, locate, readFileLimited } from '../../repo/source-files.ts';

/** A source, and the categories that it names. */
export interface CategorySource {
  /** As the index names it. */
  source: string;
  /** As it lies on disk, with its byte order mark and its own ends of lines. */
  text: string;
  /** As written, NFC, and the slug of each. */
  names: string[];
  slugs: string[];
  /** Whether it says its own language. */
  hasLanguage: boolean;
}

/** Every source of the outlet: those of its folder, and those elsewhere that were published. */
export function allSources(repository: Repository): string[] {
  const { dir, articlesDir, sources } = repository;
  const folder = existsSync(articlesDir) ? listSources(repository, [articlesDir]) : [];
  const published = sources.paths().filter((path) => existsSync(locate(dir, path)));
  return [...new Set([...folder, ...published])].sort();
}

/**
 * Reads the categories of sources.
 *
 * @throws {OvnError} `source`, with a finding for each that cannot be read: a change of all of them must see them all.
 */
export function readCategorySources(repository: Repository, paths: readonly string[]): CategorySource[] {
  const findings: Finding[] = [];
  const read = paths.flatMap((source) => {
    try {
      return [readCategorySource(repository, source)];
    } catch (error) {
      if (!(error instanceof OvnError)) throw error;
      findings.push({ severity: 'error', file: source, line: 1, message: error.message });
      return [];
    }
  });
  if (findings.length === 0) return read;
  throw new OvnError('source', 'sources cannot be read; nothing was changed', {
    findings,
    hint: 'Mend what is named above and run it again.',
  });
}

function readCategorySource({ dir, settings }: Repository, source: string): CategorySource {
  const bytes = Buffer.from(readFileLimited(locate(dir, source), SOURCE_LIMIT, source).bytes);
  normaliseSource(bytes, source);
  const text = bytes.toString('utf8');
  const written = writtenCategories(text);
  if (written === undefined) throw new OvnError('source', 'its categories cannot be read');
  const names = written.map((name) => name.normalize('NFC'));
  const slugs = names.map((name) => slugOfName(name, settings.categories ?? {}));
  return { source, text, names, slugs, hasLanguage: fieldsOfSource(text)?.has('language') === true };
}
