import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import { setTimeout as pause } from 'node:timers/promises';
import { OvnError } from '../../errors.ts';
import { explainHttp } from '../retrieve/http-error.ts';
import { readBody } from '../retrieve/read-body.ts';
import { authorizationOf, secretForms } from './authorization.ts';
import { type HomeConfig, type HomeLimits, type HomeSecrets, MAX_DETAIL } from './home.ts';
import { backOff, pauseFor, retryAfter } from './patient-fetch.ts';
import { sendBody } from './send-body.ts';

const MAX_HEADER = 16 * 1024;

/** Characters of a text that are looked at. */
const MAX_QUOTED = 16 * 1024;

/** Questions at once; more wait. */
const CONNECTIONS = 6;

/** It asks for patience, or what stands before it does. */
const BUSY = [429, 502, 503, 504];

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

/** Asks one home over connections that are kept. Redirects are not followed and nothing compressed is taken: the credentials are for one place. */
export interface HomeClient {
  /**
   * @throws {OvnError} `io` when it cannot be reached or does not answer in time, `key` where it refuses the credentials, `busy` where it
   * asks for more patience than the limits give, `refused` where it sends elsewhere, `malformed`; the error of the body that was to be sent
   */
  ask(question: HomeQuestion): Promise<HomeAnswer>;
  /** What it said, fit to be shown: without the credentials, should it repeat them, without control characters, and not long. */
  quote(text: string): string;
  close(): void;
}

/** @throws {OvnError} `key` for credentials that no header can hold */
export function openHomeClient(config: HomeConfig, secrets: HomeSecrets, limits: HomeLimits): HomeClient {
  const base = new URL(config.url);
  if (!base.pathname.endsWith('/')) base.pathname += '/';
  const { token } = secrets;
  const authorization = token === undefined ? {} : { authorization: authorizationOf(token) };
  const hidden = token === undefined ? [] : secretForms(token);
  const { Agent, request } = base.protocol === 'https:' ? https : http;
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const send: Send = (question) => {
    const url = new URL(question.path, base);
    url.search = new URLSearchParams(question.query).toString();
    const headers = {
      accept: '*/*',
      'accept-encoding': 'identity',
      'user-agent': 'openvoicenews',
      ...authorization,
      ...question.headers,
    };
    return request(url, { agent, method: question.method, headers, maxHeaderSize: MAX_HEADER });
  };
  return {
    ask: (question) => askPatiently(() => askOnce(send, question, limits), question.signal, limits),
    quote: (text) => quote(hidden.reduce((said, form) => said.replaceAll(form, '…'), text)),
    close: () => agent.destroy(),
  };
}

type Send = (question: HomeQuestion) => http.ClientRequest;

async function askPatiently(
  ask: () => Promise<Asked>,
  signal: AbortSignal,
  limits: HomeLimits,
): Promise<HomeAnswer> {
  for (let tried = 1; ; tried++) {
    const { answer, after } = await ask();
    if (!BUSY.includes(answer.status)) return requireAnswer(answer);
    answer.close();
    const wait = Math.max(after, backOff(tried, limits));
    if (tried >= limits.tries || wait > limits.maxPause)
      throw new OvnError('busy', `it answers with status ${answer.status}, also after ${times(tried)}`);
    await pauseFor(wait, signal);
  }
}

/** What another side says, fit to be shown. A long text keeps its end, which is where Go says the reason. */
export function quote(text: string): string {
  const said = text
    .slice(0, MAX_QUOTED)
    .replaceAll(/[\p{C}\s]+/gu, ' ')
    .trim();
  if (said.length <= MAX_DETAIL) return said;
  const half = MAX_DETAIL / 2 - 2;
  return `${said.slice(0, half)} … ${said.slice(-half)}`;
}

const times = (count: number): string => (count === 1 ? 'one try' : `${count} tries`);

function requireAnswer(answer: HomeAnswer): HomeAnswer {
  const problem = problemOf(answer.status);
  if (problem === undefined) return answer;
  answer.close();
  throw problem;
}

function problemOf(status: number): OvnError | undefined {
  if (status === 401 || status === 403)
    return new OvnError('key', `it refuses the credentials (status ${status})`, {
      hint: 'See what `ovn remote add` says of --token-env, --token-file and the keyring.',
    });
  if (status >= 300 && status < 400)
    return new OvnError('refused', `it sends elsewhere (status ${status}): name the place itself`);
  return undefined;
}

interface Asked {
  answer: HomeAnswer;
  /** When to ask again (`Retry-After`), in ms from now. */
  after: number;
}

async function askOnce(send: Send, question: HomeQuestion, limits: HomeLimits): Promise<Asked> {
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
    return toAnswer(await promise, limits, signal);
  } finally {
    waits.abort();
  }
}

function toAnswer(response: IncomingMessage, limits: HomeLimits, signal: AbortSignal): Asked {
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
