import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const MEMORY = '/dev/shm';

/** An empty folder that is removed when it goes out of scope: in memory where the machine offers that. */
export async function makeScratch(): Promise<AsyncDisposable & { path: string }> {
  const path = await mkdtemp(join(existsSync(MEMORY) ? MEMORY : tmpdir(), 'ovn-bench-'));
  return { path, [Symbol.asyncDispose]: () => remove(path) };
}

/** Removes a file or folder, if it is there. */
export async function remove(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true });
}

/** Makes `to` a fresh copy of the folder `from`. */
export async function copyFolder(from: string, to: string): Promise<void> {
  await remove(to);
  await mkdir(to, { recursive: true });
  await cp(from, to, { recursive: true });
}
