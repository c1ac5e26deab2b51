import { existsSync } from 'node:fs';
import { FrontMatter } from '../../article/front-matter.ts';
import { categorySlug } from '../../article/slug.ts';
import { normaliseSource, SOURCE_LIMIT, splitSource } from '../../article/source-text.ts';
import { parseYaml } from '../../article/yaml.ts';
import { OvnError } from '../../errors.ts';
import type { Repository } from '../../repo/repository.ts';
import { listSources, locate, readFileLimited } from '../../repo/source-files.ts';
import { breathe } from './breathe.ts';

const NAME_LIMIT = 100;

/**
 * Names of categories by slug: what is published, what ovn.json decides, and what lies among the articles and is not
 * published yet. One name for a slug is all that a publish takes.
 */
export async function knownCategories(
  repository: Repository,
  signal: AbortSignal,
): Promise<Map<string, string>> {
  const { articles, settings, articlesDir, dir } = repository;
  const decided = Object.entries(settings.categories ?? {}).map(
    ([slug, decision]) => [slug, typeof decision === 'string' ? decision : decision.name] as const,
  );
  const known = new Map([...articles.categoryNames(), ...decided]);
  const sources = existsSync(articlesDir) ? listSources(repository, [articlesDir]) : [];
  for (const [index, source] of sources.entries()) {
    await breathe(index, signal);
    for (const name of namesIn(locate(dir, source), source)) {
      const slug = categorySlug(name);
      if (!known.has(slug)) known.set(slug, name);
    }
  }
  return known;
}

/** What cannot be read is named by `publish`. */
function namesIn(file: string, source: string): string[] {
  try {
    const { bytes } = readFileLimited(file, SOURCE_LIMIT, source);
    const parts = splitSource(normaliseSource(bytes, source));
    const fields = parts === undefined ? undefined : parseYaml(parts.yaml, 2).fields;
    if (fields === undefined) return [];
    const names = new FrontMatter(fields, source).texts('categories', NAME_LIMIT);
    return names.map(({ value }) => value.normalize('NFC'));
  } catch (error) {
    if (error instanceof OvnError) return [];
    throw error;
  }
}
