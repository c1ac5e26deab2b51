import { setTimeout as wait } from 'node:timers/promises';
import { OvnError } from '../../errors.ts';
import type { HomeLimits } from './home.ts';

/** Most bytes of an answer that are read: a thousand pins with names, origins and metadata are far less. */
const MAX_ANSWER = 8 * 1024 * 1024;

/** `fetch` as the clients of homes are given it. */
export type PatientFetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

type PatientLimits = Pick<HomeLimits, 'answer' | 'tries' | 'pause' | 'maxPause'>;

/**
 * `fetch` for an API that may be busy: each answer in time, of bounded size, and from nobody but who was asked (no redirects: credentials
 * go along). What may be repeated is, where it was not answered or the other side had a failure of its own (5xx); where it asks for
 * patience (429), everything is. `Retry-After` is heeded.
 *
 * @throws {OvnError} `io` when there was no answer, `busy` where it asks for more patience than there is, `limit`.
 */
export function patientFetch(limits: PatientLimits): PatientFetch {
  return async (input, init = {}) => {
    const mayRepeat = ['GET', 'HEAD', 'DELETE'].includes(init.method ?? 'GET');
    for (let attempt = 1; ; attempt++) {
      const answer = await askOnce(input, init, limits).catch((error: unknown) => toRepeat(error, init));
      const isFailure = answer instanceof OvnError || answer.status >= 500;
      const again = (isFailure && mayRepeat) || (answer instanceof Response && answer.status === 429);
      if (!again || attempt >= limits.tries) {
        if (answer instanceof OvnError) throw answer;
        return answer;
      }
      await pause(answer, attempt, limits, init.signal ?? undefined);
    }
  };
}

/** Doubles with every try, and is never the same for two who were turned away together. In ms. */
export function backOff(
  attempt: number,
  { pause, maxPause }: Pick<HomeLimits, 'pause' | 'maxPause'>,
): number {
  return Math.min(pause * 2 ** (attempt - 1), maxPause) * (0.5 + Math.random() / 2);
}

async function pause(
  answer: Response | OvnError,
  attempt: number,
  limits: PatientLimits,
  signal: AbortSignal | undefined,
): Promise<void> {
  const asked = answer instanceof Response ? retryAfter(answer.headers.get('retry-after')) : 0;
  if (asked > limits.maxPause) {
    throw new OvnError('busy', `it asks to be left alone for ${Math.ceil(asked / 1000)} s`, {
      hint: 'Run it again later.',
    });
  }
  const length = Math.max(asked, backOff(attempt, limits));
  await pauseFor(length, signal);
}

/** Waits, in ms. @throws the signal's reason */
export async function pauseFor(length: number, signal: AbortSignal | undefined): Promise<void> {
  await wait(length, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
  signal?.throwIfAborted();
}

/** `Retry-After` (RFC 9110, section 10.2.3), in seconds or as a date; in ms. */
export function retryAfter(text: string | null): number {
  if (text === null) return 0;
  const until = /^\d{1,9}$/.test(text) ? Number(text) * 1000 : Date.parse(text) - Date.now();
  return until > 0 ? until : 0;
}

/** An error that says that there was no answer; others are for the caller. */
function toRepeat(error: unknown, { signal }: RequestInit): OvnError {
  signal?.throwIfAborted();
  if (error instanceof OvnError && error.code === 'io') return error;
  throw error;
}

async function askOnce(
  input: string | URL | Request,
  init: RequestInit,
  { answer }: PatientLimits,
): Promise<Response> {
  const late = AbortSignal.timeout(answer);
  const signal = init.signal == null ? late : AbortSignal.any([init.signal, late]);
  try {
    const response = await fetch(input, { ...init, signal, redirect: 'error' });
    const body = await readLimited(response);
    const { status, headers } = response;
    return new Response(body.length === 0 ? null : body, { status, headers });
  } catch (error) {
    if (error instanceof OvnError) throw error;
    throw new OvnError('io', late.aborted ? `no answer in ${answer / 1000} s` : explain(error), {
      cause: error,
    });
  }
}

async function readLimited({ body }: Response): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    size += chunk.length;
    if (size > MAX_ANSWER) throw new OvnError('limit', `its answer is longer than ${MAX_ANSWER} bytes`);
    chunks.push(chunk);
  }
  return Uint8Array.from(Buffer.concat(chunks));
}

/** `fetch` says only that it failed; what happened is in the cause. */
function explain(error: unknown): string {
  const { cause, message } = error instanceof Error ? error : new Error(String(error));
  if (!(cause instanceof Error)) return message;
  if (cause.message === 'unexpected redirect') return 'it redirects, and credentials go nowhere else';
  return `it cannot be reached: ${(cause as NodeJS.ErrnoException).code ?? cause.message}`;
}
