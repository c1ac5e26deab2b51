import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findProgram, type Run, run } from '../child.ts';
import type { Bench } from '../part.ts';
import { copyFolder, remove } from '../scratch.ts';

const TEMPLATE = fileURLToPath(new URL('../hugo-site', import.meta.url));

export const hugo = findProgram('hugo');

/** A Hugo site of the articles of a folder: article pages, lists of 20 for the whole and each category, RSS. */
export interface HugoSite {
  /** The sources. */
  content: string;
  /** What the last build made. */
  output: string;
  /** Builds everything, into an empty folder: Hugo's builds are not incremental. */
  build(): Promise<Run>;
}

/** Makes the site in `folder`. `program` is Hugo's path. */
export async function makeHugoSite(
  bench: Bench,
  program: string,
  folder: string,
  articles: string,
): Promise<HugoSite> {
  const content = join(folder, 'content', 'articles');
  const output = join(folder, 'public');
  await copyFolder(TEMPLATE, folder);
  await copyFolder(articles, content);
  return { content, output, build: () => build(bench, program, folder, content, output) };
}

async function build(
  bench: Bench,
  program: string,
  folder: string,
  content: string,
  output: string,
): Promise<Run> {
  await remove(output);
  const args = ['--quiet', '--source', folder, '--cacheDir', join(bench.scratch, 'hugo-cache')];
  const result = await run(bench, program, args, { memory: true });
  const sources = await readdir(content);
  const pages = (await readdir(output, { recursive: true })).filter((path) =>
    /^\d{4}\/.*index\.html$/.test(path),
  );
  if (pages.length !== sources.length)
    throw new Error(`Hugo made ${pages.length} pages of ${sources.length} articles`);
  return result;
}
