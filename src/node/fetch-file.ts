import { OvnError } from '../errors.ts';

/** For an answer as a whole, in milliseconds. */
const TIMEOUT_MS = 10_000;
const ABSENT = [404, 410];

/**
 * Gets a small file over HTTP; `undefined` where there is none. Nothing is believed of it: who fetches, checks.
 *
 * @param limit bytes above which it is refused, whatever the server says of its length.
 * @throws {OvnError} `io` when the server does not answer in ten seconds, or with anything but a file; `limit`.
 */
export async function fetchFile(
  url: URL,
  limit: number,
  signal: AbortSignal,
): Promise<Uint8Array | undefined> {
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  try {
    const response = await fetch(url, { signal: AbortSignal.any([signal, timeout]) });
    if (response.status === 200) return await readLimited(response, limit, url);
    await response.body?.cancel();
    if (ABSENT.includes(response.status)) return undefined;
    throw new OvnError('io', `${url} answers with status ${response.status}`);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof OvnError) throw error;
    const reason = timeout.aborted ? `no answer in ${TIMEOUT_MS / 1000} seconds` : reasonOf(error);
    throw new OvnError('io', `${url}: ${reason}`, { cause: error });
  }
}

async function readLimited({ body }: Response, limit: number, url: URL): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    size += chunk.length;
    // Leaving the loop closes the connection.
    if (size > limit) throw new OvnError('limit', `${url} has more than ${limit} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** `fetch` says only that it failed; why is in its cause. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  return cause instanceof Error ? cause.message : String(cause);
}
