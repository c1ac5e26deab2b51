import { setFlagsFromString } from 'node:v8';

/** How much larger than what lives in it the heap may be before it is collected, in percent. */
const GROWTH = 40;

/**
 * Keeps the heap of a process that runs for months near what lives in it: left alone, V8 lets it grow to several times that, and for
 * hours, while there is memory. The engine reads the flag anew at every collection.
 */
export function keepHeapSteady(): void {
  setFlagsFromString(`--heap-growing-percent=${GROWTH}`);
}

/** Gives threads that start from now on so much room for new objects at once, in MB. */
export function startYoungWith(megabytes: number): void {
  setFlagsFromString(`--min-semi-space-size=${megabytes}`);
}

/**
 * Leaves the room for new objects as large as it has become: left alone, V8 doubles it to what a machine with much memory can bear,
 * and holds a fifth of the memory for what is gone a moment later.
 */
export function stopYoungGrowth(): void {
  if (stopped) return;
  stopped = true;
  setFlagsFromString('--semi-space-growth-factor=1');
  // As V8 has it, before anything else at the end: a code cache (code-cache.ts) is taken only under the flags under which it was made.
  process.prependOnceListener('exit', () => setFlagsFromString('--semi-space-growth-factor=2'));
}

let stopped = false;
