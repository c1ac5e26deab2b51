import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const OVN = fileURLToPath(new URL('../../bin/ovn.js', import.meta.url));

/** A running `ovn serve`. */
export interface Serving extends AsyncDisposable {
  pid: number;
  http: string;
  multiaddrs: string[];
  hasEnded(): boolean;
  /** Comes back after so many ms, or when it has ended. */
  wait(ms: number): Promise<void>;
  /** What went wrong in it so far. */
  problems(): Promise<string[]>;
}

export async function startServing(dir: string): Promise<Serving> {
  const child = spawn(process.execPath, [OVN, 'serve', '--json', '--http', '127.0.0.1:0'], { cwd: dir });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-10_000);
  });
  const ended = once(child, 'exit');
  const [line] = await Promise.race([once(createInterface(child.stdout), 'line'), ended]);
  if (child.pid === undefined || child.exitCode !== null) throw new Error(`ovn serve ended: ${said}`);
  const { http, metrics, multiaddrs } = JSON.parse(line);
  return {
    pid: child.pid,
    http,
    multiaddrs,
    hasEnded: () => child.exitCode !== null || child.signalCode !== null,
    wait: async (ms) => {
      const timer = Promise.withResolvers<void>();
      const waiting = setTimeout(timer.resolve, ms);
      await Promise.race([timer.promise, ended]);
      clearTimeout(waiting);
    },
    problems: () => findProblems(metrics, () => said),
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

async function findProblems(metrics: string, said: () => string): Promise<string[]> {
  try {
    const numbers = await (await fetch(`${metrics}/metrics`)).text();
    const failures = numbers.split('\n').filter((line) => line.startsWith('ovn_upkeep_failures_total{'));
    const health = await fetch(`${metrics}/healthz`);
    return health.ok ? failures : [...failures, await health.text()];
  } catch {
    return [`ovn serve is gone: ${said()}`];
  }
}
