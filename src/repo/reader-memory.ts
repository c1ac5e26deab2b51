import { existsSync, mkdirSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { OvnError } from '../errors.ts';
import { type Evidence, formatEvidence, parseEvidence } from '../reader/evidence.ts';
import { LIMITS } from '../reader/limits.ts';
import { formatMemory, parseMemory, type ReaderMemory } from '../reader/memory.ts';
import { acquireLock } from './publish-lock.ts';
import { readFileLimited } from './source-files.ts';

/** Files of evidence that new one is compared with. */
const MOST_COMPARED = 64;
/** Of one kind against one publication: who signs another history for each who asks must not fill the disk. One is proof enough. */
const MOST_OF_ONE = 16;

/**
 * What a reader remembers on this machine: `readers/<publication id>.json` and `evidence/<time>-<kind>.json`, for the
 * reader alone: they say what is read.
 */
export class ReaderMemories {
  readonly #readers: string;
  readonly #evidence: string;

  /** @param stateDir see `readerStateDir`. */
  constructor(stateDir: string) {
    this.#readers = join(stateDir, 'readers');
    this.#evidence = join(stateDir, 'evidence');
  }

  /**
   * Judges with what is remembered and keeps what is to be remembered. Judgements of several processes wait for each other
   * from reading to writing, so that none goes back behind, or aside from, what another one accepted.
   *
   * @throws {OvnError} `damaged` for a memory that cannot be read, `io` where nothing can be kept.
   */
  async judge<T extends { memory: ReaderMemory | undefined }>(
    publication: string,
    work: (memory: ReaderMemory | undefined) => Promise<T>,
    signal: AbortSignal,
  ): Promise<T> {
    await using _ = await this.#lock(signal);
    const before = this.read(publication);
    const judged = await work(before);
    if (judged.memory !== undefined && judged.memory !== before) this.#write(judged.memory);
    return judged;
  }

  /** What is remembered of a publication. */
  read(publication: string): ReaderMemory | undefined {
    const path = this.#pathOf(publication);
    if (!existsSync(path)) return undefined;
    try {
      return parseMemory(readFileLimited(path, LIMITS.memory, path).bytes);
    } catch (error) {
      if (!(error instanceof OvnError)) throw error;
      throw new OvnError('damaged', `what is remembered of ${publication} cannot be read: ${error.message}`, {
        hint: `Move ${path} away to begin anew; then --publication says whom you mean.`,
        cause: error,
      });
    }
  }

  /**
   * Keeps the documents of a refusal, to be shown to others; the path of the file. The same documents are kept once; where there is enough
   * of the kind against the publication, it is the last that was kept.
   */
  keepEvidence(evidence: Evidence): string {
    mkdirSync(this.#evidence, { recursive: true, mode: 0o700 });
    const known = this.#findEvidence(evidence);
    if (known !== undefined) return known;
    const name = `${evidence.foundAt.replace(/[-:]/g, '')}-${evidence.kind}`;
    const bytes = formatEvidence(evidence);
    for (let count = 1; ; count++) {
      const path = join(this.#evidence, count === 1 ? `${name}.json` : `${name}-${count}.json`);
      if (writeNew(path, bytes)) return path;
    }
  }

  /** Who lies once mostly lies again: the newest files of the same kind. */
  #findEvidence({ kind, publication, documents }: Evidence): string | undefined {
    const names = readdirSync(this.#evidence).filter((name) => name.includes(`-${kind}`));
    const against: string[] = [];
    for (const name of names.sort().slice(-MOST_COMPARED)) {
      const path = join(this.#evidence, name);
      const kept = readEvidence(path);
      if (kept?.publication !== publication || kept.kind !== kind) continue;
      const isSame = (at: 0 | 1) => Buffer.compare(kept.documents[at], documents[at]) === 0;
      if (isSame(0) && isSame(1)) return path;
      against.push(path);
    }
    return against.length < MOST_OF_ONE ? undefined : against.at(-1);
  }

  /** A crash leaves the memory as it was, or as it is to be. */
  #write(memory: ReaderMemory): void {
    const path = this.#pathOf(memory.publication);
    const draft = `${path}.part`;
    writeFileSync(draft, formatMemory(memory), { mode: 0o600, flush: true });
    renameSync(draft, path);
  }

  #pathOf(publication: string): string {
    if (!/^bafkrei[a-z2-7]{52}$/.test(publication))
      throw new TypeError(`${publication} is no publication's id`);
    return join(this.#readers, `${publication}.json`);
  }

  async #lock(signal: AbortSignal): Promise<AsyncDisposable> {
    try {
      mkdirSync(this.#readers, { recursive: true, mode: 0o700 });
      return await acquireLock(join(this.#readers, 'readers.lock'), { signal });
    } catch (error) {
      if (!isDenied(error)) throw error;
      throw new OvnError('io', `nothing can be remembered in ${this.#readers}`, { cause: error });
    }
  }
}

/** Whether there was no file: another process may keep evidence in the same second. */
function writeNew(path: string, bytes: Uint8Array): boolean {
  try {
    writeFileSync(path, bytes, { flag: 'wx', mode: 0o600, flush: true });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Nothing where it cannot be read: then it is no reason not to keep another. */
function readEvidence(path: string): Evidence | undefined {
  try {
    return parseEvidence(readFileLimited(path, LIMITS.evidence, path).bytes);
  } catch {
    return undefined;
  }
}

function isDenied(error: unknown): boolean {
  if (!(error instanceof Error) || !('code' in error)) return false;
  return (
    ['EACCES', 'EPERM', 'EROFS', 'ENOENT', 'ENOTDIR'].includes(String(error.code)) || error.code === 'io'
  );
}
