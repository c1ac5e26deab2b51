import { type ErrorCode, OvnError } from '../../errors.ts';
import {
  type GatewayEffects,
  type GatewayRequest,
  type GatewayResponse,
  Refusal,
  type RequestHeaders,
} from './messages.ts';
import { OWN_PAGE_POLICY, renderPage, renderSentence } from './own-page.ts';

const MISSING: readonly ErrorCode[] = ['not-found', 'not-held', 'incomplete'];
const UNREADABLE: readonly ErrorCode[] = ['malformed', 'limit', 'damaged'];

/** What may not be given out, and why (IPIP-0383). */
const REFUSED: Partial<Record<ErrorCode, number>> = { withheld: 410, denied: 451 };

const TITLES: Record<number, string> = {
  400: 'Bad request',
  403: 'Forbidden',
  404: 'Not found',
  405: 'Method not allowed',
  406: 'Not acceptable',
  409: 'Conflict',
  410: 'Gone',
  412: 'Not held',
  413: 'Too large',
  415: 'Unsupported media type',
  416: 'Range not satisfiable',
  451: 'Unavailable for legal reasons',
  500: 'Internal error',
  501: 'Not implemented',
  502: 'Bad gateway',
  503: 'Too many requests at once',
  504: 'Took too long',
};

/** One sentence for whoever asked. What went wrong inside is for whoever runs this, and for nobody else. */
export function explain(
  error: unknown,
  { signal, headers }: Pick<GatewayRequest, 'signal' | 'headers'>,
  { onDefect }: Pick<GatewayEffects, 'onDefect'>,
): GatewayResponse {
  if (error instanceof Refusal) return tell(error.status, error.message, error.headers);
  if (error instanceof OvnError) {
    if (isMissing(error)) return tell(statusOfMissing(headers), `Not all of it is here: ${error.message}.`);
    const refused = REFUSED[error.code];
    if (refused !== undefined) return tell(refused, `It is not served: ${error.message}.`);
    if (UNREADABLE.includes(error.code)) return tell(500, `It cannot be shown: ${error.message}.`);
  }
  if (error instanceof Error && error.name === 'TimeoutError') return tell(504, 'It took too long to find.');
  if (!signal.aborted) onDefect?.(error);
  return tell(500, 'It cannot be shown: something went wrong where it is kept.');
}

/** Whether something that ought to be somewhere is not here. */
export function isMissing(error: unknown): boolean {
  return error instanceof OvnError && MISSING.includes(error.code);
}

/** 412 for a client that would rather have nothing than wait (Path Gateway Specification, `only-if-cached`). */
export function statusOfMissing(headers: RequestHeaders): number {
  return headers['cache-control']?.includes('only-if-cached') ? 412 : 404;
}

/** A page with one sentence. */
export function tell(status: number, message: string, headers: Record<string, string> = {}): GatewayResponse {
  return showPage(status, { title: TITLES[status] ?? 'Error', main: renderSentence(message) }, headers);
}

/** A page of the gateway's own, from a title in plain text and HTML. */
export function showPage(
  status: number,
  { title, main }: { title: string; main: string },
  headers: Record<string, string> = {},
): GatewayResponse {
  return {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': OWN_PAGE_POLICY,
      'cache-control': 'no-store',
      ...headers,
    },
    body: Buffer.from(renderPage(title, main)),
  };
}
