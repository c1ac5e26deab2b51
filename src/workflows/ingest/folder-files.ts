import { readdirSync, realpathSync, statSync } from 'node:fs';
import { join, posix, sep } from 'node:path';
import { OvnError } from '../../errors.ts';
import { isNotThere, readFileLimited } from '../../repo/source-files.ts';

const LIMITS = { depth: 32, files: 200_000 } as const;
const TEXT = /\.(?:md|markdown|mdown|html?)$/i;
/** Folders of programs that make sites, in which no texts of the site lie. */
const PASSED = new Set(
  (
    'node_modules _site _includes _layouts _sass _data _plugins layouts themes templates archetypes i18n vendor sass syntaxes ' +
    'bower_components target'
  ).split(' '),
);

/** A folder of somebody else. Nothing outside of it is read, wherever its links and paths lead. */
export class ForeignFolder {
  readonly #root: string;

  /** @throws OvnError `not-found`, `usage` for what is no folder */
  constructor(folder: string) {
    const stat = statSync(folder, { throwIfNoEntry: false });
    if (stat === undefined) throw new OvnError('not-found', `there is no folder ${folder}`);
    if (!stat.isDirectory()) throw new OvnError('usage', `${folder} is no folder`);
    this.#root = realpathSync(folder);
  }

  /** Paths of all texts, with `/`, in the order of code units. Links are not followed, hidden files passed over. */
  texts(): string[] {
    const found: string[] = [];
    this.#walk('', 0, found);
    return found.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  }

  /**
   * Reads a file below the folder; nothing where there is none.
   *
   * @throws OvnError `limit`, `io`
   */
  read(path: string, limit: number): Uint8Array | undefined {
    const file = this.#fileAt(path);
    return file === undefined ? undefined : readFileLimited(file, limit, path).bytes;
  }

  /** Threat: `..`, absolute paths and symbolic links that lead to files of who runs this. */
  #fileAt(path: string): string | undefined {
    const inside = posix.normalize(path);
    if (inside.startsWith('../') || inside === '..' || posix.isAbsolute(inside) || inside.includes('\0'))
      return undefined;
    const file = join(this.#root, ...inside.split('/'));
    if (!isFile(file)) return undefined;
    return realpathSync(file).startsWith(this.#root.endsWith(sep) ? this.#root : this.#root + sep)
      ? file
      : undefined;
  }

  #walk(path: string, depth: number, found: string[]): void {
    if (depth > LIMITS.depth) throw new OvnError('limit', `folders are nested deeper than ${LIMITS.depth}`);
    for (const entry of readdirSync(join(this.#root, path), { withFileTypes: true })) {
      if (entry.name.startsWith('.')) continue;
      const inside = path === '' ? entry.name : `${path}/${entry.name}`;
      if (entry.isDirectory()) {
        if (!PASSED.has(entry.name)) this.#walk(inside, depth + 1, found);
      } else if (entry.isFile() && TEXT.test(entry.name)) found.push(inside);
      if (found.length > LIMITS.files) throw new OvnError('limit', `more than ${LIMITS.files} texts`);
    }
  }
}

/** Texts name what cannot be a file, too: names of a thousand letters, links in a circle. */
function isFile(file: string): boolean {
  try {
    return statSync(file).isFile();
  } catch (error) {
    if (isNotThere(error)) return false;
    throw error;
  }
}
