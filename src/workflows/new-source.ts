import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dump, FAILSAFE_SCHEMA } from 'js-yaml';
import { PLACEHOLDER } from '../article/placeholder.ts';
import { slugify } from '../article/slug.ts';
import { OvnError } from '../errors.ts';
import { makeFolder } from '../repo/make-folder.ts';

export interface NewSourceOptions {
  title: string;
  /** Folder that the file is written into. */
  articlesDir: string;
  categories: readonly string[];
  now: Date;
  body?: string;
}

/**
 * Writes a source file with its front matter filled in, named `YYYY-MM-DD-<slug>.md`. The slug is written into it, so
 * that neither a new headline nor a new file name changes the article's id.
 *
 * @throws {OvnError} `exists` when there is such a file; `usage` for a title without a letter.
 */
export function newSource(options: NewSourceOptions): { path: string; id: string } {
  const { title, articlesDir, categories, now, body = `\n${PLACEHOLDER}\n` } = options;
  if (title.trim() === '') throw new OvnError('usage', 'an article needs a title');
  const day = now.toISOString().slice(0, 10);
  const result = slugify(title);
  const slug = result.error === undefined ? result.slug : result.proposal;
  const frontMatter = { title, date: day, slug, categories: [...categories] };
  const path = join(articlesDir, `${day}-${slug}.md`);
  makeFolder(articlesDir);
  writeNew(path, `---\n${dump(frontMatter, { schema: FAILSAFE_SCHEMA, lineWidth: -1 })}---\n${body}`);
  return { path, id: `${day.replaceAll('-', '/')}/${slug}` };
}

function writeNew(path: string, text: string): void {
  try {
    writeFileSync(path, text, { flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    throw new OvnError('exists', `${path} is there already`, { hint: 'Edit it, or give another title.' });
  }
}
