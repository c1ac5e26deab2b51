import type { ClientRequest } from 'node:http';
import { OvnError } from '../../errors.ts';

export interface Sendable {
  body?: () => AsyncIterable<Uint8Array>;
  onSent?: ((bytes: number) => void) | undefined;
}

/**
 * Sends a body as fast as it is taken, and ends the request. Stops when the answer comes before all is sent: it is then the answer that counts.
 *
 * @param stall ms for which the other side may take nothing
 * @throws {OvnError} `io` when it stalls; whatever the body throws: what was sent until then has no proper end
 */
export async function sendBody(
  sent: ClientRequest,
  { body, onSent }: Sendable,
  stall: number,
  answered: Promise<unknown>,
): Promise<void> {
  if (body === undefined) return void sent.end();
  let hasAnswer = false;
  const answer = answered.then(
    () => {
      hasAnswer = true;
    },
    () => undefined,
  );
  let bytes = 0;
  for await (const chunk of body()) {
    if (hasAnswer || sent.destroyed) return;
    if (!sent.write(chunk)) await Promise.race([drained(sent, stall), answer]);
    bytes += chunk.length;
    onSent?.(bytes);
  }
  sent.end();
}

async function drained(sent: ClientRequest, stall: number): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const timer = setTimeout(
    () => reject(new OvnError('io', `it stalls: nothing was taken for ${stall / 1000} s`)),
    stall,
  );
  sent.once('drain', resolve).once('close', resolve);
  try {
    await promise;
  } finally {
    clearTimeout(timer);
    sent.off('drain', resolve).off('close', resolve);
  }
}
