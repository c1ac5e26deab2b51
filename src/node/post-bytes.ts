import { OvnError } from '../errors.ts';

/** An answer over HTTP, whatever its status. */
export interface HttpAnswer {
  status: number;
  body: Uint8Array;
}

export interface PostOptions {
  /** For one request from its begin to the last byte of the answer, in ms. */
  timeoutMs: number;
  /** Most bytes of the answer that are read. */
  limit: number;
  /** Ends it earlier. */
  signal: AbortSignal;
}

/**
 * Sends bytes to an address and reads the answer. Redirects are not followed: who answers is who was named.
 *
 * @throws {OvnError} `io` when there is no answer (also where the signal ended it), `limit` for a longer one.
 */
export async function postBytes(url: string, bytes: Uint8Array, options: PostOptions): Promise<HttpAnswer> {
  const { timeoutMs, limit, signal } = options;
  const ends = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  try {
    const request = {
      method: 'POST',
      body: Uint8Array.from(bytes),
      redirect: 'error',
      signal: ends,
    } as const;
    const response = await fetch(url, request);
    return { status: response.status, body: await readLimited(response, limit) };
  } catch (error) {
    if (error instanceof OvnError && !ends.aborted) throw error;
    throw new OvnError('io', explain(error, ends, timeoutMs), { cause: error });
  }
}

async function readLimited({ body }: Response, limit: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    size += chunk.length;
    if (size > limit) throw new OvnError('limit', `the answer is longer than ${limit} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** `fetch` says only that it failed; what happened is in the cause. */
function explain(error: unknown, { aborted, reason }: AbortSignal, timeoutMs: number): string {
  if (aborted && reason instanceof OvnError) return `no answer: ${reason.message}`;
  if (aborted) return `no answer within ${timeoutMs / 1000} s`;
  const { cause, message } = error instanceof Error ? error : new Error(String(error));
  const { code = undefined, message: why = message } = cause instanceof Error ? (cause as ErrnoLike) : {};
  return `it cannot be reached: ${code ?? why}`;
}

interface ErrnoLike {
  code?: string | undefined;
  message?: string;
}
