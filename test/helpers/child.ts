import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

/** A script of the tests that runs in a process of its own. */
export interface Child {
  process: ChildProcessWithoutNullStreams;
  /** The next line it prints; `undefined` when it ended. */
  line(): Promise<string | undefined>;
  /** Its exit code, or the signal that ended it. */
  ended: Promise<number | string>;
}

/** Starts a script, given relative to test/; it does not outlive the test. */
export function startChild(script: string, ...args: string[]): Child {
  const path = fileURLToPath(new URL(`../${script}`, import.meta.url));
  const child = spawn(process.execPath, [path, ...args]);
  onTestFinished(() => void child.kill('SIGKILL'));
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  child.stderr.pipe(process.stderr);
  return {
    process: child,
    line: async () => (await lines.next()).value,
    ended: once(child, 'exit').then(([code, signal]) => code ?? signal),
  };
}
