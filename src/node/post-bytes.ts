import { OvnError } from '../errors.ts';

/** An answer over HTTP, whatever its status. */
export interface HttpAnswer {
  status: number;
  /** `Content-Type`, where it has one. */
  type?: string | undefined;
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
export function postBytes(url: string, bytes: Uint8Array, options: PostOptions): Promise<HttpAnswer> {
  return askOverHttp(url, { method: 'POST', body: bytes }, options);
}

/** What is asked of an address. */
export interface HttpQuestion {
  method: 'GET' | 'POST' | 'PUT';
  headers?: Record<string, string>;
  body?: Uint8Array;
}

/** As {@link postBytes}, for any method. */
export async function askOverHttp(
  url: string,
  { method, headers = {}, body }: HttpQuestion,
  { timeoutMs, limit, signal }: PostOptions,
): Promise<HttpAnswer> {
  const ends = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  try {
    const sent = body === undefined ? {} : { body: Uint8Array.from(body) };
    const response = await fetch(url, { method, headers, ...sent, redirect: 'error', signal: ends });
    const type = response.headers.get('content-type') ?? undefined;
    return { status: response.status, type, body: await readLimited(response, limit) };
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
