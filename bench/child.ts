import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Bench } from './part.ts';

const TIME = '/usr/bin/time';

/** How one program ran. */
export interface Run {
  /** From before it was started until it had ended. */
  seconds: number;
  /** Most memory it held at once, in MB (10^6); undefined when not asked for or where GNU time is missing. */
  peakMemory: number | undefined;
  stdout: string;
}

interface RunOptions {
  cwd?: string;
  env?: Record<string, string>;
  /** Start it below GNU time, which costs about a millisecond. */
  memory?: boolean;
}

/** Runs a program to its end. Anything but exit code 0 is an error that shows what it said. */
export async function run(
  bench: Bench,
  command: string,
  args: string[],
  options: RunOptions = {},
): Promise<Run> {
  bench.signal.throwIfAborted();
  const timed = options.memory === true && findProgram(TIME) !== undefined;
  const [program, ...rest] = timed ? [TIME, '-q', '-f', '%M', command, ...args] : [command, ...args];
  const begun = performance.now();
  const child = spawn(program ?? command, rest, {
    cwd: options.cwd ?? bench.scratch,
    env: environment(options.env),
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const stop = (): boolean => child.pid !== undefined && process.kill(-child.pid, 'SIGKILL');
  bench.signal.addEventListener('abort', stop);
  const ended = new Promise<{ code: number | null; seconds: number }>((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => resolve({ code, seconds: (performance.now() - begun) / 1000 }));
  });
  try {
    const [{ code, seconds }, stdout, stderr] = await Promise.all([
      ended,
      text(child.stdout),
      text(child.stderr),
    ]);
    bench.signal.throwIfAborted();
    if (code !== 0)
      throw new Error(
        `${command} ${args.join(' ')}: exit code ${code}\n${stdout.slice(-1000)}${stderr.slice(-1000)}`,
      );
    const kilobytes = Number(stderr.trimEnd().split('\n').at(-1));
    return { seconds, stdout, peakMemory: timed ? (kilobytes * 1024) / 1e6 : undefined };
  } finally {
    bench.signal.removeEventListener('abort', stop);
  }
}

/** The path of a program (a name is looked for along PATH), or undefined where it is not installed. */
export function findProgram(name: string): string | undefined {
  const folders = name.includes('/') ? [''] : (process.env.PATH ?? '').split(':');
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** This process's environment without what would change what `ovn` does. */
export function environment(more: Record<string, string> = {}): NodeJS.ProcessEnv {
  const { OVN_REPO: _repo, OVN_PASSPHRASE: _passphrase, SOURCE_DATE_EPOCH: _epoch, ...rest } = process.env;
  return { ...rest, ...more };
}
