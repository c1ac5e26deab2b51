import { setImmediate } from 'node:timers/promises';
import type { Worker } from 'node:worker_threads';
import type { CID } from 'multiformats/cid';
import { OvnError } from '../../errors.ts';
import type { Check } from '../../trust/check.ts';
import { MOST_VERSIONS, readMastheads, type VerifiedMastheads } from '../../trust/masthead-chain.ts';
import { MASTHEAD_LIMIT } from '../../trust/parse-masthead.ts';
import type { BlockReader } from '../../unixfs/block.ts';
import { type DirectoryEntry, readDirectory } from '../../unixfs/directory.ts';
import { measureFile, readFile } from '../../unixfs/file.ts';
import { verifyBlock } from '../../unixfs/hash.ts';

/** Directories that are read without a pause. */
const DIRECTORIES_A_TURN = 256;

export interface EvidenceOptions extends Pick<Evidence, 'now' | 'signal'> {
  rest?: Evidence['rest'];
  startJudge?: Evidence['startJudge'];
}

/**
 * Reads what is to be judged, and believes nothing: every block is hashed. What many bundles share (the style sheet,
 * the mastheads) is judged once.
 */
export class Evidence {
  readonly now: Date;
  readonly signal: AbortSignal;
  readonly read: BlockReader;
  /** What is read, before it is hashed. */
  readonly source: BlockReader;
  /** Starts judging-thread.ts; absent where everything is judged on this thread. */
  readonly startJudge: (() => Worker) | undefined;
  /** Set where a part is all that need be at hand: who may have the rest, in a sentence. */
  readonly rest: string | undefined;
  readonly #files = new Map<string, Promise<number>>();
  #directories = 0;
  readonly #mastheads = new Map<string, Promise<VerifiedMastheads>>();

  constructor(read: BlockReader, options: EvidenceOptions) {
    this.source = read;
    this.startJudge = options.startJudge;
    this.now = options.now;
    this.signal = options.signal;
    this.rest = options.rest;
    this.read = async (cid) => {
      const bytes = await read(cid);
      if (bytes !== undefined && !verifyBlock(cid, bytes)) {
        throw new OvnError('refused', `the bytes of block ${cid} are not those that its CID names`);
      }
      return bytes;
    };
  }

  /** What is at hand comes at once: every so often others get their turn, an interruption among them. */
  async directory(cid: CID): Promise<DirectoryEntry[]> {
    if (++this.#directories % DIRECTORIES_A_TURN === 0) await setImmediate();
    this.signal.throwIfAborted();
    return readDirectory(cid, this.read);
  }

  file(cid: CID, limit: number): Promise<Uint8Array> {
    return readFile(cid, this.read, { limit, signal: this.signal });
  }

  /** Looks at every block of a file; the number of its bytes. */
  fileSize(cid: CID): Promise<number> {
    const key = cid.toString();
    const known = this.#files.get(key) ?? measureFile(cid, this.read, { signal: this.signal });
    if (this.#files.size < 10_000) this.#files.set(key, known);
    return known;
  }

  /** The chain in a `masthead` directory, which must hold exactly the versions 1..n. */
  mastheads(cid: CID): Promise<VerifiedMastheads> {
    const key = cid.toString();
    const known = this.#mastheads.get(key) ?? this.mastheadFiles(cid).then(readMastheads);
    this.#mastheads.set(key, known);
    return known;
  }

  /** The bytes of the versions 1..n in a `masthead` directory, in order. Nothing is known yet of what they say. */
  async mastheadFiles(cid: CID): Promise<Uint8Array[]> {
    const entries = await this.directory(cid);
    if (entries.length > MOST_VERSIONS)
      throw new OvnError('limit', `masthead/ holds more than ${MOST_VERSIONS}`);
    const files: Uint8Array[] = [];
    for (let version = 1; version <= entries.length; version++) {
      const entry = entries.find(({ name }) => name === `${version}.json`);
      if (entry === undefined) {
        throw refusal(`masthead/ does not hold exactly the versions 1 to ${entries.length}`);
      }
      files.push(await this.file(entry.cid, MASTHEAD_LIMIT));
    }
    return files;
  }
}

/**
 * Applies a rule that reads blocks: `pass` with what `tell` says, or `fail` with the error's message. What is missing
 * or malformed cannot be judged genuine, so it fails as well.
 */
export async function checkAsync<T>(
  checks: Check[],
  name: string,
  rule: () => Promise<T>,
  tell: (value: T) => string,
): Promise<T | undefined> {
  try {
    const value = await rule();
    checks.push({ name, result: 'pass', detail: tell(value) });
    return value;
  } catch (error) {
    if (!(error instanceof OvnError) || error.code === 'interrupted') throw error;
    checks.push({ name, result: 'fail', detail: error.message });
    return undefined;
  }
}

/** A refusal by a rule. */
export function refusal(message: string): OvnError {
  return new OvnError('refused', message);
}
