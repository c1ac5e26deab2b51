import { type Bytes, concat } from './bytes.ts';
import { messageOf, NotChecked, Refused } from './failure.ts';

/** How long one answer may take, in milliseconds, and how many are waited for at once. */
const TIMEOUT = 30_000;
const MOST_AT_ONCE = 6;

export interface Answer {
  status: number;
  type: string;
  bytes: Bytes;
  /** Whether it leads elsewhere. Nothing is followed: no request may leave the gateway that was chosen. */
  isRedirect: boolean;
}

export type FetchBytes = (url: string, limit: number, accept?: string) => Promise<Answer>;

/** Fetches without cookies and referrer, few at a time, and breaks off what is too slow or too long. */
export function createFetch(signal: AbortSignal): FetchBytes {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (url, limit, accept = '*/*') => {
    if (running >= MOST_AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve));
    running++;
    try {
      return await fetchOne(url, limit, accept, signal);
    } finally {
      running--;
      waiting.shift()?.();
    }
  };
}

async function fetchOne(url: string, limit: number, accept: string, signal: AbortSignal): Promise<Answer> {
  signal.throwIfAborted();
  try {
    const response = await fetch(url, {
      headers: { accept },
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT)]),
    });
    const isRedirect =
      response.type === 'opaqueredirect' || (response.status >= 300 && response.status < 400);
    const bytes = response.ok ? await readBody(response, limit, url) : new Uint8Array(0);
    const type = response.headers.get('content-type') ?? '';
    return { status: response.status, type, bytes, isRedirect };
  } catch (error) {
    if (error instanceof Refused) throw error;
    signal.throwIfAborted();
    throw new NotChecked(`no answer from ${url} (${messageOf(error)})`);
  }
}

async function readBody(response: Response, limit: number, url: string): Promise<Bytes> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of response.body ?? []) {
    length += part.length;
    if (length > limit) throw new Refused(`${url} is longer than ${limit} bytes`);
    parts.push(part);
  }
  return concat(parts);
}
