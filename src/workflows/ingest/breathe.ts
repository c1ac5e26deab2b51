import { setImmediate } from 'node:timers/promises';

const EVERY = 20;

/** Lets Ctrl-C be heard between two pieces of work, each so many. */
export async function breathe(index: number, signal: AbortSignal): Promise<void> {
  if (index % EVERY === 0) await setImmediate();
  signal.throwIfAborted();
}
