import { type FSWatcher, watch } from 'node:fs';
import { OvnError } from '../../errors.ts';

/** Editors write a file in several steps: what changes is looked at when nothing has changed for so long. */
const QUIET_MS = 200;
/** Of a folder in which something changes all the time. */
const LONGEST_MS = 2000;

/**
 * Tells of changes in a folder and all below it, once for those that come together. Names that begin with a dot are passed
 * over, as they are for sources.
 *
 * @throws {OvnError} `not-found` when there is no such folder; `io` when the system watches no more.
 */
export function watchFolder(folder: string, onChange: () => void): Disposable {
  const told = new Debounced(onChange);
  const watcher = open(folder, (name) => {
    if (name === null || !name.split(/[\\/]/).some((part) => part.startsWith('.'))) told.later();
  });
  // What was watched is gone, as when a folder is replaced: whoever looks next says so.
  watcher.on('error', () => told.later());
  return {
    [Symbol.dispose]() {
      told.stop();
      watcher.close();
    },
  };
}

function open(folder: string, listen: (name: string | null) => void): FSWatcher {
  try {
    return watch(folder, { recursive: true }, (_event, name) => listen(name));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new OvnError('not-found', `there is no folder ${folder}`);
    throw new OvnError('io', `${folder} cannot be watched (${code})`, { cause: error });
  }
}

class Debounced {
  readonly #tell: () => void;
  #timer: NodeJS.Timeout | undefined;
  #since: number | undefined;

  constructor(tell: () => void) {
    this.#tell = tell;
  }

  later(): void {
    const now = performance.now();
    this.#since ??= now;
    clearTimeout(this.#timer);
    const wait = Math.max(0, Math.min(QUIET_MS, this.#since + LONGEST_MS - now));
    this.#timer = setTimeout(() => {
      this.#since = undefined;
      this.#tell();
    }, wait);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}
