import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { environment } from './child.ts';
import type { Bench } from './part.ts';

/** A program that runs until it is disposed of. */
export interface Service extends AsyncDisposable {
  /** What it had printed when it was ready. */
  lines: string[];
}

interface ServiceOptions {
  cwd?: string;
  env?: Record<string, string>;
  /** Whether a line says that it is ready. */
  isReady(line: string): boolean;
}

/** Starts a program and waits until it says that it is ready. It is ended with the bench, too. */
export async function startService(
  bench: Bench,
  command: string,
  args: string[],
  { cwd, env, isReady }: ServiceOptions,
): Promise<Service> {
  bench.signal.throwIfAborted();
  const child = spawn(command, args, {
    cwd: cwd ?? bench.scratch,
    env: environment(env),
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const ended = once(child, 'exit');
  const stop = (): boolean => child.kill('SIGTERM');
  bench.signal.addEventListener('abort', stop);
  const lines: string[] = [];
  for await (const line of createInterface(child.stdout)) {
    lines.push(line);
    if (isReady(line)) break;
  }
  child.stdout.resume();
  if (child.exitCode !== null) throw new Error(`${command} ${args.join(' ')} ended: ${lines.join('\n')}`);
  return {
    lines,
    [Symbol.asyncDispose]: async () => {
      bench.signal.removeEventListener('abort', stop);
      stop();
      await ended;
    },
  };
}
