import { resolve } from 'node:path';
import type { Look } from '../../article/look.ts';
import type { Repository } from '../../repo/repository.ts';
import { readThemeFiles } from '../../repo/theme-files.ts';
import type { Theme, ThemeFiles } from '../../theme/theme.ts';
import type { Block, BlockSink, Link } from '../../unixfs/block.ts';
import { addFile } from '../../unixfs/file.ts';
import { Tree } from '../../unixfs/tree.ts';

/** The theme of a paper, ready to make pages by. */
export interface OpenTheme {
  theme: Theme;
  look: Look;
  /** style.css, as it is published. */
  style: Uint8Array;
  /** Its folder. */
  link: Link;
}

/** The folder of a theme, as an edition keeps it. */
interface ThemeFolder {
  name: string;
  files: ThemeFiles;
  link: Link;
  blocks: Block[];
}

/** What was checked last: a publication asks several times, and a preview again and again. */
let checked: OpenTheme | undefined;

/**
 * Reads the theme that ovn.json names, and checks it; nothing where it names none.
 *
 * @throws {OvnError} `source`, with what is wrong in which file; `not-found`, `limit`.
 */
export async function openTheme(repository: Repository, sink: BlockSink): Promise<OpenTheme | undefined> {
  const folder = await readFolder(repository);
  if (folder === undefined) return undefined;
  const { name, files, link, blocks } = folder;
  const cid = link.cid.toString();
  if (checked?.theme.cid !== cid) {
    // Loaded by those who have a theme alone.
    const { checkTheme } = await import('../../theme/check-theme.ts');
    checked = { ...checkTheme(cid, files, name), link };
  }
  for (const block of blocks) await sink(block);
  return checked;
}

/** CID of the theme that ovn.json names, as it is now; empty where it names none. */
export async function themeOf(repository: Repository): Promise<string> {
  return (await readFolder(repository))?.link.cid.toString() ?? '';
}

async function readFolder({ dir, settings }: Repository): Promise<ThemeFolder | undefined> {
  const { theme: name } = settings;
  if (name === undefined) return undefined;
  const files = readThemeFiles(resolve(dir, name), name);
  const tree = Tree.empty();
  const blocks: Block[] = [];
  const keep = (block: Block): void => void blocks.push(block);
  for (const [path, bytes] of files) await tree.set(path.split('/'), await addFile(bytes, keep));
  return { name, files, link: await tree.write(keep), blocks };
}
