import { type Dirent, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { prepareImage } from '../bundle/media/prepare-image.ts';
import { OvnError } from '../errors.ts';
import { belongsToTheme, MOST_FILES, THEME_LIMIT, type ThemeFiles } from '../theme/theme.ts';
import { readFileLimited, statFile } from './source-files.ts';

const MAX_DEPTH = 2;
const IMAGE = /^media\/.*\.(?!woff2$)\w+$/;

/**
 * Reads the folder of a theme, its pictures without metadata. Names that begin with a dot are passed over.
 *
 * @param name of the folder, for messages.
 * @throws {OvnError} `not-found`; `source` for a file that has no place in a theme; `malformed` for a picture that is none; `limit`; `io`.
 */
export function readThemeFiles(folder: string, name: string): ThemeFiles {
  const files = new Map<string, Uint8Array>();
  let left = THEME_LIMIT;
  for (const path of listFiles(folder, name)) {
    if (!belongsToTheme(path)) throw misplaced(`${name}/${path}`);
    const { bytes: read } = readFileLimited(join(folder, path), THEME_LIMIT, `${name}/${path}`);
    // As with an article's pictures, what a camera wrote into them is never stored.
    const bytes = IMAGE.test(path) ? prepareImage(read, `${name}/${path}`).bytes : read;
    left -= bytes.length;
    files.set(path, bytes);
    if (left < 0 || files.size > MOST_FILES)
      throw new OvnError(
        'limit',
        `${name} is too large for a theme: at most ${MOST_FILES} files of ${THEME_LIMIT} bytes together`,
      );
  }
  return files;
}

/** What tells whether a theme may have changed since it was last read; the same text where it cannot be read. */
export function themeState(folder: string): string {
  try {
    const files = listFiles(folder, folder);
    return JSON.stringify(files.map((path) => [path, statFile(join(folder, path))]));
  } catch (error) {
    if (error instanceof OvnError) return error.message;
    throw error;
  }
}

/** Paths with `/`, sorted. */
function listFiles(folder: string, name: string, below = '', depth = 1): string[] {
  const found: string[] = [];
  for (const entry of list(join(folder, below), name)) {
    if (entry.name.startsWith('.')) continue;
    const path = below === '' ? entry.name : `${below}/${entry.name}`;
    if (entry.isFile()) found.push(path);
    // A link in a theme of somebody else would publish what it leads to.
    else if (entry.isDirectory() && depth < MAX_DEPTH)
      found.push(...listFiles(folder, name, path, depth + 1));
    else throw misplaced(`${name}/${path}`);
  }
  return found.sort();
}

function list(folder: string, name: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const hint = '"theme" in ovn.json names a folder beside it.';
    if (code === 'ENOENT' || code === 'ENOTDIR')
      throw new OvnError('not-found', `there is no folder ${name} with a theme`, { hint });
    throw new OvnError('io', `${name} cannot be read (${code})`, { cause: error });
  }
}

function misplaced(file: string): OvnError {
  return new OvnError('source', `${file} has no place in a theme`, {
    hint: 'A theme has style.css or additions.css, templates/*.liquid, media/*, and may have README.md and LICENSE.',
  });
}
