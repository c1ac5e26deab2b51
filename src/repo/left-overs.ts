import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Takes away what killed processes left in a folder.
 *
 * @param pidIn the id of the process that was to take it away, as it is in the name; nothing for other names.
 */
export function removeLeftOvers(dir: string, pidIn: (name: string) => string | undefined): void {
  const names = existsSync(dir) ? readdirSync(dir) : [];
  for (const name of names)
    if (hasEnded(pidIn(name))) rmSync(join(dir, name), { recursive: true, force: true });
}

/** `<path>.<process id>.partial`: where something is made that appears under its own name when it is whole. */
export function partialPath(path: string): string {
  return `${path}.${process.pid}.partial`;
}

/** The process id in the last part of a {@link partialPath}, or of the files that SQLite keeps beside one. */
export function partialPid(name: string, partial: string): string | undefined {
  if (!partial.startsWith(`${name}.`)) return undefined;
  return /^(\d+)\.partial(?:-journal|-wal|-shm)?$/.exec(partial.slice(name.length + 1))?.[1];
}

function hasEnded(pid: string | undefined): boolean {
  if (pid === undefined) return false;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}
