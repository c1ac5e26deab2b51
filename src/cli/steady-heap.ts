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
