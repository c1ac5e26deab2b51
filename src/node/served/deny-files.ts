import { readFile, stat } from 'node:fs/promises';
import { type Finding, OvnError } from '../../errors.ts';
import type { DenyRule } from './deny-rule.ts';
import { Denylist } from './denylist.ts';
import { parseDenylist } from './parse-denylist.ts';

/** Of one denylist; bytes. */
export const DENY_FILE_LIMIT = 64 * 1024 * 1024;

interface DenyFile {
  path: string;
  /** As it was when it was read. */
  stamp: string;
  rules: readonly DenyRule[];
}

/**
 * Denylists in files, in the order of their names on the command line: of the rules that match, the last one of all decides. A file that
 * changes is read again; while it cannot be read, or says something that is not understood, what it said before goes on to count.
 */
export class DenyFiles {
  #files: readonly DenyFile[];
  #list: Denylist;
  /** How a file was when it was last looked at: one that is being written is left until it rests. */
  readonly #seen = new Map<string, string>();
  readonly #complaints = new Map<string, string>();

  private constructor(files: readonly DenyFile[]) {
    this.#files = files;
    this.#list = join(files);
  }

  /** @throws {OvnError} `malformed` with each line that is not understood; `not-found`, `limit` */
  static async open(paths: readonly string[]): Promise<DenyFiles> {
    return new DenyFiles(await Promise.all(paths.map(readDenyFile)));
  }

  /** What they say together, now. */
  get list(): Denylist {
    return this.#list;
  }

  /**
   * Reads what has changed and rested since the last time, or with `atOnce` whatever is there; whether anything has changed. Errors are
   * told, and the former rules stay.
   */
  async refresh(onDefect: (error: unknown) => void, { atOnce = false } = {}): Promise<boolean> {
    const files = await Promise.all(this.#files.map((file) => this.#refreshed(file, onDefect, atOnce)));
    const isChanged = files.some((file, at) => file.rules !== this.#files[at]?.rules);
    this.#files = files;
    if (isChanged) this.#list = join(files);
    return isChanged;
  }

  async #refreshed(file: DenyFile, onDefect: (error: unknown) => void, atOnce: boolean): Promise<DenyFile> {
    const { path } = file;
    try {
      const stamp = await stampOf(path);
      const isResting = atOnce || stamp === this.#seen.get(path);
      this.#seen.set(path, stamp);
      return stamp === file.stamp || !isResting ? file : await this.#reread(path);
    } catch (error) {
      this.#complain(path, error, onDefect);
      return { ...file, stamp: this.#seen.get(path) ?? '' };
    }
  }

  async #reread(path: string): Promise<DenyFile> {
    const file = await readDenyFile(path);
    this.#complaints.delete(path);
    return file;
  }

  /** Once of each state of a file. */
  #complain(path: string, error: unknown, onDefect: (error: unknown) => void): void {
    if (this.#complaints.get(path) === String(error)) return;
    this.#complaints.set(path, String(error));
    onDefect(error);
  }
}

function join(files: readonly DenyFile[]): Denylist {
  const list = new Denylist();
  for (const { rules } of files) for (const rule of rules) list.add(rule);
  return list;
}

async function readDenyFile(path: string): Promise<DenyFile> {
  const stamp = await stampOf(path);
  const { rules, problems } = await parseDenylist(decode(path, await readFile(path)));
  if (problems.length === 0) return { path, stamp, rules };
  const findings = problems.map((problem): Finding => ({ severity: 'error', file: path, ...problem }));
  const [first] = problems;
  throw new OvnError('malformed', `${path}:${first?.line}: ${first?.message}`, {
    hint: 'A line that is not understood would deny nothing. Correct it, or put # before it.',
    findings,
  });
}

async function stampOf(path: string): Promise<string> {
  try {
    const { size, mtimeMs, ino } = await stat(path);
    if (size <= DENY_FILE_LIMIT) return `${size} ${mtimeMs} ${ino}`;
  } catch (cause) {
    throw new OvnError('not-found', `the denylist ${path} cannot be read`, { cause });
  }
  throw new OvnError('limit', `the denylist ${path} is larger than ${DENY_FILE_LIMIT} bytes`);
}

function decode(path: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new OvnError('malformed', `the denylist ${path} is not UTF-8`, { cause });
  }
}
