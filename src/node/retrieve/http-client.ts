import http, { type IncomingHttpHeaders } from 'node:http';
import https from 'node:https';
import type { LookupFunction } from 'node:net';
import { OvnError } from '../../errors.ts';
import { explainHttp } from './http-error.ts';
import { readBody } from './read-body.ts';
import { followable } from './redirect.ts';

/** How long another side may take, in milliseconds, and how much it may say, in bytes. */
export interface HttpLimits {
  /** From the request to the end of the header, connecting included. */
  answer: number;
  /** Waited for more of a body. */
  stall: number;
  header: number;
  /** Connections at once. */
  connections: number;
}

export const HTTP_LIMITS: Readonly<HttpLimits> = {
  answer: 15_000,
  stall: 15_000,
  header: 16 * 1024,
  connections: 32,
};

const MAX_REDIRECTS = 3;

/** Answers with a status below 200 before the one that counts. */
const MAX_INTERIM = 8;

/** An answer whose body is not read yet: it has to be read or closed. */
export interface HttpAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  /** @throws OvnError `io` when it breaks off or stalls */
  body: AsyncIterable<Uint8Array>;
  close(): void;
}

export interface HttpRequest {
  /** Media types. */
  accept: string;
  signal: AbortSignal;
}

/** Asks by GET over connections that are kept; bytes come as they are sent, because nothing compressed is asked for or taken. */
export interface HttpClient {
  /** @throws OvnError `io` when it cannot be reached or does not answer in time, `malformed` for what is no HTTP, `refused` */
  get(url: URL, request: HttpRequest): Promise<HttpAnswer>;
  close(): void;
}

/** @param lookup finds the addresses of a host, and may refuse them; the system's when absent. */
export function openHttp(limits: HttpLimits = HTTP_LIMITS, lookup?: LookupFunction): HttpClient {
  const own = lookup === undefined ? {} : { lookup };
  const options = { keepAlive: true, maxSockets: limits.connections, ...own };
  const agents = { http: new http.Agent(options), https: new https.Agent(options) };
  const ask = (url: URL, request: HttpRequest): Promise<HttpAnswer> => {
    const isSecure = url.protocol === 'https:';
    const agent = isSecure ? agents.https : agents.http;
    return askOnce(isSecure ? https.request : http.request, url, request, agent, limits);
  };
  return {
    get: (url, request) => askFollowing(url, request, ask),
    close() {
      agents.http.destroy();
      agents.https.destroy();
    },
  };
}

async function askFollowing(
  first: URL,
  request: HttpRequest,
  ask: (url: URL, request: HttpRequest) => Promise<HttpAnswer>,
): Promise<HttpAnswer> {
  let url = first;
  for (let steps = 0; steps <= MAX_REDIRECTS; steps++) {
    const answer = await ask(url, request);
    if (![301, 302, 303, 307, 308].includes(answer.status)) return requirePlain(answer);
    answer.close();
    url = followable(first, url, answer.headers.location);
  }
  throw new OvnError('refused', `it redirects more than ${MAX_REDIRECTS} times`);
}

/** What is not asked for is not unpacked either: a few bytes may become any number. */
function requirePlain(answer: HttpAnswer): HttpAnswer {
  const encoding = answer.headers['content-encoding'] ?? 'identity';
  if (encoding === 'identity') return answer;
  answer.close();
  throw new OvnError('refused', 'it sends a compressed body, which was not asked for');
}

function askOnce(
  send: typeof http.request,
  url: URL,
  { accept, signal }: HttpRequest,
  agent: http.Agent,
  limits: HttpLimits,
): Promise<HttpAnswer> {
  signal.throwIfAborted();
  const { promise, resolve, reject } = Promise.withResolvers<HttpAnswer>();
  const headers = { accept, 'accept-encoding': 'identity', 'user-agent': 'openvoicenews' };
  const sent = send(url, { agent, headers, maxHeaderSize: limits.header });
  let failure: OvnError | undefined;
  const fail = (why: string): void => {
    failure ??= new OvnError('io', why);
    sent.destroy();
  };
  const timer = setTimeout(() => fail(`no answer in ${limits.answer / 1000} s`), limits.answer);
  let interim = 0;
  sent.on('information', () => {
    if (++interim > MAX_INTERIM) fail('it sends interim answers without end');
  });
  // Without an error: who gets it is the socket, which may be another request's by then, or nobody's.
  const abort = (): void => void sent.destroy();
  signal.addEventListener('abort', abort, { once: true });
  sent.on('close', () => signal.removeEventListener('abort', abort));
  sent.on('response', (response) => {
    clearTimeout(timer);
    response.on('error', () => undefined);
    resolve({
      status: response.statusCode ?? 0,
      headers: response.headers,
      body: readBody(response, limits.stall, signal),
      close: () => void response.destroy(),
    });
  });
  sent.on('error', (error) => {
    clearTimeout(timer);
    reject(signal.aborted ? signal.reason : (failure ?? explainHttp(error)));
  });
  sent.end();
  return promise;
}
