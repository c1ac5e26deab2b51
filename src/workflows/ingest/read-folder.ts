import { isUtf8 } from 'node:buffer';
import { OvnError } from '../../errors.ts';
import { type FolderOptions, folderPost } from '../../ingest/folder-post.ts';
import { type Fields, readFrontMatter } from '../../ingest/foreign-front-matter.ts';
import type { Collection, ForeignPost, LeftOut } from '../../ingest/foreign-post.ts';
import { addressOf, siteAddress } from '../../ingest/site-address.ts';
import { breathe } from './breathe.ts';
import type { ForeignFolder } from './folder-files.ts';

/** Bytes of one text, and of a site's settings, at most. */
const LIMITS = { text: 4 * 1024 * 1024, settings: 256 * 1024 } as const;
const SETTINGS: readonly { file: string; mark: string }[] = [
  ...[
    'config.toml',
    'hugo.toml',
    'zola.toml',
    'config/_default/hugo.toml',
    'config/_default/config.toml',
  ].map((file) => ({ file, mark: '+++' })),
  ...['_config.yml', '_config.yaml', 'hugo.yaml', 'config.yaml'].map((file) => ({ file, mark: '---' })),
];

export interface ReadFolderOptions {
  pages: boolean;
  zone: string;
  /** Where the site stood; what its settings say when absent. */
  base: string | undefined;
  /** What is dated after it was not on the site yet. */
  now: Date;
  signal: AbortSignal;
  onProgress(done: number, total: number): void;
}

/** All posts of a folder for Hugo, Jekyll, Zola or Eleventy. A text that cannot be read is left out, and never stops the others. */
export async function readFolder(folder: ForeignFolder, options: ReadFolderOptions): Promise<Collection> {
  const { pages, zone, now, signal } = options;
  const paths = folder.texts();
  const settings = siteSettings(folder);
  const address = options.base === undefined ? siteAddress(settings) : addressOf(options.base);
  const isJekyll = paths.some((path) => /(?:^|\/)_posts\//.test(path));
  const site = {
    pages,
    zone,
    now: now.getTime(),
    isJekyll,
    settings,
    sites: new Map<string, string>(),
    address,
  };
  const collection: Collection = { posts: [], leftOut: [], others: {} };
  for (const [index, path] of paths.entries()) {
    await breathe(index, signal);
    options.onProgress(index, paths.length);
    const read = readPost(folder, path, site);
    if ('body' in read) collection.posts.push(read);
    else if (isWorthSaying(read)) collection.leftOut.push(read);
  }
  return collection;
}

function readPost(folder: ForeignFolder, path: string, options: FolderOptions): ForeignPost | LeftOut {
  try {
    const bytes = folder.read(path, LIMITS.text) ?? new Uint8Array(0);
    if (!isUtf8(bytes)) throw new OvnError('malformed', 'it is not UTF-8 text');
    return folderPost({ path, text: Buffer.from(bytes).toString('utf8') }, options);
  } catch (error) {
    if (!(error instanceof OvnError)) throw error;
    return { origin: path, why: 'fault', reason: error.message };
  }
}

/** HTML without front matter is no text that somebody wrote for the site. */
function isWorthSaying({ origin, why }: LeftOut): boolean {
  return why === 'fault' || !/\.html?$/i.test(origin);
}

/** What the program that made a site was told of it; the first of its files that there is. */
function siteSettings(folder: ForeignFolder): Fields {
  for (const { file, mark } of SETTINGS) {
    const fields = settingsOf(folder, file, mark);
    if (fields !== undefined) return fields;
  }
  return new Map();
}

function settingsOf(folder: ForeignFolder, file: string, mark: string): Fields | undefined {
  try {
    const bytes = folder.read(file, LIMITS.settings);
    if (bytes === undefined) return undefined;
    const text = Buffer.from(bytes)
      .toString('utf8')
      .replace(/^---[ \t]*\r?\n/, '');
    return readFrontMatter(`${mark}\n${text}\n${mark}\n`)?.fields;
  } catch (error) {
    if (error instanceof OvnError) return undefined;
    throw error;
  }
}
