import http from 'node:http';
import https from 'node:https';
import { OvnError } from '../../errors.ts';
import { type Asked, askOnce, type HomeAnswer, type HomeQuestion, type Send } from './ask-once.ts';
import { authorizationOf, CREDENTIALS_HINT, secretForms } from './authorization.ts';
import { type HomeConfig, type HomeLimits, type HomeSecrets, MAX_DETAIL } from './home.ts';
import { backOff, pauseFor } from './patient-fetch.ts';

const MAX_HEADER = 16 * 1024;

/** Characters of a text that are looked at. */
const MAX_QUOTED = 16 * 1024;

/** Questions at once; more wait. */
const CONNECTIONS = 6;

/** It asks for patience, or what stands before it does. */
const BUSY = [429, 502, 503, 504];

export type { HomeAnswer, HomeQuestion } from './ask-once.ts';

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
      hint: CREDENTIALS_HINT,
    });
  if (status >= 300 && status < 400)
    return new OvnError('refused', `it sends elsewhere (status ${status}): name the place itself`);
  return undefined;
}
