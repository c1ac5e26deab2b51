import { readFileSync } from 'node:fs';

/** Resident memory at a moment after the start. */
export interface Memory {
  minutes: number;
  megabytes: number;
}

/** Looks every half second how much memory a process has (Linux). */
export function sampleMemory(pid: number): AsyncDisposable & { stop(): Memory[] } {
  const samples: Memory[] = [];
  const begun = performance.now();
  const timer = setInterval(() => {
    const megabytes = residentMegabytes(pid);
    if (megabytes !== undefined) samples.push({ minutes: (performance.now() - begun) / 60_000, megabytes });
  }, 500);
  const stop = (): Memory[] => {
    clearInterval(timer);
    return samples;
  };
  return { stop, [Symbol.asyncDispose]: async () => void stop() };
}

function residentMegabytes(pid: number): number | undefined {
  try {
    const [, kilobytes] = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return kilobytes === undefined ? undefined : (Number(kilobytes) * 1024) / 1e6;
  } catch {
    return undefined;
  }
}
