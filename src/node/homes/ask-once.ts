import type { ClientRequest, IncomingMessage } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { OvnError } from '../../errors.ts';
import { explainHttp } from '../retrieve/http-error.ts';
import { readBody } from '../retrieve/read-body.ts';
import type { HomeLimits } from './home.ts';
import { retryAfter } from './patient-fetch.ts';
import { sendBody } from './send-body.ts';

/** One request to the API of a home. */
export interface HomeQuestion {
  method: 'GET' | 'POST' | 'DELETE';
  /** Below the address of the API, without a slash before it. */
  path: string;
  query?: Record<string, string> | URLSearchParams;
  headers?: Record<string, string>;
  /** What is sent; made anew where the question is repeated. */
  body?: () => AsyncIterable<Uint8Array>;
  /** Called with the bytes that are out. */
  onSent?: ((bytes: number) => void) | undefined;
  /** Waited for the begin of the answer once all is sent, in ms; `limits.answer` when absent. */
  patience?: number;
  /** The answer may take any time, as long as it does not stall; else all of it is there in `limits.answer` from its begin. */
  isStream?: boolean;
  signal: AbortSignal;
}

/** An answer whose body is not read yet: it has to be read or closed. */
export interface HomeAnswer {
  status: number;
  type: string;
  /** @throws {OvnError} `io` when it breaks off or stalls */
  body: AsyncIterable<Uint8Array>;
  /** What it says of a failure in its middle (trailer `X-Stream-Error`), once the body is read. */
  streamError(): string | undefined;
  close(): void;
}

/** Begins a request; nothing of its body is sent yet. */
export type Send = (question: HomeQuestion) => ClientRequest;

export interface Asked {
  answer: HomeAnswer;
  /** When to ask again (`Retry-After`), in ms from now. */
  after: number;
}

/**
 * Asks once, and waits until the answer begins.
 *
 * @throws {OvnError} `io` where there is none in time, `refused` for one that is compressed; the signal's reason; the error of the body
 */
export async function askOnce(
  send: Send,
  question: HomeQuestion,
  limits: Pick<HomeLimits, 'answer' | 'stall'>,
): Promise<Asked> {
  const { signal, patience = limits.answer } = question;
  signal.throwIfAborted();
  const sent = send(question);
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  let failure: unknown;
  const fail = (why: unknown): void => {
    failure ??= why;
    sent.destroy();
  };
  const abort = (): void => fail(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  sent.on('close', () => signal.removeEventListener('abort', abort));
  sent.on('error', (error) => reject(failure ?? explainHttp(error)));
  sent.on('close', () => reject(failure ?? new OvnError('io', 'it breaks off')));
  sent.on('response', (response) => {
    // Answered before all was sent: nothing else can be asked over this connection.
    response.on('end', () => void (sent.writableEnded || sent.destroy()));
    resolve(response);
  });
  const waits = new AbortController();
  sendBody(sent, question, limits.stall, promise)
    .then(() => pause(patience, undefined, { signal: waits.signal }))
    .then(() => fail(new OvnError('io', `no answer in ${patience / 1000} s`)))
    .catch((error: unknown) => (waits.signal.aborted ? undefined : fail(error)));
  try {
    const asked = toAnswer(await promise, limits, signal);
    if (question.isStream !== true) {
      const timer = setTimeout(() => sent.destroy(), limits.answer);
      sent.on('close', () => clearTimeout(timer));
    }
    return asked;
  } finally {
    waits.abort();
  }
}

function toAnswer(response: IncomingMessage, limits: Pick<HomeLimits, 'stall'>, signal: AbortSignal): Asked {
  const { statusCode = 0, headers } = response;
  response.on('error', () => undefined);
  if ((headers['content-encoding'] ?? 'identity') !== 'identity') {
    response.destroy();
    throw new OvnError('refused', 'it sends a compressed body, which was not asked for');
  }
  const answer: HomeAnswer = {
    status: statusCode,
    type: headers['content-type'] ?? '',
    body: readBody(response, limits.stall, signal),
    streamError: () => response.trailers['x-stream-error'] || undefined,
    close: () => void response.destroy(),
  };
  return { answer, after: retryAfter(headers['retry-after'] ?? null) };
}
