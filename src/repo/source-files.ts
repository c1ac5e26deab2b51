import {
  chmodSync,
  closeSync,
  constants,
  fstatSync,
  openSync,
  readdirSync,
  readSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { OvnError } from '../errors.ts';
import { makeFolder } from './make-folder.ts';

/** What tells whether a file may have changed since it was last read. Times are milliseconds since 1970, with fractions. */
export interface FileStat {
  size: number;
  mtimeMs: number;
  ctimeMs: number;
  ino: number;
}

/** Where a repository's sources lie: the repository's own folder, and that of the articles. */
export interface SourcePlaces {
  dir: string;
  articlesDir: string;
}

const SOURCE_NAME = /\.(?:md|markdown)$/i;
const MAX_DEPTH = 32;
/** What the system says of a path that names nothing, or cannot name anything. */
const NOT_THERE: ReadonlySet<string | undefined> = new Set(['ENOENT', 'ENOTDIR', 'ENAMETOOLONG', 'ELOOP']);
/** Whether an error of the system says that. */
export function isNotThere(error: unknown): boolean {
  return NOT_THERE.has((error as NodeJS.ErrnoException).code);
}

/** Without waiting: opening a pipe that nobody writes to would never end. */
const READ_AT_ONCE = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);
/** No file has it: equal to no time. */
const NO_TIME = -1;

/**
 * All Markdown sources below the given files and folders, in the order of their paths. Names that begin with a dot
 * are passed over. Paths are as {@link namedSource} makes them.
 *
 * @throws {OvnError} `not-found` for a path that is not there, `usage` for a file that is no Markdown.
 */
export function listSources(places: SourcePlaces, paths: readonly string[]): string[] {
  const [only] = paths;
  if (only !== undefined && paths.length === 1) return listBelow(places, only);
  return [...new Set(paths.flatMap((path) => listBelow(places, path)))].sort();
}

/** A source as the index names it: relative to the repository where it lies inside, else absolute; with `/`. */
export function sourcePath(root: string, file: string): string {
  return (stepsBelow(root, file) ?? file).split(sep).join('/');
}

/**
 * {@link sourcePath} of what somebody names from where they are. The repository, its folder of articles or the working folder may be
 * named by symbolic links: one file has one name all the same.
 */
export function namedSource({ dir, articlesDir }: SourcePlaces, path: string): string {
  const file = resolve(path);
  if (stepsBelow(dir, file) !== undefined) return sourcePath(dir, file);
  for (const folder of [articlesDir, dir]) {
    const steps = stepsBelow(realPath(folder), join(realPath(dirname(file)), basename(file)));
    if (steps !== undefined) return sourcePath(dir, join(folder, steps));
  }
  return sourcePath(dir, file);
}

/** The way from a folder to what lies in it; nothing for what lies elsewhere. */
function stepsBelow(folder: string, file: string): string | undefined {
  const steps = relative(folder, file);
  return steps === '..' || steps.startsWith(`..${sep}`) || isAbsolute(steps) ? undefined : steps;
}

/** Without symbolic links; as it is where nothing is there. */
function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

/** Where a source or media file of the index lies on disk. */
export function locate(root: string, path: string): string {
  return isAbsolute(path) ? path : `${root}/${path}`;
}

/** The stat of a file, or nothing when it is not there. */
export function statFile(file: string): FileStat | undefined {
  const stat = statSync(file, { throwIfNoEntry: false });
  return stat?.isFile() ? pickStat(stat) : undefined;
}

/** Whether a file is there and looks as noted. */
export function looksAs(file: string, noted: FileStat): boolean {
  const stat = statSync(file, { throwIfNoEntry: false });
  return stat?.isFile() === true && sameStat(stat, noted);
}

function pickStat({ size, mtimeMs, ctimeMs, ino }: FileStat): FileStat {
  return { size, mtimeMs, ctimeMs, ino };
}

export function sameStat(a: FileStat, b: FileStat): boolean {
  return a.size === b.size && a.mtimeMs === b.mtimeMs && a.ctimeMs === b.ctimeMs && a.ino === b.ino;
}

/**
 * Whether a stat taken at `now` can be trusted to change with the next write. Where it is younger than a tick of the
 * file system's clock, a second write may leave the same times: such a file is read again.
 */
function isSettled(stat: FileStat, nowMs: number): boolean {
  const ticks = stat.mtimeMs % 1000 === 0 ? 2000 : 50;
  return nowMs - stat.ctimeMs > ticks;
}

/**
 * Reads a file and the stat that belongs to the bytes. Of a file that was written a moment ago it is one that equals
 * no other, so that the file is read again: see {@link isSettled}.
 *
 * @throws {OvnError} `limit` when it is larger than `limit` bytes; `not-found` when it is not there; `malformed` when it
 * is a folder, a pipe or a device; `io` when the system does not let it be read.
 */
export function readFileLimited(
  file: string,
  limit: number,
  name: string,
): { bytes: Uint8Array; stat: FileStat } {
  const descriptor = open(file, name);
  try {
    const now = Date.now();
    const stat = fstatSync(descriptor);
    if (!stat.isFile()) throw new OvnError('malformed', `${name} is not a file`);
    if (stat.size > limit) {
      throw new OvnError('limit', `${name} has ${stat.size} bytes; no more than ${limit} are accepted`);
    }
    return { bytes: readAll(descriptor, stat.size, name), stat: trusted(stat, now) };
  } finally {
    closeSync(descriptor);
  }
}

function trusted(read: FileStat, nowMs: number): FileStat {
  const stat = pickStat(read);
  return isSettled(stat, nowMs) ? stat : { ...stat, mtimeMs: NO_TIME };
}

/** Puts a text in the place of a file, whole or not at all, with the file's permissions; behind a symbolic link, of the one it leads to. */
export function replaceFile(file: string, text: string): void {
  const target = realpathSync(file);
  const draft = `${target}.${process.pid}.tmp`;
  try {
    writeFileSync(draft, text, { flag: 'wx' });
    chmodSync(draft, statSync(target).mode);
    renameSync(draft, target);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}

/**
 * Writes a file that is not there yet, whole or not at all, with the folders above it.
 *
 * @throws {OvnError} `exists` where a file lies in the place of one of these folders.
 */
export function createFile(file: string, content: string | Uint8Array): void {
  const draft = `${file}.${process.pid}.tmp`;
  makeFolder(dirname(file));
  try {
    writeFileSync(draft, content, { flag: 'wx' });
    renameSync(draft, file);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}

function open(file: string, name: string): number {
  try {
    return openSync(file, READ_AT_ONCE);
  } catch (error) {
    if (!isNotThere(error)) throw unreadable(name, error);
    throw new OvnError('not-found', `there is no file ${name}`);
  }
}

/** No more than `size` bytes, also of a file that grows meanwhile; one that says it is empty is asked all the same. */
function readAll(descriptor: number, size: number, name: string): Uint8Array {
  const bytes = Buffer.allocUnsafe(Math.max(size, 1));
  let length = 0;
  try {
    let read: number;
    do {
      read = readSync(descriptor, bytes, length, bytes.length - length, null);
      length += read;
    } while (read > 0 && length < size);
  } catch (error) {
    throw unreadable(name, error);
  }
  return bytes.subarray(0, length);
}

function unreadable(name: string, cause: unknown): OvnError {
  return new OvnError('io', `${name} cannot be read (${(cause as NodeJS.ErrnoException).code})`, { cause });
}

/** In the order of their paths. */
function listBelow(places: SourcePlaces, path: string): string[] {
  const absolute = resolve(path);
  const stat = statSync(absolute, { throwIfNoEntry: false });
  if (stat === undefined) throw new OvnError('not-found', `there is no file or folder ${path}`);
  const sources: string[] = [];
  if (stat.isDirectory()) walkFolder(absolute, namedSource(places, absolute), 0, sources);
  else if (SOURCE_NAME.test(absolute)) sources.push(namedSource(places, absolute));
  else throw new OvnError('usage', `${path} is not a Markdown file (.md or .markdown)`);
  return sources;
}

/**
 * Adds what is below a folder, in the order of paths: that of its names, where those of folders end with `/`. Names are put behind
 * `path`, which is what the index calls the folder: that is cheaper than working each out.
 */
function walkFolder(folder: string, path: string, depth: number, sources: string[]): void {
  if (depth > MAX_DEPTH) {
    throw new OvnError('limit', `${folder}: folders are nested deeper than ${MAX_DEPTH}`);
  }
  const entries = readdirSync(folder, { withFileTypes: true });
  for (const name of entries.map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name)).sort()) {
    if (name.startsWith('.')) continue;
    const inside = path === '' ? name : `${path}/${name}`;
    if (name.endsWith('/')) walkFolder(join(folder, name), inside.slice(0, -1), depth + 1, sources);
    else if (SOURCE_NAME.test(name)) sources.push(inside);
  }
}
