import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

/** The root of the project. */
export const PROJECT = fileURLToPath(new URL('../..', import.meta.url));

export const PROGRAM = join(PROJECT, 'bin', 'ovn.js');

export interface ProgramOptions {
  cwd?: string;
  /** On top of an environment in which nothing says how `ovn` behaves. */
  env?: Record<string, string>;
  /** What the program reads; nothing when absent. */
  input?: string | Uint8Array;
}

export interface ProgramResult {
  /** The exit code, or the signal that ended it. */
  code: number | string;
  stdout: string;
  stderr: string;
}

/** A program that goes on running; it is killed when it is disposed of. */
export interface RunningProgram extends AsyncDisposable {
  process: ChildProcessWithoutNullStreams;
  /** The next line it prints; throws with what it said on stderr when there is none. */
  readLine(): Promise<string>;
  /** When it has ended; `stdout` is what no {@link readLine} took. */
  ended: Promise<ProgramResult>;
}

/** A repository in a folder of its own, which is removed with all that is in it. */
export interface TestRepository extends AsyncDisposable {
  dir: string;
  /** Runs `ovn` in it. */
  run(args: readonly string[], options?: ProgramOptions): Promise<ProgramResult>;
  /** Starts an `ovn` in it that goes on running. */
  start(args: readonly string[], options?: ProgramOptions): RunningProgram;
}

/** Runs the built program to its end. */
export async function runOvn(args: readonly string[], options: ProgramOptions = {}): Promise<ProgramResult> {
  const child = spawnOvn(args, options);
  const [stdout, stderr, [code, signal]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  return { code: code ?? signal, stdout, stderr };
}

/** Starts the built program, to talk to it while it runs. */
export function startOvn(args: readonly string[], options: ProgramOptions = {}): RunningProgram {
  const child = spawnOvn(args, options);
  const stderr = text(child.stderr);
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const closed = once(child, 'close');
  const ended = Promise.all([stderr, closed]).then(async ([said, [code, signal]]) => {
    const rest: string[] = [];
    for (let next = await lines.next(); !next.done; next = await lines.next()) rest.push(`${next.value}\n`);
    return { code: code ?? signal, stdout: rest.join(''), stderr: said };
  });
  return {
    process: child,
    readLine: async () => {
      const { done, value } = await lines.next();
      if (done !== true) return value;
      throw new Error(`ovn ${args.join(' ')} ended without another line: ${await stderr}`);
    },
    ended,
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGKILL');
      await closed;
    },
  };
}

/** An empty repository made by `ovn init`, or one with articles that are not published yet, by path below `articles/`. */
export async function makeRepository(
  options: { articles?: 'samples' | Record<string, string> } = {},
): Promise<TestRepository> {
  const dir = mkdtempSync(join(tmpdir(), 'ovn-test-'));
  const { code, stderr } = await runOvn(['init', '.', '--no-sample', '--no-passphrase'], { cwd: dir });
  if (code !== 0) throw new Error(`ovn init failed: ${stderr}`);
  addArticles(join(dir, 'articles'), options.articles ?? {});
  return {
    dir,
    run: (args, more) => runOvn(args, { cwd: dir, ...more }),
    start: (args, more) => startOvn(args, { cwd: dir, ...more }),
    [Symbol.asyncDispose]: async () => rmSync(dir, { recursive: true, force: true, maxRetries: 5 }),
  };
}

function addArticles(folder: string, articles: 'samples' | Record<string, string>): void {
  if (articles === 'samples') {
    cpSync(join(PROJECT, 'articles'), folder, { recursive: true });
    return;
  }
  for (const [path, source] of Object.entries(articles)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), source);
  }
}

function spawnOvn(
  args: readonly string[],
  { cwd, env, input }: ProgramOptions,
): ChildProcessWithoutNullStreams {
  const child = spawn(process.execPath, [PROGRAM, ...args], {
    cwd,
    env: { ...neutralEnvironment(), ...env },
  });
  // A program that ends without reading its input is no failure of the test.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  return child;
}

/** Only what a process needs at all: no `OVN_*`, `SOURCE_DATE_EPOCH` or colours of whoever runs the tests, nor their memory or caches. */
function neutralEnvironment(): NodeJS.ProcessEnv {
  const { PATH, HOME, TMPDIR, TEMP, SystemRoot, OVN_TEST_STATE: XDG_CACHE_HOME } = process.env;
  const kept = { PATH, HOME, TMPDIR, TEMP, SystemRoot, XDG_CACHE_HOME, XDG_STATE_HOME: stateHome() };
  return Object.fromEntries(Object.entries(kept).filter(([, value]) => value !== undefined));
}

let state: string | undefined;

/** Where readers outside of any repository remember: one folder for a file of tests. */
function stateHome(): string {
  state ??= mkdtempSync(join(process.env.OVN_TEST_STATE ?? tmpdir(), 'readers-'));
  return state;
}
