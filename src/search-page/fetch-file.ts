/** How long one file may take, in milliseconds, and how many are waited for at once. */
const TIMEOUT = 20_000;
const MOST_AT_ONCE = 8;

/** The server says that there is no such file. */
export class Missing extends Error {}

/** Gives a file below the folder of the page. */
export type FetchFile = (path: string, limit: number, signal: AbortSignal) => Promise<Uint8Array>;

/** Fetches files below `base`, few at a time, without cookies of others, and breaks off what is too slow or too long. */
export function createFetch(base: string): FetchFile {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (path, limit, signal) => {
    while (running >= MOST_AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve));
    running++;
    try {
      return await fetchOne(new URL(path, base).href, limit, signal);
    } finally {
      running--;
      waiting.shift()?.();
    }
  };
}

async function fetchOne(url: string, limit: number, signal: AbortSignal): Promise<Uint8Array> {
  signal.throwIfAborted();
  const response = await fetch(url, {
    referrerPolicy: 'no-referrer',
    signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT)]),
  });
  const { status, ok } = response;
  // 408 and 429: it may be there, and the host has no time.
  if (status >= 400 && status < 500 && status !== 408 && status !== 429) throw new Missing(url);
  if (!ok) throw new Error(url);
  return readBody(response, limit);
}

async function readBody(response: Response, limit: number): Promise<Uint8Array> {
  const reader = response.body?.getReader();
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  for (;;) {
    const part = (await reader?.read())?.value;
    if (part === undefined) break;
    length += part.length;
    if (length > limit) throw new Error('too long');
    parts.push(part);
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}
