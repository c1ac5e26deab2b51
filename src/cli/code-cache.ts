import { hash } from 'node:crypto';
import { readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { getCompileCacheDir } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Script } from 'node:vm';
import { EXIT } from '../errors.ts';

/** No cache of ours is as large: what is, is not of ours. */
const LIMIT = 32 * 1024 * 1024;
const DIGEST_BYTES = 32;
const SUFFIX = '.code';
/** Seconds. A process that runs for longer has let go of functions that it called at its start only. */
const SHORT = 2;
/** How many runs of a command add to a cache: not all of them call the same. Each ends 10 ms later. */
const RUNS = 4;
/** Milliseconds. What was written longer ago is of a version that is not in use any more, or is soon made again. */
const OLD = 30 * 24 * 60 * 60 * 1000;
/** What a run is counted as; whatever else stands first, an option say, as nothing. */
const COMMAND = /^[a-z]{1,20}$/;
const AS_USUAL: readonly number[] = [EXIT.done, EXIT.incomplete];

/** What a script was compiled to, and by which runs. */
interface Code {
  readonly data: Buffer;
  /** The command of each. */
  readonly runs: readonly string[];
}

/**
 * The value of a script, out of V8's code cache where there is one. Node's own compile cache holds what is compiled when a file is loaded,
 * and leaves every function that is called later to each process; this one is made when a command has ended, in the first runs of each
 * command, and holds all that any of them has called. It lies where Node's lies, and there is none where that is switched off.
 *
 * A cache is run as it is: V8 checks neither what it holds nor whether all of it is there. So it carries its digest, and belongs into no
 * folder that others may write to.
 *
 * @param file the script's
 * @param digest of its text: a cache of any other is none of it
 */
export function loadScript(file: URL, digest: string): unknown {
  const folder = getCompileCacheDir();
  const path = folder === undefined ? undefined : join(folder, `${digest}${SUFFIX}`);
  const known = path === undefined ? undefined : readCode(path);
  // It is written in ASCII: what is read as Latin-1 takes a byte a character.
  const script = new Script(readFileSync(file, 'latin1'), {
    filename: fileURLToPath(file),
    cachedData: known?.data,
  });
  const runs = script.cachedDataRejected === true ? [] : (known?.runs ?? []);
  if (path !== undefined) learnAtExit(script, path, runs);
  return script.runInThisContext();
}

function learnAtExit(script: Script, path: string, runs: readonly string[]): void {
  const command = COMMAND.exec(process.argv[2] ?? '')?.[0] ?? '';
  if (runs.filter((run) => run === command).length >= RUNS) return;
  const flags = flagsMark();
  process.once('exit', (code) => {
    if (!AS_USUAL.includes(code) || process.uptime() > SHORT || !flagsMark().equals(flags)) return;
    writeCode(path, { data: script.createCachedData(), runs: [...runs, command] });
  });
}

/** V8 takes a cache only under the flags under which it was made. It says them in whatever it makes, and nowhere else. */
const flagsMark = (): Buffer => new Script('0').createCachedData();

/** `undefined` for what is not there, and for what is not whole. */
export function readCode(path: string): Code | undefined {
  const bytes = readIfThere(path);
  if (bytes === undefined || bytes.length < DIGEST_BYTES + 2) return undefined;
  const end = bytes.length - DIGEST_BYTES;
  if (!digestOf(bytes.subarray(0, end)).equals(bytes.subarray(end))) return undefined;
  const namesEnd = end - 2;
  const namesStart = namesEnd - bytes.readUInt16BE(namesEnd);
  const names = bytes.toString('utf8', namesStart, namesEnd);
  return { data: bytes.subarray(0, namesStart), runs: names.split('\n') };
}

/** Whole or not at all, in place of all that are old. Where it cannot be written the next process does without, as this one did. */
export function writeCode(path: string, { data, runs }: Code): void {
  const names = Buffer.from(runs.join('\n'));
  const length = Buffer.alloc(2);
  length.writeUInt16BE(names.length);
  const content = Buffer.concat([data, names, length]);
  const draft = `${path}.${process.pid}`;
  try {
    try {
      writeFileSync(draft, Buffer.concat([content, digestOf(content)]), { mode: 0o600 });
      renameSync(draft, path);
    } finally {
      rmSync(draft, { force: true });
    }
    for (const other of oldCaches(dirname(path))) rmSync(other, { force: true });
  } catch {}
}

function oldCaches(folder: string): string[] {
  const caches = readdirSync(folder).filter((name) => name.endsWith(SUFFIX));
  return caches.map((name) => join(folder, name)).filter((path) => statSync(path).mtimeMs < Date.now() - OLD);
}

function readIfThere(path: string): Buffer | undefined {
  try {
    return statSync(path).size <= LIMIT ? readFileSync(path) : undefined;
  } catch {
    return undefined;
  }
}

const digestOf = (bytes: Uint8Array): Buffer => hash('sha256', bytes, 'buffer');
