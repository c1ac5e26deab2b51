import type { RequestLimits } from './limits.ts';

/**
 * Lets others be asked for a request only as long as it may take: the signal is aborted when the client is gone, and with a
 * `TimeoutError` when the time is over. Nothing of it outlasts the work.
 */
export async function inTime<T>(
  signal: AbortSignal,
  { resolve }: Pick<RequestLimits, 'resolve'>,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const giveUp = (): void => controller.abort(signal.reason);
  const timer = setTimeout(
    () => controller.abort(new DOMException('it took too long', 'TimeoutError')),
    resolve,
  );
  signal.addEventListener('abort', giveUp, { once: true });
  if (signal.aborted) giveUp();
  try {
    return await work(controller.signal);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', giveUp);
  }
}
