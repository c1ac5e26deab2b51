import type { IncomingMessage } from 'node:http';
import { explainHttp } from './http-error.ts';
import { Pace } from './pace.ts';

/**
 * The body of an answer, as it comes. `stall` ms of waiting end it.
 * @throws OvnError `io`, `malformed`; the signal's reason
 */
export async function* readBody(
  response: IncomingMessage,
  stall: number,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const chunks: AsyncIterator<Uint8Array> = response[Symbol.asyncIterator]();
  const pace = new Pace(stall, () => response.destroy());
  try {
    for (;;) {
      const next = await pace.wait(chunks.next());
      if (next.done === true) return;
      pace.came(next.value.length);
      yield next.value;
    }
  } catch (error) {
    throw signal.aborted ? signal.reason : (pace.failure ?? explainHttp(error));
  } finally {
    if (!response.complete) response.destroy();
  }
}
