import { setTimeout } from 'node:timers/promises';

/** Does something again and again, with so many ms in between, until it is disposed of. What fails is told; it goes on. */
export function every(
  ms: number,
  work: () => Promise<void> | void,
  onDefect: (error: unknown) => void,
): AsyncDisposable {
  const ending = new AbortController();
  const { signal } = ending;
  const ended = repeat(ms, work, onDefect, signal);
  return {
    [Symbol.asyncDispose]: () => {
      ending.abort();
      return ended;
    },
  };
}

async function repeat(
  ms: number,
  work: () => Promise<void> | void,
  onDefect: (error: unknown) => void,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      await work();
    } catch (error) {
      onDefect(error);
    }
    await setTimeout(ms, undefined, { signal }).catch(() => undefined);
  }
}
