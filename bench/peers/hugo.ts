import { copyFile, cp, mkdir, readdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findProgram, type Run, run } from '../child.ts';
import type { Bench } from '../part.ts';
import { copyFolder, remove } from '../scratch.ts';

/** A site: its templates, of which a later one replaces files of the earlier ones, where it has its sources, and which of its files are pages of articles. */
export interface SiteKind {
  templates: readonly string[];
  sort: (articles: string, content: string) => Promise<void>;
  page: RegExp;
}

/** Article pages, lists of 20 for the whole and each category, RSS. */
export const PLAIN_SITE: SiteKind = {
  templates: [templateOf('hugo-site')],
  sort: copyFolder,
  page: /^\d{4}\/.*index\.html$/,
};

/** What an edition of `ovn` has, as far as Hugo makes it: see its hugo.toml. */
export const NEWSROOM_SITE: SiteKind = {
  templates: [templateOf('hugo-site'), templateOf('hugo-newsroom')],
  sort: sortByDay,
  page: /^articles\/\d{4}\/\d\d\/\d\d\/(?!page\/)[^/]+\/index\.html$/,
};

export const hugo = findProgram('hugo');

/** A Hugo site of the articles of a folder. */
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
  { templates, sort, page }: SiteKind = PLAIN_SITE,
): Promise<HugoSite> {
  const content = join(folder, 'content', 'articles');
  const output = join(folder, 'public');
  await remove(folder);
  for (const template of templates) await cp(template, folder, { recursive: true });
  await sort(articles, content);
  return { content, output, build: () => build(bench, program, { folder, content, output, page }) };
}

async function build(
  bench: Bench,
  program: string,
  { folder, content, output, page }: { folder: string; content: string; output: string; page: RegExp },
): Promise<Run> {
  await remove(output);
  const args = ['--quiet', '--source', folder, '--cacheDir', join(bench.scratch, 'hugo-cache')];
  const result = await run(bench, program, args, { memory: true });
  const sources = (await readdir(content, { recursive: true })).filter(
    (path) => path.endsWith('.md') && basename(path) !== SECTION,
  );
  const pages = (await readdir(output, { recursive: true })).filter((path) => page.test(path));
  if (pages.length !== sources.length)
    throw new Error(`Hugo made ${pages.length} pages of ${sources.length} articles`);
  return result;
}

function templateOf(name: string): string {
  return fileURLToPath(new URL(`../${name}`, import.meta.url));
}

/** Makes a folder a section, which has a page and feeds. */
const SECTION = '_index.md';

/** Copies `YYYY-MM-DD-….md` to `YYYY/MM/DD/`, all of which are sections. */
async function sortByDay(articles: string, content: string): Promise<void> {
  const known = new Set<string>();
  for (const name of await readdir(articles)) {
    const day = name.slice(0, 10).split('-');
    for (let depth = 0; depth <= day.length; depth++) {
      const folder = join(content, ...day.slice(0, depth));
      if (known.has(folder)) continue;
      known.add(folder);
      await mkdir(folder, { recursive: true });
      await writeFile(
        join(folder, SECTION),
        `---\ntitle: "${day.slice(0, depth).join('-') || 'Archive'}"\n---\n`,
      );
    }
    await copyFile(join(articles, name), join(content, ...day, name));
  }
}
