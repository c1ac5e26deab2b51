import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout } from 'node:timers/promises';

export function isRunning(
  child: ChildProcessWithoutNullStreams | undefined,
): child is ChildProcessWithoutNullStreams {
  return child !== undefined && child.exitCode === null && child.signalCode === null;
}

/** Ends it at once, also where it hangs, and waits until it has ended. */
export async function kill(child: ChildProcessWithoutNullStreams | undefined): Promise<void> {
  if (!isRunning(child)) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}

/** Rejects with what a program said when it ends or has said nothing of use for ten seconds. */
export async function failureOf(program: string, child: ChildProcessWithoutNullStreams): Promise<never> {
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    said += chunk;
  });
  const why = await Promise.race([
    once(child, 'exit').then(([code]) => `ended with ${code}`),
    setTimeout(10_000, 'does not answer', { ref: false }),
  ]);
  throw new Error(`${program} ${why}: ${said}`);
}

/** A free port below those that the system gives to connections, which might take it while the witness is down. */
export async function findPort(): Promise<number> {
  for (;;) {
    const port = randomInt(10_000, 30_000);
    const server = createServer();
    const free = await new Promise<boolean>((settle) => {
      server.once('error', () => settle(false)).listen(port, '127.0.0.1', () => settle(true));
    });
    if (!free) continue;
    server.close();
    await once(server, 'close');
    return port;
  }
}
