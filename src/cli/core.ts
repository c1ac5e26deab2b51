import { getCompileCacheDir } from 'node:module';
import { setFlagsFromString } from 'node:v8';

/** What the core needs of Node. Node has it compiled, and V8 takes that only while its flags are as they were. */
const BUILTINS = [
  'crypto',
  'dns/promises',
  'os',
  'sqlite',
  'timers/promises',
  'tty',
  'worker_threads',
  'zlib',
];

/**
 * Loads what all commands share (scripts/bundling/one-core.js), compiled as a whole. What Node keeps of a file is what V8 compiled when it
 * was loaded; left alone that is next to nothing, and every process compiles the same functions anew when it first calls them.
 * Where nothing is kept, that would be dear, and nothing is loaded ahead.
 */
export async function loadCore(): Promise<void> {
  if (getCompileCacheDir() === undefined) return;
  for (const name of BUILTINS) process.getBuiltinModule(`node:${name}`);
  setFlagsFromString('--no-lazy');
  try {
    await import('./commands/publish.ts');
  } finally {
    setFlagsFromString('--lazy');
  }
}
